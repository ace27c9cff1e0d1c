package loop

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
)

const (
	defaultPoolSize = 4
	maxPoolSize     = 1024
	// slowPoolSize bounds work that waits for others, such as DNS. Go parks
	// such a goroutine without a thread, so it may be generous.
	slowPoolSize = 64
)

// Blocking work runs on two pools of goroutines that all loops of the process
// share. Neither grows beyond its bound: files and key derivation take threads
// and processor time, and UV_THREADPOOL_SIZE is how users bound that on Node.
// What waits for the network has a pool of its own, so that four slow name
// lookups can't hold up a file. Goroutines start on demand and end when the
// queue is empty.
var (
	workPool = pool{size: poolSizeFromEnv}
	slowPool = pool{size: func() int { return slowPoolSize }}
)

// poolSizeFromEnv reads UV_THREADPOOL_SIZE as libuv does. It is called at the
// first request, so that a program can still set it.
// https://nodejs.org/api/cli.html#uv_threadpool_sizesize
func poolSizeFromEnv() int {
	text, ok := os.LookupEnv("UV_THREADPOOL_SIZE")
	if !ok {
		return defaultPoolSize
	}
	size, _ := strconv.Atoi(text) // not a number: 0, which means 1
	return min(max(size, 1), maxPoolSize)
}

// Request is work given to Blocking or BlockingSlow.
type Request struct {
	loop *Loop
	work func()
	done func()
	node postNode
	pool *pool

	prev, next *Request    // guarded by pool.mu
	state      reqState    // guarded by pool.mu until posted, then loop thread only
	failure    *PanicError // written by the worker before it posts
}

type reqState uint8

const (
	reqStarted reqState = iota
	reqQueued
	reqCancelled
)

// PanicError carries a panic of a worker goroutine to the loop thread.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // of the worker
}

// Error implements error.
func (e *PanicError) Error() string {
	return fmt.Sprintf("loop: panic in blocking work: %v\n\n%s", e.Value, e.Stack)
}

// Unwrap gives the value, if it was an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Blocking runs work on a goroutine of the pool whose size is
// UV_THREADPOOL_SIZE (4 by default), and then done, unless nil, on the loop
// thread in the poll phase. It is a request: it keeps the loop alive until done
// is called, which happens exactly once, cancelled or not. If work panics, the
// loop thread panics with a *PanicError in place of done.
func (l *Loop) Blocking(work, done func()) *Request {
	return l.submit(&workPool, work, done)
}

// BlockingSlow is Blocking for work that waits for other machines or processes
// rather than for the disk or the processor: name lookups above all. It has a
// pool of its own, of 64.
func (l *Loop) BlockingSlow(work, done func()) *Request {
	return l.submit(&slowPool, work, done)
}

func (l *Loop) submit(p *pool, work, done func()) *Request {
	l.BeginRequest()
	r := &Request{loop: l, work: work, done: done, pool: p}
	r.node.task = r
	p.submit(r)
	return r
}

// Cancel takes the request back if its work has not started, and reports
// whether it did. done is called all the same, on a later poll phase. Any
// goroutine may call it.
func (r *Request) Cancel() bool {
	if !r.pool.cancel(r) {
		return false
	}
	r.loop.push(&r.node)
	return true
}

// Cancelled reports whether Cancel took the request back. For done.
func (r *Request) Cancelled() bool {
	r.pool.mu.Lock()
	defer r.pool.mu.Unlock()
	return r.state == reqCancelled
}

// execute runs the work on a worker goroutine and posts the completion,
// whatever way the work ends.
func (r *Request) execute() {
	defer func() {
		if v := recover(); v != nil {
			r.failure = &PanicError{Value: v, Stack: debug.Stack()}
		}
		r.loop.push(&r.node)
	}()
	r.work()
}

func (r *Request) runPosted() {
	r.loop.EndRequest()
	r.work = nil
	if r.failure != nil {
		panic(r.failure)
	}
	if r.done != nil {
		r.done()
	}
}

// pool is a queue of requests and a bounded number of goroutines that serve it.
type pool struct {
	size func() int // called once

	mu          sync.Mutex
	limit       int      // guarded by mu; 0 before the first submit
	workers     int      // guarded by mu
	first, last *Request // guarded by mu; the queue
}

func (p *pool) submit(r *Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit == 0 {
		p.limit = p.size()
	}
	if p.workers < p.limit {
		p.workers++
		go p.serve(r)
		return
	}
	r.state = reqQueued
	r.prev = p.last
	if p.last != nil {
		p.last.next = r
	} else {
		p.first = r
	}
	p.last = r
}

// serve runs r and then what is queued. runtime.Goexit in work ends this
// goroutine: another takes its place.
func (p *pool) serve(r *Request) {
	exited := true
	defer func() {
		if exited {
			if r := p.take(); r != nil {
				go p.serve(r)
			}
		}
	}()
	for r != nil {
		r.execute()
		r = p.take()
	}
	exited = false
}

// take removes the oldest request from the queue; nil ends the worker.
func (p *pool) take() *Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.first
	if r == nil {
		p.workers--
		return nil
	}
	p.remove(r)
	r.state = reqStarted
	return r
}

func (p *pool) cancel(r *Request) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.state != reqQueued {
		return false
	}
	p.remove(r)
	r.state = reqCancelled
	return true
}

// remove takes r out of the queue. p.mu must be held.
func (p *pool) remove(r *Request) {
	if r.prev != nil {
		r.prev.next = r.next
	} else {
		p.first = r.next
	}
	if r.next != nil {
		r.next.prev = r.prev
	} else {
		p.last = r.prev
	}
	r.prev, r.next = nil, nil
}
