// Package message is the Go half of MessageChannel and BroadcastChannel: channels whose ends may lie in different isolates of the process.
//
// An end is a queue of messages that the other end fills; it moves from isolate to isolate with a message that transfers it. In JavaScript
// an endRef holds it, and a port is the loop's handle that delivers what comes. Messages are serialized values (packets of the engine) with
// the platform objects that came along. Natives run on their isolate's thread; an end may be reached from two, and its channel's lock
// guards it. Nothing runs JavaScript while it is held.
package message

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"roost/internal/binding"
	"roost/internal/engine"
	"roost/internal/loop"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "web/message", Natives: binding.Natives{
	"channelNew":    channelNew,
	"endOpen":       endOpen,
	"endReceiving":  endReceiving,
	"endHold":       endHold,
	"endSend":       endSend,
	"endReceive":    endReceive,
	"endLength":     endLength,
	"endClose":      endClose,
	"endFaces":      endFaces,
	"broadcastJoin": broadcastJoin,
	"broadcastSend": broadcastSend,
	"messageNew":    messageNew,
	"messagePut":    messagePut,
	"messageOpen":   messageOpen,
}}

// Events of a port's handle.
const (
	onMessages = iota // messages wait in the end's queue
	onClose
)

// message is a serialized value on its way. It belongs to one holder at a time: a parcel, a queue, or the one that opens it.
type message struct {
	packet uint64
	hosts  []host
}

// host is a platform object in a message: what the export name of a builtin makes of its state.
type host struct {
	specifier, name string
	state           any // *message, *end, or shared
}

// shared is a Go value that several isolates may hold at a time: it is immutable or guards itself, and needs no end.
type shared interface{ SharedByIsolates() }

// release frees a message that nobody will read; ends that it transfers are closed.
func (m *message) release() {
	engine.ReleasePacket(m.packet)
	for _, h := range m.hosts {
		switch s := h.state.(type) {
		case *message:
			s.release()
		case *end:
			s.close()
		}
	}
}

// retain makes n more readers possible. Such a message transfers nothing.
func (m *message) retain(n int) {
	engine.RetainPacket(m.packet, n)
	for _, h := range m.hosts {
		if s, ok := h.state.(*message); ok {
			s.retain(n)
		}
	}
}

// result is the message as JavaScript reads it; what it transfers now belongs to the isolate.
func (m *message) result(env *binding.Env) binding.Result {
	if len(m.hosts) == 0 {
		return binding.Number(float64(m.packet))
	}
	out := []binding.Result{binding.Number(float64(m.packet))}
	for _, h := range m.hosts {
		state := binding.Undefined
		switch s := h.state.(type) {
		case *message:
			state = s.result(env)
		case *end:
			state = binding.Ref(&endRef{env: env, end: s})
		case shared:
			state = binding.Ref(s)
		}
		out = append(out, binding.List(binding.String(h.specifier), binding.String(h.name), state))
	}
	return binding.List(out...)
}

// parcel is a message in the hands of JavaScript, or of a builtin that carries it to another isolate.
type parcel struct{ m *message }

// Take moves the message to a new parcel, for another isolate.
func (p *parcel) Take() any {
	m := p.m
	p.m = nil
	return &parcel{m}
}

// Close frees the message if nobody took it: the JavaScript object was collected.
func (p *parcel) Close() error {
	if p.m != nil {
		p.m.release()
		p.m = nil
	}
	return nil
}

// taken is the message in argument k: a packet's number or a parcel, which is empty after it. nil: neither.
func taken(c *binding.Call, k int) *message {
	if p, ok := c.Ref(k).(*parcel); ok {
		m := p.m
		p.m = nil
		return m
	}
	if c.IsNumber(k) {
		return &message{packet: uint64(c.Float(k))}
	}
	return nil
}

