package fetch

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// patient is a connection on which a server may answer before it has the whole request, and close. The client's write fails then, while the
// answer is there to be read: the transport would take the failure for the end of the exchange. A write that fails in the midst of a request
// therefore waits until reading has ended, one way or another. Any goroutine.
type patient struct {
	net.Conn
	state atomic.Int32
	over  chan struct{} // closed when reading has ended
	once  sync.Once
}

const (
	shaking = iota // hands with the server, or with a proxy: nobody reads meanwhile
	fresh          // nothing of the current request was written
	begun
)

func newPatient(c net.Conn) *patient { return &patient{Conn: c, over: make(chan struct{})} }

// begin says that a request is to be sent on c. A failure of its first write comes at once: nothing was sent, another connection may have it.
func begin(c net.Conn) {
	for {
		t, ok := c.(*tls.Conn)
		if !ok {
			break
		}
		c = t.NetConn()
	}
	if p, ok := c.(*patient); ok {
		p.state.Store(fresh)
	}
}

// Read implements net.Conn.
func (p *patient) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if err != nil {
		p.end()
	}
	return n, err
}

// Write implements net.Conn.
func (p *patient) Write(b []byte) (int, error) {
	n, err := p.Conn.Write(b)
	if n > 0 {
		p.state.CompareAndSwap(fresh, begun)
	}
	if err != nil && p.state.Load() == begun && (errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)) {
		<-p.over
	}
	return n, err
}

// Close implements net.Conn.
func (p *patient) Close() error {
	p.end()
	return p.Conn.Close()
}

func (p *patient) end() { p.once.Do(func() { close(p.over) }) }
