// Package net is the Go half of node:net: streams and listeners of internal/handle as JavaScript sees them, by number.
//
// Everything runs on the isolate's thread. Natives give negative errnos where JavaScript makes the error, since it knows the address.
package net

import (
	"net/netip"
	"strings"
	"syscall"
	"time"

	"roost/internal/binding"
	"roost/internal/handle"
	"roost/internal/sys"
)

// Module is the net builtin.
var Module = binding.Module{Name: "net", Natives: binding.Natives{
	"streamNew": streamNew, "streamOpen": streamOpen, "streamAdopt": streamAdopt, "connectTcp": connectTCP, "connectPipe": connectPipe,
	"bind": bind, "readStart": readStart, "readStop": readStop, "write": write, "shutdown": shutdown, "close": closeStream, "reset": reset,
	"setNoDelay": setNoDelay, "setKeepAlive": setKeepAlive, "ref": ref, "hasRef": hasRef, "localAddress": localAddress,
	"remoteAddress": remoteAddress, "counts": counts, "idle": idle, "lastActive": lastActive, "fd": fd, "queued": queued,
	"bindTcp": bindTCP, "bindPipe": bindPipe, "bindFd": bindFD, "listen": listen, "listenerOptions": listenerOptions,
	"listenerFed": listenerFed, "feed": feed, "adoptDescriptor": adoptDescriptor,
	"isIP": isIP, "parseAddress": parseAddress, "compareAddresses": compareAddresses,
	"blockListNew": blockListNew, "blockListAdd": blockListAdd, "blockListCheck": blockListCheck, "blockListRules": blockListRules,
}}

// Events of a stream or a listener, as internal:net reads them.
const (
	eventRead = iota + 1
	eventEnd
	eventReadError
	eventDrain
	eventConnect
	eventShutdown
	eventClose
	eventConnection
)

func reactor(env *binding.Env) *handle.Reactor {
	return env.State(handle.Key{}, func() any { return handle.NewReactor(env.Loop) }).(*handle.Reactor)
}

// socket gives what happens on a stream to the JavaScript object with its number.
type socket struct {
	env    *binding.Env
	stream *handle.Stream
}

func (s *socket) Connected(err syscall.Errno) { s.emit(eventConnect, errno(err)) }
func (s *socket) Data(b []byte) {
	s.stream.Admit()
	s.env.EmitBytes(s.stream.ID, eventRead, b)
	s.stream.Dismiss()
}
func (s *socket) EOF()                        { s.emit(eventEnd) }
func (s *socket) ReadError(err syscall.Errno) { s.emit(eventReadError, errno(err)) }
func (s *socket) Drained(err syscall.Errno)   { s.emit(eventDrain, errno(err)) }
func (s *socket) ShutDown(err syscall.Errno)  { s.emit(eventShutdown, errno(err)) }

func (s *socket) emit(event int, args ...binding.Result) { s.env.Emit(s.stream.ID, event, args...) }

// errno is an error number as JavaScript has it: negative, 0 for none.
func errno(e syscall.Errno) binding.Result {
	if e == 0 {
		return binding.Int(0)
	}
	return binding.Int(sys.ErrnoNumber(e))
}

func errnoOf(err error) binding.Result {
	if err == nil {
		return binding.Int(0)
	}
	if e, ok := sys.ErrnoOf(err); ok {
		return errno(e)
	}
	return errno(syscall.EINVAL)
}

// adopt makes JavaScript the owner of a stream and gives it its number.
func adopt(env *binding.Env, s *handle.Stream) int {
	s.SetSink(&socket{env, s})
	reactor(env).SetOutbox(env.Isolate.Outbox())
	if s.ID == 0 {
		s.ID = env.Adopt(s)
		s.OnClose(func() {
			env.Emit(s.ID, eventClose)
			env.Drop(s.ID)
		})
	}
	return s.ID
}