// messageNew(packet, [specifier, export, ...]) → parcel
func messageNew(c *binding.Call) {
	m := &message{packet: uint64(c.Float(0))}
	names := c.Strings(1)
	for k := 0; k+1 < len(names); k += 2 {
		m.hosts = append(m.hosts, host{specifier: names[k], name: names[k+1]})
	}
	c.Return(binding.Ref(&parcel{m}))
}

// messagePut(parcel, n, state): state of platform object n: a packet or parcel, a shared value, or an end, which leaves its endRef
func messagePut(c *binding.Call) {
	p, _ := c.Ref(0).(*parcel)
	n := c.Int(1)
	if p == nil || p.m == nil || n < 0 || n >= len(p.m.hosts) {
		return
	}
	if r, ok := c.Ref(2).(*endRef); ok {
		if e := r.take(); e != nil {
			p.m.hosts[n].state = e
		}
		return
	}
	if s, ok := c.Ref(2).(shared); ok {
		p.m.hosts[n].state = s
		return
	}
	if m := taken(c, 2); m != nil {
		p.m.hosts[n].state = m
	}
}

// messageOpen(parcel) → packet | [packet, [specifier, export, state]...]; the parcel is empty after it
func messageOpen(c *binding.Call) {
	if m := taken(c, 0); m != nil {
		c.Return(m.result(c.Env()))
	}
}

// end is one end of a channel. The channel's lock guards all fields.
type end struct {
	mu    *sync.Mutex
	peer  *end       // nil: the other end was closed, or a broadcast channel
	queue []*message // nil in it: the other end was closed
	port  *port      // who delivers; nil: nobody yet
	dead  bool       // nobody will receive any more
}

// put gives the end a message, nil for the end of the channel. Any goroutine. False: nobody will receive it.
func (e *end) put(m *message) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.putLocked(m)
}

func (e *end) putLocked(m *message) bool {
	if e.dead {
		return false
	}
	e.queue = append(e.queue, m)
	e.wakeLocked()
	return true
}

// wakeLocked calls the port back if it has something to deliver.
func (e *end) wakeLocked() {
	if e.port != nil && len(e.queue) > 0 && (e.port.receiving || e.queue[0] == nil) {
		e.port.wake()
	}
}

// receive takes the oldest message. ok false: there is none; m nil: the other end was closed.
func (e *end) receive(delivering bool) (m *message, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) == 0 || delivering && e.queue[0] != nil && (e.port == nil || !e.port.receiving) || !delivering && e.queue[0] == nil {
		return nil, false
	}
	m = e.queue[0]
	e.queue[0] = nil
	e.queue = e.queue[1:]
	return m, true
}

// forget drops the end without telling the other one: it was collected.
func (e *end) forget() {
	e.mu.Lock()
	e.dead = true
	e.port = nil
	queue := e.queue
	e.queue = nil
	e.mu.Unlock()
	for _, m := range queue {
		if m != nil {
			m.release()
		}
	}
}

// close ends the channel: the other end is told. Any goroutine.
func (e *end) close() {
	e.mu.Lock()
	if p := e.peer; p != nil {
		e.peer, p.peer = nil, nil
		p.putLocked(nil)
	}
	e.mu.Unlock()
	e.forget()
}

// port is the handle that delivers what an end receives.
type port struct {
	id        int
	order     int64       // of making; immutable
	async     *loop.Async // keeps the loop alive; it is the dispatcher's that wakes it
	dispatch  *dispatcher // immutable
	receiving bool        // messages are delivered as they come; guarded by the channel's lock
	ready     bool        // waits for the dispatcher; guarded by its lock
}

var lastPort atomic.Int64

// dispatcher calls back the ports of an isolate that have something to deliver: those of one turn in the order in which they were made,
// whoever wrote first, as the handles of Node's loop do.
type dispatcher struct {
	env   *binding.Env
	async *loop.Async

	mu    sync.Mutex
	ready []*port // guarded by mu
}

type dispatcherKey struct{}

func dispatcherOf(env *binding.Env) *dispatcher {
	return env.State(dispatcherKey{}, func() any {
		d := &dispatcher{env: env}
		d.async = env.Loop.NewAsync(d.run)
		d.async.SetKind("MessagePorts")
		d.async.Unref()
		return d
	}).(*dispatcher)
}

