package handle

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"roost/internal/loop"
	"roost/internal/sticky"
	"roost/internal/sys"
)

// Clients stick to instances (docs/rationale.md, "How do clients stick to an instance?"): whoever accepts a connection finds out whose it is,
// and hands the descriptor to that instance over a Unix socket. What a connection's client is known by may have to be waited for (arrival.go), and
// may be another for each of its requests (between.go); crewmate.go hands over, inbox.go takes.
//
// No connection is lost to an instance that can't be reached: it is passed over, the next in the client's order serves, at last who accepted. One
// that ends in order gives on what it was handed and has not taken; what was on its way to one that is killed ends with it.

// crew is a shared listener's view of the other instances. Loop thread only.
type crew struct {
	l     *Listener
	by    sticky.By
	own   int // page of vitals
	name  func(page int) string
	mates map[int]*crewmate // by page
	inbox *inbox

	arriving arrivals
	may      func(page int, since int64) bool // c.isReachable, made once
	closed   bool
	farewell time.Duration // left of the time for which a closed listener may wait
}

// Meet makes clients stick to instances, of listeners that other instances share. It is called before the first of them listens.
func (r *Reactor) Meet(p *sticky.Place) { r.place = p }

// Part closes the listeners of which Meet speaks: the program ends.
func (r *Reactor) Part() {
	for _, l := range append([]*Listener(nil), r.shared...) {
		if l.crew != nil {
			l.Close(nil)
		}
	}
}

// joinCrew opens what other instances reach this one by. It fails with an errno.
func (l *Listener) joinCrew() error {
	w, place := l.r.Loop.Vitals(), l.r.place
	if w == nil {
		return syscall.ENOTSUP
	}
	cookie, err := sys.SocketCookie(l.fd)
	if err != nil {
		return err
	}
	// A descriptor of the folder spares its path, which may be too long for a socket, and may be closed to this user.
	folder := "/proc/self/fd/" + strconv.Itoa(place.Folder) + "/"
	c := &crew{l: l, by: place.By, own: w.Page(), mates: map[int]*crewmate{}}
	c.name = func(page int) string { return fmt.Sprintf("%s%x-%x-%d", folder, w.Name(), cookie, page) }
	c.may = c.isReachable
	c.arriving.init(c)
	_ = os.Remove(c.name(c.own)) // of a program that had the page before
	if c.inbox, err = l.openInbox(c.name(c.own)); err != nil {
		c.arriving.close()
		return err
	}
	l.crew = c
	return nil
}

// arrived decides about a connection that was accepted. It may run user code.
func (c *crew) arrived(fd int) {
	c.l.r.Loop.Vitals().Accepted()
	if c.by.Kind == sticky.Address {
		c.byAddress(fd)
		return
	}
	c.arriving.look(fd)
}

// byAddress routes a connection by its client's address. Clients of a Unix socket have none.
func (c *crew) byAddress(fd int) {
	if peer, err := sys.PeerAddr(fd); err == nil && peer.IsValid() {
		c.route(given{fd, sticky.OfAddress(peer.Addr()), yours})
		return
	}
	c.serve(fd)
}

// route gives a connection to the owner of its key. It may run user code.
func (c *crew) route(g given) {
	for {
		page := c.owner(g.key)
		if page < 0 || page == c.own {
			c.serve(g.fd)
			return
		}
		if c.mate(page).give(g) {
			return
		}
	}
}

func (c *crew) owner(key uint64) int { return c.l.r.Loop.Vitals().Owner(key, sticky.Score, c.may) }

// isReachable tells whether an instance may be an owner; see vitals.Owner.
func (c *crew) isReachable(page int, since int64) bool {
	if page == c.own {
		return !c.l.closed
	}
	m := c.mates[page]
	return m == nil || m.isReachable(since)
}

// serve takes a connection for this instance. It may run user code.
func (c *crew) serve(fd int) {
	if c.l.closed {
		_ = sys.Close(fd) // there is nobody left
		return
	}
	_ = c.l.take(fd)
}

func (c *crew) mate(page int) *crewmate {
	m := c.mates[page]
	if m == nil {
		m = &crewmate{crew: c, page: page, fd: -1, since: c.l.r.Loop.Vitals().Since(page)}
		c.mates[page] = m
	}
	return m
}

// close gives what this instance has not taken to the others. The listener is closed, and says so.
func (c *crew) close() {
	if c.closed {
		return
	}
	c.closed, c.farewell = true, farewell
	c.arriving.close()
	c.inbox.close(c)
	for _, m := range c.mates {
		m.leave()
	}
	for _, m := range c.mates {
		m.hangUp()
	}
}

// reroute gives a connection away that this instance can't take any more. What its client is known by is looked at by who gets it.
func (c *crew) reroute(fd int) {
	if c.by.Kind == sticky.Address {
		c.byAddress(fd)
		return
	}
	c.route(given{fd, uint64(fd), anybodys})
}

// patience is how long an instance may keep connections waiting that were handed to it before others get its clients: its loop has stood still
// all that time.
const patience = 5 * time.Second

// farewell is how long the loop may be held up by a listener that is closed and has more connections to give on than the sockets take.
const farewell = 200 * time.Millisecond

// given is a connection on its way to another instance.
type given struct {
	fd  int
	key uint64
	how handover
}

// handover is the byte that travels with a descriptor.
type handover byte

const (
	yours    handover = 'Y' // the connection is its receiver's
	anybodys handover = 'A' // its receiver shall find out whose it is
)

// quiet makes a poll that doesn't keep the loop alive.
func (l *Listener) quietPoll(fd int, f func(loop.Events)) (*loop.Poll, error) {
	p, err := l.r.Loop.NewPoll(fd, f)
	if err == nil {
		p.SetKind("PipeWrap")
		p.Unref()
	}
	return p, err
}

// unixSocket makes a non-blocking stream socket.
func unixSocket() (int, error) { return sys.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0) }
