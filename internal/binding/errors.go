package binding

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"roost/internal/sys"
)

// Class is the JavaScript class of an error.
type Class string

// Classes of errors.
const (
	ClassError     Class = "Error"
	ClassTypeError Class = "TypeError"
	ClassRange     Class = "RangeError"
	ClassSyntax    Class = "SyntaxError"
)

// NodeError is an error with one of Node's codes (errors.html, "Node.js error codes") and extra properties.
type NodeError struct {
	Class   Class
	Code    string // "ERR_…", or "" for none
	Message string
	Props   []Result // alternating keys and values that the error object gets
}

// Error implements error.
func (e *NodeError) Error() string { return e.Message }

// JSError implements engine.JSError.
func (e *NodeError) JSError() []Result {
	return append([]Result{String(string(e.Class)), String(e.Code), String(e.Message)}, e.Props...)
}

// With adds a property to the error object.
func (e *NodeError) With(key string, value Result) *NodeError {
	e.Props = append(e.Props, String(key), value)
	return e
}

// Error makes an Error with a code.
func Error(code, format string, args ...any) *NodeError {
	return &NodeError{Class: ClassError, Code: code, Message: fmt.Sprintf(format, args...)}
}

// TypeError makes a TypeError with a code.
func TypeError(code, format string, args ...any) *NodeError {
	return &NodeError{Class: ClassTypeError, Code: code, Message: fmt.Sprintf(format, args...)}
}

// RangeError makes a RangeError with a code.
func RangeError(code, format string, args ...any) *NodeError {
	return &NodeError{Class: ClassRange, Code: code, Message: fmt.Sprintf(format, args...)}
}

// SystemError is a failed system call in libuv's form: errno (negative), code, syscall, path, dest, and the message
// "CODE: text, syscall 'path' -> 'dest'" (errors.html, "Class: SystemError").
type SystemError struct {
	Errno   int    // negative
	Code    string // "ENOENT"
	Text    string // "no such file or directory"
	Syscall string
	Path    string
	Dest    string
	Props   []Result // alternating keys and values, for address, port, hostname
	message string   // "" for the form above
}

// Error implements error.
func (e *SystemError) Error() string {
	if e.message != "" {
		return e.message
	}
	m := e.Code + ": " + e.Text + ", " + e.Syscall
	if e.Path != "" {
		m += " '" + e.Path + "'"
	}
	if e.Dest != "" {
		m += " -> '" + e.Dest + "'"
	}
	return m
}

// JSError implements engine.JSError.
func (e *SystemError) JSError() []Result {
	out := []Result{String("Error"), String(e.Code), String(e.Error()), String("errno"), Int(e.Errno), String("code"), String(e.Code),
		String("syscall"), String(e.Syscall)}
	if e.Path != "" {
		out = append(out, String("path"), String(e.Path))
	}
	if e.Dest != "" {
		out = append(out, String("dest"), String(e.Dest))
	}
	return append(out, e.Props...)
}

// With adds a property to the error object.
func (e *SystemError) With(key string, value Result) *SystemError {
	e.Props = append(e.Props, String(key), value)
	return e
}

// Syscall makes libuv's error of a failed call. err may be a syscall.Errno or wrap one (*os.PathError, *os.SyscallError, *net.OpError);
// anything else is EIO with err's own text. paths are path and dest.
func Syscall(name string, err error, paths ...string) *SystemError {
	e := &SystemError{Syscall: name}
	if errno, ok := sys.ErrnoOf(err); ok {
		e.Errno, e.Code, e.Text = sys.ErrnoNumber(errno), sys.ErrnoName(errno), sys.ErrnoMessage(errno)
	} else {
		errno := syscall.EIO
		switch {
		case errors.Is(err, fs.ErrNotExist):
			errno = syscall.ENOENT
		case errors.Is(err, fs.ErrExist):
			errno = syscall.EEXIST
		case errors.Is(err, fs.ErrPermission):
			errno = syscall.EACCES
		case errors.Is(err, fs.ErrClosed):
			errno = syscall.EBADF
		}
		e.Errno, e.Code, e.Text = sys.ErrnoNumber(errno), sys.ErrnoName(errno), sys.ErrnoMessage(errno)
		if errno == syscall.EIO {
			e.Text = err.Error()
		}
	}
	if len(paths) > 0 {
		e.Path = paths[0]
	}
	if len(paths) > 1 {
		e.Dest = paths[1]
	}
	return e
}

// Brief gives e the short message "kill ESRCH", which Node uses for process.kill and for sockets.
func (e *SystemError) Brief() *SystemError {
	e.message = e.Syscall + " " + e.Code
	return e
}

// Named makes a system error whose code is not an errno of this system (getaddrinfo's ENOTFOUND): message to the letter.
func Named(code string, errno int, syscallName, message string) *SystemError {
	return &SystemError{Errno: errno, Code: code, Syscall: syscallName, message: message}
}
