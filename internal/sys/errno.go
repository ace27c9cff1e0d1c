package sys

import (
	"errors"
	"strconv"
	"syscall"
)

// Errors that libuv adds to the system's, by the number that it gives them,
// without the sign.
const (
	EOF     = syscall.Errno(4095)
	Unknown = syscall.Errno(4094)

	ECHARSET = syscall.Errno(4080)

	EAI_ADDRFAMILY = syscall.Errno(3000)
	EAI_AGAIN      = syscall.Errno(3001)
	EAI_BADFLAGS   = syscall.Errno(3002)
	EAI_CANCELED   = syscall.Errno(3003)
	EAI_FAIL       = syscall.Errno(3004)
	EAI_FAMILY     = syscall.Errno(3005)
	EAI_MEMORY     = syscall.Errno(3006)
	EAI_NODATA     = syscall.Errno(3007)
	EAI_NONAME     = syscall.Errno(3008)
	EAI_OVERFLOW   = syscall.Errno(3009)
	EAI_SERVICE    = syscall.Errno(3010)
	EAI_SOCKTYPE   = syscall.Errno(3011)
	EAI_BADHINTS   = syscall.Errno(3013)
	EAI_PROTOCOL   = syscall.Errno(3014)
)

// ErrnoInfo is one known error.
type ErrnoInfo struct {
	Errno   syscall.Errno // positive; Node shows it negated
	Name    string        // "ECONNREFUSED"
	Message string        // "connection refused"
}

var (
	byErrno = make(map[syscall.Errno]*ErrnoInfo, len(table)) // immutable after init
	byName  = make(map[string]*ErrnoInfo, len(table))        // immutable after init
)

func init() {
	for i := range table {
		byErrno[table[i].Errno] = &table[i]
		byName[table[i].Name] = &table[i]
	}
}

// ErrnoName is the error's name, such as "ECONNREFUSED". For an error that Node
// doesn't know it is Node's "Unknown system error -122".
func ErrnoName(e syscall.Errno) string {
	if info := byErrno[e]; info != nil {
		return info.Name
	}
	return unknownErrno(e)
}

// ErrnoMessage is libuv's text, such as "connection refused".
func ErrnoMessage(e syscall.Errno) string {
	if info := byErrno[e]; info != nil {
		return info.Message
	}
	return unknownErrno(e)
}

func unknownErrno(e syscall.Errno) string {
	return "Unknown system error -" + strconv.FormatUint(uint64(e), 10)
}

// ErrnoNumber is the number that Node shows: the errno, negated.
func ErrnoNumber(e syscall.Errno) int { return -int(e) }

// ErrnoByName finds an errno by its name.
func ErrnoByName(name string) (syscall.Errno, bool) {
	if info := byName[name]; info != nil {
		return info.Errno, true
	}
	return 0, false
}

// ErrnoOf finds the errno in a chain of errors.
func ErrnoOf(err error) (syscall.Errno, bool) {
	var e syscall.Errno
	if errors.As(err, &e) {
		return e, e != 0
	}
	return 0, false
}

// Errnos lists all known errors in the order of util.getSystemErrorMap(). The
// slice is shared: don't change it.
func Errnos() []ErrnoInfo { return table }
