package binding

import (
	"sync"

	"roost/internal/sys"
)

// Files are the descriptors that an isolate has opened as plain numbers (fs.open) and not closed. A worker's are closed with it: other
// threads live on in the process. Any goroutine may use it; a nil *Files tracks nothing.
type Files struct {
	mu     sync.Mutex
	open   map[int]struct{} // guarded by mu
	closed bool             // guarded by mu
}

// Opened notes a descriptor. After Close it is closed at once.
func (f *Files) Opened(fd int) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		_ = sys.Close(fd)
		return
	}
	if f.open == nil {
		f.open = map[int]struct{}{}
	}
	f.open[fd] = struct{}{}
}

// Forget says that the descriptor is about to be closed, or belongs to somebody else.
func (f *Files) Forget(fd int) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, fd)
}

// Close closes what is open.
func (f *Files) Close() {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for fd := range f.open {
		_ = sys.Close(fd)
	}
	f.open = nil
}