// wake makes the port deliver in the next poll phase. Any goroutine.
func (p *port) wake() {
	d := p.dispatch
	d.mu.Lock()
	defer d.mu.Unlock()
	if !p.ready {
		p.ready = true
		d.ready = append(d.ready, p)
		d.async.Send()
	}
}

// run delivers. May run user code.
func (d *dispatcher) run() {
	d.mu.Lock()
	batch := d.ready
	d.ready = nil
	for _, p := range batch {
		p.ready = false
	}
	d.mu.Unlock()
	slices.SortFunc(batch, func(a, b *port) int { return int(a.order - b.order) })
	for _, p := range batch {
		if !p.async.Closing() {
			d.env.Emit(p.id, onMessages)
		}
	}
}

// endRef is an end in the hands of one isolate. Its fields belong to the isolate's thread.
type endRef struct {
	env  *binding.Env
	end  *end // nil: transferred or closed
	port *port
	name string // of the broadcast channel
}

// Close is called when the JavaScript object was collected, or the isolate ends.
func (r *endRef) Close() error {
	switch e := r.take(); {
	case e == nil:
	case r.env.Stopped():
		e.close()
	default:
		e.forget()
	}
	return nil
}

// take moves the end out. Its port, if there is one, delivers no more.
func (r *endRef) take() *end {
	e := r.end
	if e == nil {
		return nil
	}
	e.mu.Lock()
	e.port = nil
	e.mu.Unlock()
	r.end = nil
	if r.name != "" {
		leave(r.name, e)
	}
	return e
}

// ports are the endRefs of an isolate whose ports are open: they are closed when it ends.
type ports map[*endRef]bool

type portsKey struct{}

func portsOf(env *binding.Env) ports {
	return env.State(portsKey{}, func() any {
		all := ports{}
		env.OnClose(func() {
			for r := range all {
				if e := r.take(); e != nil {
					e.close()
				}
			}
		})
		return all
	}).(ports)
}

func find(c *binding.Call, k int) *endRef {
	r, _ := c.Ref(k).(*endRef)
	return r
}

// channelNew() → [end, end]
func channelNew(c *binding.Call) {
	mu := new(sync.Mutex)
	a, b := &end{mu: mu}, &end{mu: mu}
	a.peer, b.peer = b, a
	c.Return(binding.List(binding.Ref(&endRef{env: c.Env(), end: a}), binding.Ref(&endRef{env: c.Env(), end: b})))
}

// endOpen(end) → id of a handle that does not keep the loop alive
func endOpen(c *binding.Call) {
	r := find(c, 0)
	if r == nil {
		return
	}
	if r.port == nil {
		env := c.Env()
		p := &port{order: lastPort.Add(1), dispatch: dispatcherOf(env)}
		p.id = env.Adopt(p)
		p.async = env.Loop.NewAsync(func() {})
		p.async.SetKind("MessagePort")
		p.async.Unref()
		r.port = p
		portsOf(env)[r] = true
		if e := r.end; e != nil {
			e.mu.Lock()
			e.port = p
			e.wakeLocked()
			e.mu.Unlock()
		}
	}
	c.Return(binding.Int(r.port.id))
}

// endReceiving(end, on): whether messages are delivered as they come
func endReceiving(c *binding.Call) {
	r := find(c, 0)
	if r == nil || r.end == nil || r.port == nil {
		return
	}
	r.end.mu.Lock()
	r.port.receiving = c.Bool(1)
	r.end.wakeLocked()
	r.end.mu.Unlock()
}

// endHold(end, ref): whether the open port keeps the loop alive
func endHold(c *binding.Call) {
	r := find(c, 0)
	switch {
	case r == nil || r.port == nil:
	case c.Bool(1):
		r.port.async.Ref()
	default:
		r.port.async.Unref()
	}
}

