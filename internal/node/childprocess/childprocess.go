// Package childprocess is the Go half of node:child_process: starting programs with their standard streams, and running one to its end
// synchronously. Natives run on the isolate's thread; the children are handles of the loop (see internal/handle, internal/spawn).
package childprocess

import (
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/handle"
	"roost/internal/spawn"
	"roost/internal/sys"
)

// Module is the childprocess builtin.
var Module = binding.Module{Name: "childprocess", Natives: binding.Natives{
	"spawn":       spawnNative,
	"spawnSync":   spawnSync,
	"processKill": processKill,
	"processRef":  processRef,

	"channelOpen": channelOpen, "channelRead": channelRead, "channelWrite": channelWrite, "channelTake": channelTake,
	"channelClose": channelClose, "channelRef": channelRef, "channelQueued": channelQueued, "closeDescriptor": closeDescriptor,
	"rendezvousOpen": rendezvousOpen, "rendezvousWait": rendezvousWait, "rendezvousRef": rendezvousRef, "rendezvousClose": rendezvousClose,
}}

// Kinds of standard streams in the list that spawn takes; a number from 0 on is a descriptor to share.
const (
	stdioIgnore = -1
	stdioPipe   = -2
)

func errnoOf(err error) int {
	if err == nil {
		return 0
	}
	if e, ok := sys.ErrnoOf(err); ok {
		return sys.ErrnoNumber(e)
	}
	return sys.ErrnoNumber(syscall.EIO)
}

type child struct {
	*handle.Process
	id int
}

type openKey struct{}

func children(env *binding.Env) map[*child]struct{} {
	return env.State(openKey{}, func() any {
		m := map[*child]struct{}{}
		env.OnClose(func() {
			for c := range m {
				if env.EndChildren {
					_ = c.Kill(syscall.SIGTERM)
				}
				c.Close()
			}
		})
		return m
	}).(map[*child]struct{})
}

// streams opens the child's standard streams. ours has, for each, our end of a pipe or -1; close what is in temporary after the start.
func streams(env *binding.Env, kinds []float64) (theirs, ours, temporary []int, err error) {
	null := -1
	for _, k := range kinds {
		ours = append(ours, -1)
		switch kind := int(k); {
		case kind >= 0:
			kind = env.FD(kind)
			if len(theirs) < 3 {
				_ = sys.SetNonblock(kind, false) // programs expect their standard streams to block
			}
			theirs = append(theirs, kind)
		case kind == stdioPipe:
			a, b, err := pair()
			if err != nil {
				closeAll(ours)
				closeAll(temporary)
				return nil, nil, nil, err
			}
			ours[len(ours)-1] = a
			theirs = append(theirs, b)
			temporary = append(temporary, b)
		default:
			if len(theirs) > 2 {
				theirs = append(theirs, spawn.Close)
				continue
			}
			if null < 0 {
				if null, err = unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0); err != nil {
					closeAll(ours)
					closeAll(temporary)
					return nil, nil, nil, err
				}
				temporary = append(temporary, null)
			}
			theirs = append(theirs, null)
		}
	}
	return theirs, ours, temporary, nil
}

// pair makes a pipe that goes both ways: our end non-blocking, the child's as programs expect it.
func pair() (ours, theirs int, err error) {
	a, b, err := sys.Socketpair()
	if err != nil {
		return -1, -1, err
	}
	if err := sys.SetNonblock(b, false); err != nil {
		closeAll([]int{a, b})
		return -1, -1, err
	}
	return a, b, nil
}

func closeAll(fds []int) {
	for _, fd := range fds {
		if fd >= 0 {
			_ = sys.Close(fd)
		}
	}
}

// Flags of spawn.
const flagDetached = 1

func options(c *binding.Call) spawn.Options {
	o := spawn.Options{File: c.String(0), Args: c.Strings(1), Env: c.Strings(2), Dir: c.String(3), Detached: c.Int(5)&flagDetached != 0, UID: -1, GID: -1}
	if !c.IsUndefined(6) {
		o.UID = c.Int(6)
	}
	if !c.IsUndefined(7) {
		o.GID = c.Int(7)
	}
	return o
}

// spawn(file, args, env, cwd, stdio, flags, uid, gid) → [errno, id, pid, ...our ends]. With an error the ends are there too: their other
// side is closed. Event 1 of the handle: (exit code, signal number).
func spawnNative(c *binding.Call) {
	o := options(c)
	theirs, ours, temporary, err := streams(c.Env(), c.Floats(4))
	if err != nil {
		c.Return(binding.List(binding.Int(errnoOf(err))))
		return
	}
	o.Files = theirs
	env := c.Env()
	p := &child{}
	p.Process, err = handle.NewProcess(env.Loop, o, func(e spawn.Exit) {
		delete(children(env), p)
		env.Emit(p.id, 1, binding.Int(e.Code), binding.Int(int(e.Signal)))
		env.Drop(p.id)
	})
	closeAll(temporary)
	out := []binding.Result{binding.Int(errnoOf(err)), binding.Int(0), binding.Int(0)}
	if err == nil {
		p.id = env.Adopt(p)
		children(env)[p] = struct{}{}
		out[1], out[2] = binding.Int(p.id), binding.Int(p.Pid)
	}
	for _, fd := range ours {
		out = append(out, binding.Int(fd))
	}
	c.Return(binding.List(out...))
}

// processKill(id, signal) → errno
func processKill(c *binding.Call) {
	p, _ := c.Env().Handle(c.Int(0)).(*child)
	if p == nil {
		c.Return(binding.Int(errnoOf(unix.ESRCH)))
		return
	}
	c.Return(binding.Int(errnoOf(p.Kill(syscall.Signal(c.Int(1))))))
}

// processRef(id, on)
func processRef(c *binding.Call) {
	if p, _ := c.Env().Handle(c.Int(0)).(*child); p != nil {
		if c.Bool(1) {
			p.Ref()
		} else {
			p.Unref()
		}
	}
}
