package handle

import (
	"errors"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/loop"
	"roost/internal/sys"
)

// Sink receives what happens on a stream. Every method may run user code and may close the stream.
type Sink interface {
	// Connected ends a connect.
	Connected(err syscall.Errno)
	// Data gives bytes that were read; they are borrowed until it returns.
	Data(b []byte)
	// EOF says that the peer has ended its side.
	EOF()
	// ReadError says that reading failed. The stream doesn't read any more; it must still be closed.
	ReadError(err syscall.Errno)
	// Drained says that everything queued was written (0), or that writing failed.
	Drained(err syscall.Errno)
	// ShutDown ends a Shutdown.
	ShutDown(err syscall.Errno)
}

// Stream is one connection, or another descriptor that is read and written in order.
type Stream struct {
	r    *Reactor
	fd   int // -1: none yet, or closed
	poll *loop.Poll
	sink Sink

	ID int // by which JavaScript knows it; the owner's

	BytesRead    uint64
	BytesWritten uint64        // handed to the kernel, or held for it
	LastActive   time.Duration // loop time of the last successful read or write

	crew       *crew  // to whose instances its messages may go, one by one; nil: it stays here
	looks      uint8  // at a message that has come in part
	plain      bool   // no socket: a pipe, or a terminal
	out        []byte // not yet written, from outAt; while held under the holder's lock
	outAt      int
	prompt     bool // nothing is held
	held       bool // out waits for the end of the batch
	heldAt     int  // the place in holder.streams
	heldErr    syscall.Errno
	reading    bool
	watching   bool // want to hear of the peer's end while not reading
	connecting bool
	connected  bool
	counted    bool          // by its listener, as an open connection
	opened     time.Duration // loop time, of one that is counted
	shutting   bool          // shut the writing side down once out is written
	ended      bool          // the writing side was shut down
	eof        bool
	closing    bool
	unrefed    bool
	closeSoon  bool // close once out is written
	onClose    func()
	writeErr   syscall.Errno
}

// NewStream makes a stream without a descriptor: Connect or Open gives it one.
func (r *Reactor) NewStream(sink Sink) *Stream {
	return &Stream{r: r, fd: -1, sink: sink, LastActive: r.Loop.Now()}
}

// SetSink gives the stream to another owner.
func (s *Stream) SetSink(sink Sink) { s.sink = sink }

// Sink is the stream's owner: who takes the stream over for a while gives it back.
func (s *Stream) Sink() Sink { return s.sink }

// FD is the descriptor; -1 if there is none. Nothing is held back from who asks for it.
func (s *Stream) FD() int {
	s.Release()
	return s.fd
}

// Closing tells whether Close was called.
func (s *Stream) Closing() bool { return s.closing }

// Queued is how many bytes wait until the kernel takes them.
func (s *Stream) Queued() int {
	if s.held {
		return 0
	}
	return len(s.out) - s.outAt
}

// EOFSeen tells whether the peer has ended its side.
func (s *Stream) EOFSeen() bool { return s.eof }

// Idle is how long nothing was read or written.
func (s *Stream) Idle() time.Duration { return s.r.Loop.Now() - s.LastActive }

// Open takes over a descriptor that is connected. It becomes non-blocking.
func (s *Stream) Open(fd int) error {
	if s.fd >= 0 || s.closing {
		return syscall.EBADF
	}
	if err := sys.SetNonblock(fd, true); err != nil {
		return err
	}
	if err := s.attach(fd); err != nil {
		return err
	}
	s.connected = true
	return nil
}

func (s *Stream) attach(fd int) error {
	poll, err := s.r.Loop.NewPoll(fd, s.ready)
	if err != nil {
		if errno, ok := sys.ErrnoOf(err); ok {
			return errno
		}
		return err
	}
	poll.SetKind("TCPSocketWrap")
	s.fd, s.poll = fd, poll
	if s.unrefed {
		poll.Unref()
	}
	return nil
}

// Bind gives a stream that isn't connected a local address.
func (s *Stream) Bind(a netip.AddrPort) error {
	if err := s.socket(sys.Family(a.Addr())); err != nil {
		return err
	}
	_ = sys.SetReuseAddr(s.fd, true)
	return sys.Bind(s.fd, a)
}