// endSend(end, packet | parcel): to the other end
func endSend(c *binding.Call) {
	m := taken(c, 1)
	if m == nil {
		return
	}
	if r := find(c, 0); r != nil && r.end != nil {
		r.end.mu.Lock()
		sent := r.end.peer != nil && r.end.peer.putLocked(m)
		r.end.mu.Unlock()
		if sent {
			return
		}
	}
	m.release()
}

// endReceive(end, delivering) → packet | [packet, [specifier, export, state]...] | null: the other end was closed | undefined: nothing.
// What is taken by hand (not delivering) comes whether or not the port receives, but for the close.
func endReceive(c *binding.Call) {
	r := find(c, 0)
	if r == nil || r.end == nil {
		return
	}
	m, ok := r.end.receive(c.Bool(1))
	switch {
	case !ok:
	case m == nil:
		c.Return(binding.Null)
	default:
		c.Return(m.result(c.Env()))
	}
}

// endLength(end) → how many messages wait that could be delivered now
func endLength(c *binding.Call) {
	n := 0
	if r := find(c, 0); r != nil && r.end != nil {
		r.end.mu.Lock()
		if n = len(r.end.queue); n > 0 && r.end.queue[0] != nil && (r.port == nil || !r.port.receiving) {
			n = 0
		}
		r.end.mu.Unlock()
	}
	c.Return(binding.Int(n))
}

// endClose(end): the event onClose comes in the close phase; the id ends with it. Until then messages are delivered.
func endClose(c *binding.Call) {
	r := find(c, 0)
	if r == nil || r.port == nil || r.port.async.Closing() {
		return
	}
	if r.name != "" && r.end != nil {
		leave(r.name, r.end) // nothing more comes
	}
	env, id := c.Env(), r.port.id
	r.port.async.Close(func() {
		if e := r.take(); e != nil {
			e.close()
		}
		delete(portsOf(env), r)
		env.Emit(id, onClose)
		env.Drop(id)
	})
}

// endFaces(end, other) → whether other is the other end of the channel
func endFaces(c *binding.Call) {
	r, other := find(c, 0), find(c, 1)
	faces := false
	if r != nil && other != nil && r.end != nil && other.end != nil {
		r.end.mu.Lock()
		faces = r.end.peer == other.end
		r.end.mu.Unlock()
	}
	c.Return(binding.Bool(faces))
}

// broadcasts are the broadcast channels of the process by name: all isolates of a program see each other's.
var broadcasts = struct {
	mu  sync.Mutex
	all map[string][]*end // guarded by mu; in the order of joining
}{all: map[string][]*end{}}

func leave(name string, e *end) {
	broadcasts.mu.Lock()
	defer broadcasts.mu.Unlock()
	list := broadcasts.all[name]
	for k, x := range list {
		if x == e {
			list = append(list[:k:k], list[k+1:]...)
			break
		}
	}
	if len(list) == 0 {
		delete(broadcasts.all, name)
	} else {
		broadcasts.all[name] = list
	}
}

// broadcastJoin(name) → end that receives what others send. The key of the map is never empty.
func broadcastJoin(c *binding.Call) {
	e := &end{mu: new(sync.Mutex)}
	name := strconv.Itoa(c.Env().Program) + "#" + c.String(0)
	broadcasts.mu.Lock()
	broadcasts.all[name] = append(broadcasts.all[name], e)
	broadcasts.mu.Unlock()
	c.Return(binding.Ref(&endRef{env: c.Env(), end: e, name: name}))
}

// broadcastSend(end, packet | parcel): to all ends of the same name but this
func broadcastSend(c *binding.Call) {
	m := taken(c, 1)
	if m == nil {
		return
	}
	if r := find(c, 0); r != nil && r.end != nil {
		broadcasts.mu.Lock()
		list := broadcasts.all[r.name]
		broadcasts.mu.Unlock()
		m.retain(len(list))
		for _, e := range list {
			if e == r.end || !e.put(&message{m.packet, m.hosts}) {
				m.release()
			}
		}
	}
	m.release()
}
