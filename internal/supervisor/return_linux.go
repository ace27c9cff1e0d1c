package supervisor

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A program whose daemon was killed is met again at a socket in the state folder: it holds the listening end, the next daemon connects. The
// path of a socket has room for 107 bytes, so folders are named by a descriptor.

// below calls do with a short path of a name in a folder.
func below(dir, name string, do func(path string) error) error {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return do("/proc/self/fd/" + strconv.Itoa(fd) + "/" + name)
}

// listenBelow makes a listening socket and gives its descriptor.
func listenBelow(dir, name string) (fd int, err error) {
	if fd, err = newSocket(unix.AF_UNIX, unix.SOCK_STREAM); err != nil {
		return -1, err
	}
	_ = os.Remove(filepath.Join(dir, name))
	err = below(dir, name, func(path string) error { return unix.Bind(fd, &unix.SockaddrUnix{Name: path}) })
	if err == nil {
		err = os.Chmod(filepath.Join(dir, name), 0o600)
	}
	if err == nil {
		err = unix.Listen(fd, 16)
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// connectBelow connects without waiting for the program: it takes the connection when it has time.
func connectBelow(dir, name string) (*net.UnixConn, error) {
	var conn net.Conn
	err := below(dir, name, func(path string) (err error) {
		conn, err = net.DialTimeout("unix", path, time.Second)
		return err
	})
	if err != nil {
		if errors.Is(err, syscall.ENOENT) {
			return nil, os.ErrNotExist
		}
		return nil, err
	}
	return conn.(*net.UnixConn), nil
}