func (s *Stream) socket(family int) error {
	if s.closing {
		return syscall.EBADF
	}
	if s.fd >= 0 {
		return nil
	}
	fd, err := sys.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	if err = s.attach(fd); err != nil {
		_ = sys.Close(fd)
	} else if family != unix.AF_UNIX {
		s.isTCP()
	}
	return err
}

// isTCP makes the loop tell once of what has come: what a read of TCP leaves is known (loop.Drain). A Unix socket's or a pipe's may leave more.
func (s *Stream) isTCP() { s.poll.SetTrigger(loop.Edge) }

// Connect starts a TCP connection; Sink.Connected reports its end.
func (s *Stream) Connect(a netip.AddrPort) error {
	if err := s.socket(sys.Family(a.Addr())); err != nil {
		return err
	}
	return s.connect(sys.Connect(s.fd, a))
}

// ConnectUnix starts a connection to a path.
func (s *Stream) ConnectUnix(path string) error {
	if err := s.socket(unix.AF_UNIX); err != nil {
		return err
	}
	s.poll.SetKind("PipeWrap")
	return s.connect(sys.ConnectUnix(s.fd, path))
}

func (s *Stream) connect(err error) error {
	errno, _ := sys.ErrnoOf(err)
	if err != nil && !errors.Is(err, syscall.EINPROGRESS) {
		if errno == 0 {
			return err
		}
		if errno != syscall.ECONNREFUSED && errno != syscall.ENOENT && errno != syscall.ENETUNREACH && errno != syscall.EHOSTUNREACH {
			return errno
		}
		// Errors that depend on the other side come later, as if they had come from the network.
	} else if err == nil {
		errno = 0
	}
	s.connecting = true
	if errno == syscall.EINPROGRESS {
		return s.poll.Set(loop.Writable)
	}
	s.r.Loop.Pending(func() {
		if s.connecting && !s.closing {
			s.finishConnect(errno)
		}
	})
	return nil
}

func (s *Stream) finishConnect(errno syscall.Errno) {
	s.connecting = false
	s.connected = errno == 0
	s.LastActive = s.r.Loop.Now()
	s.update()
	s.sink.Connected(errno)
}

// SetReading starts or stops reading.
func (s *Stream) SetReading(on bool) {
	if s.reading != on {
		s.reading = on
		s.update()
	}
}

// Reading tells whether the stream reads.
func (s *Stream) Reading() bool { return s.reading }

// SetWatching makes a stream that doesn't read report the peer's end, and errors, all the same.
func (s *Stream) SetWatching(on bool) {
	if s.watching != on {
		s.watching = on
		s.update()
	}
}

// update tells the poller what the stream waits for.
func (s *Stream) update() {
	if s.closing || s.poll == nil {
		return
	}
	var want loop.Events
	switch {
	case s.connecting:
		want = loop.Writable
	case s.connected:
		if !s.eof {
			if s.reading {
				want |= loop.Readable
			} else if s.watching {
				want |= loop.Disconnect
			}
		}
		if s.Queued() > 0 {
			want |= loop.Writable
		}
	}
	_ = s.poll.Set(want)
}

func (s *Stream) ready(ev loop.Events) {
	if ev&loop.Failed != 0 {
		errno, ok := sys.ErrnoOf(s.poll.Err())
		if !ok {
			errno = syscall.EBADF
		}
		if s.connecting {
			s.finishConnect(errno)
		} else {
			s.readFailed(errno)
		}
		return
	}
	if s.connecting {
		s.finishConnect(sys.SocketError(s.fd))
		return
	}
	if ev&loop.Writable != 0 {
		s.flush()
		if s.closing {
			return
		}
	}
	if ev&loop.Readable != 0 && s.reading {
		if s.crew != nil && s.crew.moves(s) {
			s.left()
			return
		}
		s.read(ev&loop.Drain != 0)
		return
	}
	if ev&loop.Readable != 0 { // what was written has stopped it just now
		s.left()
	}
	if ev&loop.Disconnect != 0 && !s.reading && s.watching && !s.eof {
		s.watching = false
		if errno := sys.SocketError(s.fd); errno != 0 {
			s.readFailed(errno)
			return
		}
		s.update()
		s.sink.EOF()
	}
}

// readsPerEvent bounds how long one busy connection may keep the others waiting.
const readsPerEvent = 8