func stream(c *binding.Call) *handle.Stream {
	s, _ := c.Env().Handle(c.Int(0)).(*handle.Stream)
	return s
}

func bad(c *binding.Call) { c.Return(errno(syscall.EBADF)) }

// streamNew() → id of a stream without a descriptor
func streamNew(c *binding.Call) {
	c.Return(binding.Int(adopt(c.Env(), reactor(c.Env()).NewStream(nil))))
}

// streamOpen(fd) → id | -errno
func streamOpen(c *binding.Call) {
	s := reactor(c.Env()).NewStream(nil)
	if err := s.Open(c.Int(0)); err != nil {
		c.Return(errnoOf(err))
		return
	}
	c.Return(binding.Int(adopt(c.Env(), s)))
}

// streamAdopt(id): from now on events of a stream that another builtin had go to net
func streamAdopt(c *binding.Call) {
	if s := stream(c); s != nil && !s.Closing() {
		s.SetReading(false)
		s.SetWatching(false)
		adopt(c.Env(), s)
	}
}

// connectTcp(id, address, port) → 0 | -errno
func connectTCP(c *binding.Call) {
	s := stream(c)
	if s == nil {
		bad(c)
		return
	}
	a, err := netip.ParseAddr(c.String(1))
	if err != nil {
		c.Return(errno(syscall.EINVAL))
		return
	}
	c.Return(errnoOf(s.Connect(netip.AddrPortFrom(a, uint16(c.Int(2))))))
}

// connectPipe(id, path) → 0 | -errno
func connectPipe(c *binding.Call) {
	if s := stream(c); s != nil {
		c.Return(errnoOf(s.ConnectUnix(c.String(1))))
		return
	}
	bad(c)
}

// bind(id, address, port) → 0 | -errno
func bind(c *binding.Call) {
	s := stream(c)
	a, err := netip.ParseAddr(c.String(1))
	if s == nil || err != nil {
		c.Return(errno(syscall.EINVAL))
		return
	}
	c.Return(errnoOf(s.Bind(netip.AddrPortFrom(a, uint16(c.Int(2))))))
}

func readStart(c *binding.Call) {
	if s := stream(c); s != nil {
		s.SetReading(true)
		return
	}
	bad(c)
}

func readStop(c *binding.Call) {
	if s := stream(c); s != nil {
		s.SetReading(false)
	}
}

// write(id, ...chunks: string in UTF-8 | bytes) → bytes that wait | -errno
func write(c *binding.Call) {
	s := stream(c)
	if s == nil {
		bad(c)
		return
	}
	var few [4][]byte // more is rare
	bufs := few[:0]
	for k := 1; k < c.Len(); k++ {
		if c.IsBytes(k) {
			bufs = append(bufs, c.Bytes(k))
		} else {
			bufs = append(bufs, []byte(c.String(k)))
		}
	}
	queued, err := s.Write(bufs...)
	if err != 0 {
		c.Return(errno(err))
		return
	}
	c.Return(binding.Int(queued))
}

func shutdown(c *binding.Call) {
	if s := stream(c); s != nil {
		c.Return(errno(s.Shutdown()))
		return
	}
	bad(c)
}

// close(id): of a stream or a listener; the close event follows
func closeStream(c *binding.Call) {
	env := c.Env()
	switch h := env.Handle(c.Int(0)).(type) {
	case *handle.Stream:
		h.Close(nil)
	case *handle.Listener:
		id := h.ID
		h.Close(func() {
			env.Emit(id, eventClose)
			env.Drop(id)
		})
	}
}

func reset(c *binding.Call) {
	if s := stream(c); s != nil {
		c.Return(errno(s.Reset(nil)))
		return
	}
	bad(c)
}

func setNoDelay(c *binding.Call) {
	if s := stream(c); s != nil && s.FD() >= 0 {
		c.Return(errnoOf(sys.SetNoDelay(s.FD(), c.Bool(1))))
		return
	}
	bad(c)
}

