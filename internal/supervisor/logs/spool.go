package logs

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// Spool is the file that a program has as its standard output or error, and the place up to which it is done. See "What do programs of the
// supervisor write to?" in docs/rationale.md. One goroutine at a time may call it, but for Size.
type Spool struct {
	path    string
	f       *os.File
	mark    *os.File // 8 bytes: position, little endian
	pos     int64
	punched int64
}

// CreateSpool makes an empty one. writer is for the program, and the caller's to close once the program has it.
func CreateSpool(path string) (s *Spool, writer *os.File, err error) {
	for _, name := range []string{path, path + ".pos"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, nil, err
		}
	}
	writer, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	s, err = OpenSpool(path)
	if err != nil {
		_ = writer.Close()
		return nil, nil, err
	}
	return s, writer, nil
}

// OpenSpool opens one that a daemon before has left, at the place where that one was.
func OpenSpool(path string) (*Spool, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	mark, err := os.OpenFile(path+".pos", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	s := &Spool{path: path, f: f, mark: mark}
	var b [8]byte
	if n, _ := mark.ReadAt(b[:], 0); n == len(b) {
		if pos := int64(binary.LittleEndian.Uint64(b[:])); pos >= 0 && pos <= s.Size() {
			s.pos, s.punched = pos, pos&^(punchUnit-1)
		}
	}
	return s, nil
}

// Size is how much the program has written.
func (s *Spool) Size() int64 {
	info, err := s.f.Stat()
	if err != nil {
		return s.pos
	}
	return info.Size()
}

// read reads what follows the position, without moving it. n is 0 at the end.
func (s *Spool) read(b []byte) (int, error) {
	n, err := s.f.ReadAt(b, s.pos)
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// Blocks of this size are given back to the file system.
const punchUnit = 1 << 16

// done moves the position by n: those bytes are safe elsewhere. Their disk space is freed.
func (s *Spool) done(n int64) {
	s.pos += n
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(s.pos))
	_, _ = s.mark.WriteAt(b[:], 0) // at worst the next daemon repeats some lines
	if end := s.pos &^ (punchUnit - 1); end > s.punched {
		punch(s.f, s.punched, end-s.punched)
		s.punched = end
	}
}

// Remove closes the spool and deletes its files.
func (s *Spool) Remove() {
	s.Close()
	_ = os.Remove(s.path)
	_ = os.Remove(s.path + ".pos")
}

// Close leaves the files to the next daemon.
func (s *Spool) Close() {
	_ = s.f.Close()
	_ = s.mark.Close()
}