func (s *Stream) read(drain bool) {
	for range readsPerEvent {
		n, errno := s.receive(s.r.buf)
		switch {
		case errno == syscall.EAGAIN:
			return
		case errno == syscall.EIO: // a terminal whose other side is gone
			n = 0
		case errno != 0:
			s.readFailed(errno)
			return
		}
		if n == 0 {
			s.eof = true
			s.update()
			s.sink.EOF()
			return
		}
		s.BytesRead += uint64(n)
		s.LastActive = s.r.Loop.Now()
		s.sink.Data(s.r.buf[:n])
		if n < len(s.r.buf) && !drain || s.closing {
			return
		}
		if !s.reading {
			break
		}
	}
	s.left()
}

// left says that something may be there that nobody has read.
func (s *Stream) left() {
	if !s.closing {
		s.poll.Again()
	}
}

// receive reads from the descriptor. Most are sockets; the others are found out at their first call.
func (s *Stream) receive(p []byte) (int, syscall.Errno) {
	if !s.plain {
		n, errno := sys.Recv(s.fd, p)
		if errno != syscall.ENOTSOCK {
			return n, errno
		}
		s.plain = true
	}
	return sys.Read(s.fd, p)
}

// send writes to the descriptor, as receive reads.
func (s *Stream) send(p []byte) (int, syscall.Errno) {
	if !s.plain {
		n, errno := sys.Send(s.fd, p)
		if errno != syscall.ENOTSOCK {
			return n, errno
		}
		s.plain = true
	}
	return sys.Write(s.fd, p)
}

// joinedBelow is up to which size several buffers are copied into one: send is cheaper than writev, and a copy than what writev does.
const joinedBelow = 4 << 10

func (s *Stream) sendAll(bufs [][]byte) (int, syscall.Errno) {
	if len(bufs) == 1 {
		return s.send(bufs[0])
	}
	size := 0
	for _, b := range bufs {
		size += len(b)
	}
	if s.plain || size > joinedBelow {
		return sys.Writev(s.fd, bufs)
	}
	joined := s.r.joined[:0]
	for _, b := range bufs {
		joined = append(joined, b...)
	}
	s.r.joined = joined
	return s.send(joined)
}

func (s *Stream) readFailed(errno syscall.Errno) {
	s.Release() // so that the next write tells
	s.reading, s.watching = false, false
	s.eof = true
	s.update()
	s.sink.ReadError(errno)
}

// Write writes the buffers, in order, at once; what the kernel doesn't take is copied and written later, and Drained reports it.
// queued is how many bytes wait. The buffers are the caller's again when it returns.
func (s *Stream) Write(bufs ...[]byte) (queued int, errno syscall.Errno) {
	s.Dismiss()
	if s.closing || s.fd < 0 {
		return 0, syscall.EBADF
	}
	if s.writeErr != 0 {
		return 0, s.writeErr
	}
	if s.ended || s.shutting {
		return 0, syscall.EPIPE
	}
	if s.held || s.outAt == len(s.out) {
		n := 0
		for _, b := range bufs {
			n += len(b)
		}
		if s.held && len(s.out)+n > maxHeld {
			s.Release()
		}
		if s.held || s.outAt == len(s.out) && s.holds(n) {
			s.hold(bufs, n)
			return 0, 0
		}
	}
	if s.connected && s.Queued() == 0 {
		var n int
		n, errno = s.sendAll(bufs)
		if errno == syscall.EAGAIN {
			n, errno = 0, 0
		}
		if errno != 0 {
			s.writeErr = errno
			return 0, errno
		}
		if n > 0 {
			s.BytesWritten += uint64(n)
			s.LastActive = s.r.Loop.Now()
		}
		for len(bufs) > 0 && n >= len(bufs[0]) {
			n -= len(bufs[0])
			bufs = bufs[1:]
		}
		if len(bufs) == 0 {
			return 0, 0
		}
		s.out, s.outAt = append(s.out[:0], bufs[0][n:]...), 0
		bufs = bufs[1:]
	}
	for _, b := range bufs {
		s.out = append(s.out, b...)
	}
	s.update()
	return s.Queued(), 0
}

