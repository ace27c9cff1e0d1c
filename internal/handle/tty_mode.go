package handle

import "golang.org/x/sys/unix"

// Type is what a descriptor refers to, by libuv's names.
type Type string

// The types that Node tells apart when it makes its standard streams.
const (
	TypeFile    Type = "FILE"
	TypeTTY     Type = "TTY"
	TypePipe    Type = "PIPE"
	TypeTCP     Type = "TCP"
	TypeUDP     Type = "UDP"
	TypeUnknown Type = "UNKNOWN"
	TypeInvalid Type = "INVALID"
)

// TypeOf tells what fd refers to.
func TypeOf(fd int) Type {
	if fd < 0 {
		return TypeInvalid
	}
	if IsTTY(fd) {
		return TypeTTY
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return TypeInvalid
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG, unix.S_IFCHR:
		return TypeFile
	case unix.S_IFIFO:
		return TypePipe
	case unix.S_IFSOCK:
	default:
		return TypeUnknown
	}
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil {
		return TypeUnknown
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return TypeUnknown
	}
	_, v4 := name.(*unix.SockaddrInet4)
	_, v6 := name.(*unix.SockaddrInet6)
	_, local := name.(*unix.SockaddrUnix)
	switch {
	case kind == unix.SOCK_STREAM && (v4 || v6):
		return TypeTCP
	case kind == unix.SOCK_DGRAM && (v4 || v6):
		return TypeUDP
	case kind == unix.SOCK_STREAM && local, local:
		return TypePipe
	}
	return TypeUnknown
}

// IsTTY tells whether fd is a terminal.
func IsTTY(fd int) bool {
	_, err := unix.IoctlGetTermios(fd, ioctlGetTermios)
	return err == nil
}

// WindowSize is the terminal's size in characters.
func WindowSize(fd int) (columns, rows int, err error) {
	w, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ)
	if err != nil {
		return 0, 0, err
	}
	return int(w.Col), int(w.Row), nil
}

// Mode is a terminal's mode, to be restored.
type Mode unix.Termios

// SetRaw makes the terminal give every key at once, without echo and without signals, and returns the mode before.
func SetRaw(fd int) (*Mode, error) {
	t, err := unix.IoctlGetTermios(fd, ioctlGetTermios)
	if err != nil {
		return nil, err
	}
	before := Mode(*t)
	t.Iflag &^= unix.BRKINT | unix.ICRNL | unix.INPCK | unix.ISTRIP | unix.IXON
	t.Oflag |= unix.ONLCR
	t.Cflag |= unix.CS8
	t.Lflag &^= unix.ECHO | unix.ICANON | unix.IEXTEN | unix.ISIG
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, ioctlSetTermios, t); err != nil {
		return nil, err
	}
	return &before, nil
}

// Restore sets a mode that SetRaw returned.
func (m *Mode) Restore(fd int) error {
	t := unix.Termios(*m)
	return unix.IoctlSetTermios(fd, ioctlSetTermios, &t)
}
