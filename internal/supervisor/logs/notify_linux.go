package logs

import (
	"encoding/binary"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// Notifier tells streams that their spool has grown. A watch fires once and is armed again by the stream when it has read everything, so
// that a program which writes a million lines costs no million events. Any goroutine may call it.
type Notifier struct {
	f *os.File

	mu    sync.Mutex
	wakes map[int32]chan<- struct{} // guarded by mu; by watch
}

// NewNotifier starts the goroutine that reads the events.
func NewNotifier() (*Notifier, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, os.NewSyscallError("inotify_init1", err)
	}
	n := &Notifier{f: os.NewFile(uintptr(fd), "inotify"), wakes: map[int32]chan<- struct{}{}}
	go n.run()
	return n, nil
}

// arm wakes once when the file is written to after this call. An error means that the caller has to look by itself.
func (n *Notifier) arm(path string, wake chan<- struct{}) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	raw, err := n.f.SyscallConn()
	if err != nil {
		return err
	}
	var wd int
	var addErr error
	err = raw.Control(func(fd uintptr) {
		wd, addErr = unix.InotifyAddWatch(int(fd), path, unix.IN_MODIFY|unix.IN_ONESHOT)
	})
	if err == nil {
		err = addErr
	}
	if err == nil {
		n.wakes[int32(wd)] = wake
	}
	return err
}

// Close ends the goroutine; nobody is woken any more.
func (n *Notifier) Close() { _ = n.f.Close() }

func (n *Notifier) run() {
	buf := make([]byte, 4096)
	for {
		size, err := n.f.Read(buf)
		if err != nil {
			return
		}
		n.mu.Lock()
		for b := buf[:size]; len(b) >= unix.SizeofInotifyEvent; {
			wd := int32(binary.NativeEndian.Uint32(b))
			mask := binary.NativeEndian.Uint32(b[4:])
			b = b[unix.SizeofInotifyEvent+int(binary.NativeEndian.Uint32(b[12:])):]
			switch {
			case mask&unix.IN_Q_OVERFLOW != 0:
				for _, wake := range n.wakes {
					poke(wake)
				}
			case n.wakes[wd] != nil:
				poke(n.wakes[wd])
				delete(n.wakes, wd)
			}
		}
		n.mu.Unlock()
	}
}