func (s *Stream) flush() {
	for s.Queued() > 0 {
		n, errno := s.send(s.out[s.outAt:])
		if errno == syscall.EAGAIN {
			s.compact()
			return
		}
		if errno != 0 {
			s.writeErr = errno
			s.out, s.outAt = nil, 0
			s.update()
			if s.closeSoon {
				s.Close(nil)
				return
			}
			s.sink.Drained(errno)
			return
		}
		s.outAt += n
		s.BytesWritten += uint64(n)
		s.LastActive = s.r.Loop.Now()
	}
	if cap(s.out) > 256<<10 {
		s.out = nil
	}
	s.out, s.outAt = s.out[:0], 0
	s.update()
	if s.shutting {
		s.shutdownNow()
		return
	}
	s.sink.Drained(0)
	if s.closeSoon && s.Queued() == 0 {
		s.Close(nil)
	}
}

// compact moves what is left to the front once that is cheap.
func (s *Stream) compact() {
	if s.outAt > 1<<20 && s.outAt > len(s.out)/2 {
		n := copy(s.out, s.out[s.outAt:])
		s.out, s.outAt = s.out[:n], 0
	}
}

// Shutdown ends the writing side once everything is written; Sink.ShutDown reports it, never before Shutdown returns.
func (s *Stream) Shutdown() syscall.Errno {
	s.Dismiss()
	if s.closing || s.fd < 0 || !s.connected {
		return syscall.ENOTCONN
	}
	if s.shutting || s.ended {
		return syscall.EALREADY
	}
	s.shutting = true
	if s.Queued() == 0 {
		s.r.Loop.Pending(func() {
			if s.closing || !s.shutting {
				return
			}
			s.Release()
			if s.Queued() == 0 {
				s.shutdownNow()
			}
		})
	}
	return 0
}

func (s *Stream) shutdownNow() {
	s.shutting, s.ended = false, true
	err := sys.Shutdown(s.fd, unix.SHUT_WR)
	errno, _ := sys.ErrnoOf(err)
	if err == nil || errno == syscall.ENOTSOCK { // a pipe ends by being closed
		errno = 0
	}
	s.sink.ShutDown(errno)
}

// CloseSoon closes the stream when everything queued is written.
func (s *Stream) CloseSoon() {
	if s.closing || s.closeSoon {
		return
	}
	s.Release()
	if s.Queued() > 0 && s.connected {
		s.closeSoon = true
		s.SetReading(false)
		return
	}
	s.Close(nil)
}

// OnClose sets what runs in the close phase after the stream was closed, whoever closes it.
func (s *Stream) OnClose(f func()) { s.onClose = f }

// TakeOnClose takes the function away that OnClose set: who takes the stream over for a while gives it back.
func (s *Stream) TakeOnClose() func() {
	f := s.onClose
	s.onClose = nil
	return f
}

// Close drops what is queued and closes the descriptor at once. onClose, or the function given to OnClose, runs in the close phase.
// A second Close does nothing.
func (s *Stream) Close(onClose func()) {
	if s.closing {
		return
	}
	s.Release()
	s.closing = true
	if s.counted {
		s.r.Loop.Vitals().Closed(s.r.Loop.Now() - s.opened)
	}
	s.reading, s.connected = false, false
	s.out = nil
	s.outAt = 0
	done := func() {
		if onClose != nil {
			onClose()
		}
		if f := s.onClose; f != nil {
			s.onClose = nil
			f()
		}
	}
	if s.poll == nil {
		s.r.Loop.Pending(done)
		return
	}
	s.poll.Close(done)
	_ = sys.Close(s.fd)
	s.fd = -1
}

// Reset closes the stream with a reset in place of an orderly end.
func (s *Stream) Reset(onClose func()) syscall.Errno {
	if s.fd >= 0 && !s.closing {
		if err := sys.SetResetOnClose(s.fd); err != nil {
			errno, _ := sys.ErrnoOf(err)
			return errno
		}
	}
	s.Close(onClose)
	return 0
}

// SetRef says whether the stream keeps the loop alive.
func (s *Stream) SetRef(on bool) {
	s.unrefed = !on
	if s.poll == nil {
		return
	}
	if on {
		s.poll.Ref()
	} else {
		s.poll.Unref()
	}
}

// HasRef tells whether it does.
func (s *Stream) HasRef() bool { return !s.unrefed && !s.closing }
