//go:build unix

package codecache

import (
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// mapFile maps a file for reading; nil when it can't. The mapping stays: the file is replaced by rename, never written in place.
func mapFile(path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 || info.Size() > 1<<30 {
		return nil
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		return nil
	}
	mapped.mu.Lock()
	defer mapped.mu.Unlock()
	mapped.all = append(mapped.all, data)
	return data
}

// mapped are the files of the user's cache directory that this process has mapped.
var mapped struct {
	mu  sync.Mutex
	all [][]byte // guarded by mu
}

// Drop gives the pages of all packs back to the kernel; what is read again is mapped again.
func Drop() {
	mapped.mu.Lock()
	defer mapped.mu.Unlock()
	for _, data := range mapped.all {
		_ = unix.Madvise(data, unix.MADV_DONTNEED)
	}
}
