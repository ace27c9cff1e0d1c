package sys

import (
	"bytes"
	"time"

	"golang.org/x/sys/unix"
)

// Usage is what getrusage(2) reports, in the units of process.resourceUsage().
type Usage struct {
	User, System                time.Duration
	MaxRSS                      int64 // kilobytes
	SharedMemory                int64
	UnsharedData, UnsharedStack int64
	MinorFaults, MajorFaults    int64
	Swaps                       int64
	BlocksIn, BlocksOut         int64
	MessagesSent, MessagesRecv  int64
	Signals                     int64
	VoluntarySwitches           int64
	InvoluntarySwitches         int64
}

// ProcessUsage is the usage of the whole process.
func ProcessUsage() (Usage, error) { return usage(unix.RUSAGE_SELF) }

func usage(who int) (Usage, error) {
	var r unix.Rusage
	if err := unix.Getrusage(who, &r); err != nil {
		return Usage{}, err
	}
	return Usage{
		User:                time.Duration(r.Utime.Nano()),
		System:              time.Duration(r.Stime.Nano()),
		MaxRSS:              r.Maxrss / maxRSSUnit,
		SharedMemory:        r.Ixrss,
		UnsharedData:        r.Idrss,
		UnsharedStack:       r.Isrss,
		MinorFaults:         r.Minflt,
		MajorFaults:         r.Majflt,
		Swaps:               r.Nswap,
		BlocksIn:            r.Inblock,
		BlocksOut:           r.Oublock,
		MessagesSent:        r.Msgsnd,
		MessagesRecv:        r.Msgrcv,
		Signals:             r.Nsignals,
		VoluntarySwitches:   r.Nvcsw,
		InvoluntarySwitches: r.Nivcsw,
	}, nil
}

// Name is what uname(2) reports, for the os module.
type Name struct{ System, Node, Release, Version, Machine string }

// Uname reads the names of the system.
func Uname() (Name, error) {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return Name{}, err
	}
	return Name{
		System:  text(u.Sysname[:]),
		Node:    text(u.Nodename[:]),
		Release: text(u.Release[:]),
		Version: text(u.Version[:]),
		Machine: text(u.Machine[:]),
	}, nil
}

// text is a C string's.
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}

// CPU is one processor, for os.cpus().
type CPU struct {
	Model                         string
	MHz                           int
	User, Nice, System, Idle, IRQ time.Duration
}
