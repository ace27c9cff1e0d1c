package handle

import (
	"syscall"

	"roost/internal/loop"
	"roost/internal/spawn"
)

// Process is a child program as a handle: it keeps the loop alive until the child has ended, unless it is unreferenced.
// Loop thread only.
type Process struct {
	*spawn.Process
	loop   *loop.Loop
	poll   *loop.Poll  // on the pidfd
	async  *loop.Async // where there is no pidfd
	onExit func(spawn.Exit)
	ended  bool
}

// NewProcess starts a program and calls onExit once, on the loop thread, when it has ended.
func NewProcess(l *loop.Loop, o spawn.Options, onExit func(spawn.Exit)) (*Process, error) {
	started, err := spawn.Start(o)
	if err != nil {
		return nil, err
	}
	p := &Process{Process: started, loop: l, onExit: onExit}
	if fd := started.PidFD(); fd >= 0 {
		if p.poll, err = l.NewPoll(fd, p.ready); err == nil {
			p.poll.SetKind("ProcessWrap")
			_ = p.poll.Set(loop.Readable)
			return p, nil
		}
	}
	p.async = l.NewAsync(func() { p.ready(0) })
	p.async.SetKind("ProcessWrap")
	go func() {
		_, _ = started.WaitBlocking() // ready finds the result
		p.async.Send()
	}()
	return p, nil
}

func (p *Process) ready(loop.Events) {
	if p.ended {
		return
	}
	if p.poll != nil {
		p.poll.Close(nil) // before its descriptor is
	}
	exit, ended, _ := p.Poll()
	if !ended {
		exit, _ = p.WaitBlocking() // it is a matter of microseconds: the pidfd said so
	}
	p.ended = true
	if p.async != nil {
		p.async.Close(nil)
	}
	p.onExit(exit)
}

// Kill sends a signal; ESRCH once the program has been reaped.
func (p *Process) Kill(s syscall.Signal) error { return p.Signal(s) }

func (p *Process) handle() loop.Handle {
	if p.poll != nil {
		return p.poll
	}
	return p.async
}

// Ref makes the handle keep the loop alive; the default.
func (p *Process) Ref() {
	if !p.ended {
		p.handle().Ref()
	}
}

// Unref undoes Ref.
func (p *Process) Unref() {
	if !p.ended {
		p.handle().Unref()
	}
}

// Close forgets the program without ending it: onExit doesn't come any more.
func (p *Process) Close() {
	if p.ended {
		return
	}
	p.ended = true
	p.handle().Close(nil)
}
