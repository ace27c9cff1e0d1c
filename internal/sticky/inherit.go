package sticky

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Variable is the variable of the environment by which the supervisor tells a process that clients stick to instances: see Invite.
const Variable = "ROOST_STICKY"

// Place is what a program needs to hand connections to the other instances.
type Place struct {
	Folder int // a descriptor of the folder with their sockets
	By     By
}

// Invite is the value of Variable for a process that has the folder as a descriptor.
func Invite(folder int, by By) string { return strconv.Itoa(folder) + "," + by.String() }

// Inherit takes what Variable tells of; nil when there is nothing. The variable is removed, and programs that this one starts don't get the
// descriptor. By is off in a host of threads, whose programs are told one by one.
func Inherit() *Place {
	value, ok := os.LookupEnv(Variable)
	if !ok {
		return nil
	}
	_ = os.Unsetenv(Variable)
	number, text, ok := strings.Cut(value, ",")
	folder, err := strconv.Atoi(number)
	by, errBy := Parse(text)
	if !ok || err != nil || errBy != nil || folder < 3 {
		return nil
	}
	var st unix.Stat_t
	if unix.Fstat(folder, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFDIR {
		return nil // somebody else's
	}
	unix.CloseOnExec(folder)
	return &Place{Folder: folder, By: by}
}