// setKeepAlive(id, on, seconds)
func setKeepAlive(c *binding.Call) {
	if s := stream(c); s != nil && s.FD() >= 0 {
		c.Return(errnoOf(sys.SetKeepAlive(s.FD(), c.Bool(1), c.Int(2), 1, 10)))
		return
	}
	bad(c)
}

func ref(c *binding.Call) {
	switch h := c.Env().Handle(c.Int(0)).(type) {
	case *handle.Stream:
		h.SetRef(c.Bool(1))
	case *handle.Listener:
		h.SetRef(c.Bool(1))
	}
}

func hasRef(c *binding.Call) {
	switch h := c.Env().Handle(c.Int(0)).(type) {
	case *handle.Stream:
		c.Return(binding.Bool(h.HasRef()))
	case *handle.Listener:
		c.Return(binding.Bool(h.HasRef()))
	default:
		c.Return(binding.False)
	}
}

// localAddress(id) → [address, family, port] | path | -errno, of a stream or a listener
func localAddress(c *binding.Call) {
	fd := -1
	switch h := c.Env().Handle(c.Int(0)).(type) {
	case *handle.Stream:
		fd = h.FD()
	case *handle.Listener:
		fd = h.FD()
	}
	if fd < 0 {
		bad(c)
		return
	}
	a, err := sys.LocalAddr(fd)
	if err == nil && !a.IsValid() {
		path, _ := sys.LocalPath(fd)
		if strings.HasPrefix(path, "@") {
			path = "\x00" + path[1:]
		}
		c.Return(binding.String(path))
		return
	}
	returnAddress(c, a, err)
}

// remoteAddress(id) → [address, family, port] | -errno
func remoteAddress(c *binding.Call) {
	s := stream(c)
	if s == nil || s.FD() < 0 {
		bad(c)
		return
	}
	a, err := sys.PeerAddr(s.FD())
	returnAddress(c, a, err)
}

func returnAddress(c *binding.Call, a netip.AddrPort, err error) {
	if err != nil {
		c.Return(errnoOf(err))
		return
	}
	if !a.IsValid() {
		c.Return(errno(syscall.EINVAL))
		return
	}
	family := "IPv4"
	if !a.Addr().Is4() {
		family = "IPv6"
	}
	c.Return(binding.List(binding.String(a.Addr().String()), binding.String(family), binding.Int(a.Port())))
}

// counts(id) → [bytesRead, bytesWritten, queued]
func counts(c *binding.Call) {
	if s := stream(c); s != nil {
		s.Dismiss()
		c.Return(binding.List(binding.Int(s.BytesRead), binding.Int(s.BytesWritten), binding.Int(s.Queued())))
	}
}

// idle(id) → milliseconds without traffic
func idle(c *binding.Call) {
	if s := stream(c); s != nil {
		c.Return(binding.Number(float64(s.Idle()) / float64(time.Millisecond)))
		return
	}
	c.Return(binding.Int(0))
}

// lastActive(id) → loop time in milliseconds of the last traffic
func lastActive(c *binding.Call) {
	if s := stream(c); s != nil {
		c.Return(binding.Number(float64(s.LastActive) / float64(time.Millisecond)))
		return
	}
	c.Return(binding.Int(0))
}

func queued(c *binding.Call) {
	if s := stream(c); s != nil {
		c.Return(binding.Int(s.Queued()))
		return
	}
	c.Return(binding.Int(0))
}

func fd(c *binding.Call) {
	switch h := c.Env().Handle(c.Int(0)).(type) {
	case *handle.Stream:
		c.Return(binding.Int(h.FD()))
	case *handle.Listener:
		c.Return(binding.Int(h.FD()))
	default:
		c.Return(binding.Int(-1))
	}
}

// adoptListener gives a listener its number.
func adoptListener(env *binding.Env, l *handle.Listener) int {
	l.ID = env.Adopt(l)
	return l.ID
}

