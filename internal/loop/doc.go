// Package loop is the event loop: one per isolate, on the isolate's own locked
// thread. Its contract is libuv's (https://docs.libuv.org/en/v1.x/design.html):
// handles and requests, ref and unref, alive, and a turn of phases.
//
// It owns the poller (epoll or kqueue), the timers, the queue through which
// other goroutines reach the loop thread, and the pool of goroutines that runs
// blocking work. It never owns a descriptor that it watches: whoever opened it
// closes it, after Poll.Close.
//
// # Threads
//
// The loop thread is the thread that calls Run. Everything here is for that
// thread alone, except what says "any goroutine": Post, Async.Send, WakeFD's
// descriptor, Request.Cancel and Metrics. Before the first Run, one goroutine
// sets the loop up. Race builds check the thread on Linux.
//
// # A turn
//
// Run(RunDefault) runs due timers once, then turns until the loop isn't alive:
// pending, idle, prepare, poll, pending callbacks that the poll phase queued,
// check, close, timers. So timers stand before poll, as Node documents, and an
// immediate set in an I/O callback runs before a timer set there.
//
// # Lifetime
//
// A handle is open from New* until its close callback has run, in the close
// phase. A closing handle keeps the loop alive until then. Close may be called
// at any time, in the handle's own callback too; no other callback of the
// handle comes after it.
//
// Callbacks may do anything but call Run. A panic in a callback passes through
// Run and leaves the loop usable.
//
// The package knows no JavaScript and must import nothing above internal/sys.
package loop
