package vitals

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Variable is the variable of the environment by which a supervisor tells a program of its pages: memory,bell:page,page,... The first
// two are descriptors, the second one may be -1; there is one page for each isolate that serves.
const Variable = "ROOST_VITALS"

// Invite is the value of Variable for a program that gets the board as descriptors memory and bell.
func Invite(memory, bell int, pages ...int) string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(memory) + "," + strconv.Itoa(bell) + ":")
	for k, n := range pages {
		if k > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// Inherit takes what the supervisor has given this program: a writer for each of its pages. The variable is removed, and programs that
// this one starts don't get the descriptors. It gives nothing when no supervisor has started the program, or one that speaks of another layout.
func Inherit() []*Writer {
	value, ok := os.LookupEnv(Variable)
	if !ok {
		return nil
	}
	_ = os.Unsetenv(Variable)
	memory, bell, pages := parseInvitation(value)
	if memory < 3 || len(pages) == 0 {
		return nil
	}
	b, err := open(memory, bell)
	if err != nil {
		return nil // the descriptors are somebody else's
	}
	unix.CloseOnExec(b.fd)
	if b.bell >= 0 {
		unix.CloseOnExec(b.bell)
	}
	var out []*Writer
	for _, n := range pages {
		out = append(out, b.Write(n))
	}
	return out
}

// BoardVariable is the variable by which a supervisor tells a process of the board for its programs, whose pages it learns later: memory,bell.
const BoardVariable = "ROOST_VITALS_BOARD"

// InviteBoard is the value of BoardVariable.
func InviteBoard(memory, bell int) string { return strconv.Itoa(memory) + "," + strconv.Itoa(bell) }

// InheritBoard takes the board that BoardVariable tells of; nil when there is none. The variable is removed, and programs that this one starts
// don't get the descriptors.
func InheritBoard() *Board {
	value, ok := os.LookupEnv(BoardVariable)
	if !ok {
		return nil
	}
	_ = os.Unsetenv(BoardVariable)
	memory, bell, _ := parseInvitation(value + ":0")
	if memory < 3 {
		return nil
	}
	b, err := open(memory, bell)
	if err != nil {
		return nil
	}
	unix.CloseOnExec(b.fd)
	if b.bell >= 0 {
		unix.CloseOnExec(b.bell)
	}
	return b
}

// Invited reads what Invite wrote; there are no pages when it is something else.
func Invited(value string) (memory, bell int, pages []int) { return parseInvitation(value) }

func parseInvitation(s string) (memory, bell int, pages []int) {
	files, list, ok := strings.Cut(s, ":")
	first, second, ok2 := strings.Cut(files, ",")
	if !ok || !ok2 {
		return -1, -1, nil
	}
	memory, err := strconv.Atoi(first)
	bell, err2 := strconv.Atoi(second)
	if err != nil || err2 != nil {
		return -1, -1, nil
	}
	for _, text := range strings.Split(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n >= Pages {
			return -1, -1, nil
		}
		pages = append(pages, n)
	}
	return memory, bell, pages
}
