// Package sys holds thin helpers over system calls: the table of errno names,
// non-blocking sockets, pipes, and what the process and the machine use.
//
// Everything may be called from any goroutine; nothing blocks, and nothing but a
// SendRing keeps state. Errors are plain syscall.Errno values, so that the caller can name the
// call and the address in Node's way. It must import nothing of this module.
package sys
