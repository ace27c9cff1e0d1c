package handle

import (
	"golang.org/x/sys/unix"

	"roost/internal/loop"
)

// Watcher is not there on this system yet: NewWatcher fails with ENOSYS.
type Watcher struct{}

// Watch is never made on this system.
type Watch struct{}

// NewWatcher fails with ENOSYS.
func NewWatcher(*loop.Loop) (*Watcher, error) { return nil, unix.ENOSYS }

// Close does nothing.
func (*Watcher) Close() {}

// Add fails with ENOSYS.
func (*Watcher) Add(string, bool, func(Change, string)) (*Watch, error) { return nil, unix.ENOSYS }

// Ref does nothing.
func (*Watch) Ref() {}

// Unref does nothing.
func (*Watch) Unref() {}

// Close does nothing.
func (*Watch) Close() {}