func returnListener(c *binding.Call, l *handle.Listener, err error) {
	if err != nil {
		c.Return(errnoOf(err))
		return
	}
	c.Return(binding.Int(adoptListener(c.Env(), l)))
}

// toJavaScript gives the connections of a listener to the JavaScript object with its number.
func toJavaScript(env *binding.Env, l *handle.Listener) func(*handle.Stream) {
	return func(s *handle.Stream) { env.Emit(l.ID, eventConnection, binding.Int(adopt(env, s))) }
}

// bindTcp(address, port, flags: 1 IPv6 only, 2 reuse port) → id of a listener that doesn't listen yet | -errno
func bindTCP(c *binding.Call) {
	a, err := netip.ParseAddr(c.String(0))
	if err != nil {
		c.Return(errno(syscall.EINVAL))
		return
	}
	flags := c.Int(2)
	l, err := reactor(c.Env()).BindTCP(netip.AddrPortFrom(a, uint16(c.Int(1))), handle.ListenOptions{V6Only: flags&1 != 0, ReusePort: flags&2 != 0})
	returnListener(c, l, err)
}

// bindPipe(path, mode) → id of a listener that doesn't listen yet | -errno
func bindPipe(c *binding.Call) {
	l, err := reactor(c.Env()).BindUnix(c.String(0), c.Uint32(1))
	returnListener(c, l, err)
}

// bindFd(fd) → id of a listener over a socket of the program's | -errno
func bindFD(c *binding.Call) {
	l, err := reactor(c.Env()).Inherit(c.Int(0))
	returnListener(c, l, err)
}

// listen(id, backlog) → 0 | -errno; eventConnection follows for every connection
func listen(c *binding.Call) {
	l, _ := c.Env().Handle(c.Int(0)).(*handle.Listener)
	if l == nil {
		bad(c)
		return
	}
	c.Return(errnoOf(l.Listen(c.Int(1), toJavaScript(c.Env(), l))))
}

// listenerFed() → id of a listener without a socket
func listenerFed(c *binding.Call) {
	l := reactor(c.Env()).NewFed()
	l.SetAccept(toJavaScript(c.Env(), l))
	c.Return(binding.Int(adoptListener(c.Env(), l)))
}

// feed(id, fd): the listener gets a connection, in the next pending phase. The descriptor is gone either way.
func feed(c *binding.Call) {
	fd := c.Int(1)
	l, _ := c.Env().Handle(c.Int(0)).(*handle.Listener)
	if l == nil {
		_ = sys.Close(fd)
		return
	}
	c.Env().Loop.Pending(func() { _ = l.Feed(fd) })
}

// adoptDescriptor(fd, what: "stream", "listener" or "" for what it looks like) → [id, what async_hooks calls it] of a stream or a listener
// over a socket that another process gave | -errno
func adoptDescriptor(c *binding.Call) {
	fd, env := c.Int(0), c.Env()
	_, err := sys.LocalPath(fd)
	name := "TCP"
	if err == nil {
		name = "PIPE"
	}
	if what := c.String(1); what == "stream" || what == "" && sys.Connected(fd) {
		s := reactor(env).NewStream(nil)
		if err := s.Open(fd); err != nil {
			_ = sys.Close(fd)
			c.Return(errnoOf(err))
			return
		}
		c.Return(binding.List(binding.Int(adopt(env, s)), binding.String(name+"WRAP")))
		return
	}
	l, err := reactor(env).Inherit(fd)
	if err != nil {
		_ = sys.Close(fd)
		c.Return(errnoOf(err))
		return
	}
	c.Return(binding.List(binding.Int(adoptListener(env, l)), binding.String(name+"SERVERWRAP")))
}

// listenerOptions(id, noDelay, keepAliveSeconds)
func listenerOptions(c *binding.Call) {
	if l, ok := c.Env().Handle(c.Int(0)).(*handle.Listener); ok {
		l.NoDelay, l.KeepAlive = c.Bool(1), c.Int(2)
	}
}
