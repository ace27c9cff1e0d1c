package source

import (
	"syscall"
	"unsafe"
	"weak"
)

// worthRemembering is the size from which a text that is still in memory is not read again. To import a CommonJS file is to read it three
// times: for its kind, for the names that it exports and for running it.
const worthRemembering = 64 << 10

// lastRead is the large text that was read last. It is held weakly, so it costs no memory once nobody else has it.
type lastRead struct {
	path string
	tag  uint64
	size int
	text weak.Pointer[byte]
}

// read gives a file's text and a tag that changes with size, modification time and inode.
func (last *lastRead) read(path string) (string, uint64, error) {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return "", 0, err
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return "", 0, err
	}
	if st.Mode&syscall.S_IFMT == syscall.S_IFDIR {
		return "", 0, syscall.EISDIR
	}
	tag := uint64(st.Mtim.Sec)*1e9 + uint64(st.Mtim.Nsec)
	tag = tag*31 + uint64(st.Size)
	tag = tag*31 + st.Ino
	if st.Size >= worthRemembering && last.path == path && last.tag == tag && int64(last.size) == st.Size {
		if p := last.text.Value(); p != nil {
			return unsafe.String(p, last.size), tag, nil
		}
	}
	b, err := readAll(fd, st.Size)
	if err != nil {
		return "", 0, err
	}
	if len(b) >= worthRemembering {
		*last = lastRead{path: path, tag: tag, size: len(b), text: weak.Make(unsafe.SliceData(b))}
	}
	return unsafe.String(unsafe.SliceData(b), len(b)), tag, nil // nobody writes to b any more
}

func readAll(fd int, size int64) ([]byte, error) {
	b := make([]byte, 0, size+1)
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := syscall.Read(fd, b[len(b):cap(b)])
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return b, nil
		}
		b = b[:len(b)+n]
	}
}
