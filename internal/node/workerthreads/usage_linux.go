package workerthreads

import "golang.org/x/sys/unix"

// threadUsage is the processor time of the calling thread in microseconds.
func threadUsage() (user, system float64, err error) {
	var r unix.Rusage
	err = unix.Getrusage(unix.RUSAGE_THREAD, &r)
	return micros(r.Utime), micros(r.Stime), err
}
