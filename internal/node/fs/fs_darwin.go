package fs

import (
	"crypto/rand"
	"os"

	"golang.org/x/sys/unix"
)

func fdatasync(fd int) error { return unix.Fsync(fd) }

func futimens(fd int, ts *[2]unix.Timespec) error {
	tv := []unix.Timeval{unix.NsecToTimeval(unix.TimespecToNsec(ts[0])), unix.NsecToTimeval(unix.TimespecToNsec(ts[1]))}
	return unix.Futimes(fd, tv)
}

func writevAt(fd int, bufs [][]byte, position int64) (total int, err error) {
	for _, b := range bufs {
		n, err := writeAt(fd, b, position)
		total += n
		if err != nil || n < len(b) {
			if total > 0 {
				err = nil
			}
			return total, err
		}
		if position >= 0 {
			position += int64(n)
		}
	}
	return total, nil
}

func accessible(p string, mode uint32) error {
	return retry(func() error { return unix.Access(p, mode) })
}

func openRetry(p string, flags int, mode uint32) (int, error) {
	for {
		fd, err := unix.Open(p, flags|unix.O_CLOEXEC, mode)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func randomName() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b[:])
}

// The status of a file as Node lays it out, see fs_linux.go.
const statFields = 18

func status(st *unix.Stat_t, out *[statFields]int64) {
	*out = [statFields]int64{int64(st.Dev), int64(st.Mode), int64(st.Nlink), int64(st.Uid), int64(st.Gid), int64(st.Rdev), int64(st.Blksize),
		int64(st.Ino), st.Size, st.Blocks, st.Atim.Sec, st.Atim.Nsec, st.Mtim.Sec, st.Mtim.Nsec, st.Ctim.Sec, st.Ctim.Nsec, st.Btim.Sec, st.Btim.Nsec}
}

func statusOfPath(p string, follow bool, out *[statFields]int64) error {
	var st unix.Stat_t
	err := retry(func() error {
		if follow {
			return unix.Stat(p, &st)
		}
		return unix.Lstat(p, &st)
	})
	if err == nil {
		status(&st, out)
	}
	return err
}

func statusOfFile(fd int, out *[statFields]int64) error {
	var st unix.Stat_t
	err := retry(func() error { return unix.Fstat(fd, &st) })
	if err == nil {
		status(&st, out)
	}
	return err
}

func statusOfSystem(p string) ([]int64, error) {
	var st unix.Statfs_t
	if err := retry(func() error { return unix.Statfs(p, &st) }); err != nil {
		return nil, err
	}
	return []int64{int64(st.Type), int64(st.Bsize), int64(st.Blocks), int64(st.Bfree), int64(st.Bavail), int64(st.Files), int64(st.Ffree), frsize(&st)}, nil
}

func clone(dst, src int) error { return unix.ENOTSUP }

func copyRange(dst, src int, n int) (int, error) { return 0, errNoCopyRange }

type entry struct {
	name string
	kind uint8
}

// dirReader reads the entries of an open directory.
type dirReader struct {
	fd  int
	f   *os.File
	end bool
}

func (d *dirReader) next(list []entry) ([]entry, error) {
	if d.f == nil {
		fd, err := unix.Dup(d.fd)
		if err != nil {
			return list, err
		}
		d.f = os.NewFile(uintptr(fd), "")
	}
	names, err := d.f.ReadDir(256)
	for _, e := range names {
		list = append(list, entry{e.Name(), kindUnknown})
	}
	if len(names) == 0 {
		d.end = true
		_ = d.f.Close()
		return list, nil
	}
	_ = err // comes again with the next call
	return list, nil
}
func frsize(st *unix.Statfs_t) int64 { return int64(st.Bsize) }
