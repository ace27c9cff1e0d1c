package spawn

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What the supervisor does to a busy worker isn't inherited, what somebody else has chosen is.
func TestPolicy(t *testing.T) {
	runtime.LockOSThread() // for good: the thread ends with the test
	policy := func() string {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		o := options("cut", "-d ", "-f41", "/proc/self/stat")
		o.Files = []int{Close, int(w.Fd()), Close}
		p, err := Start(o)
		w.Close()
		if err != nil {
			t.Fatal(err)
		}
		text := make([]byte, 16)
		n, _ := r.Read(text)
		if _, err := p.WaitBlocking(); err != nil {
			t.Error(err)
		}
		return strings.TrimSpace(string(text[:n]))
	}
	a, err := unix.SchedGetAttr(0, 0)
	if err != nil || a.Policy != unix.SCHED_NORMAL {
		t.Skipf("the test runs under another policy: %+v, %v", a, err)
	}
	for _, c := range []struct {
		flags uint64
		want  string
	}{{0, "3"}, {unix.SCHED_FLAG_RESET_ON_FORK, "0"}} {
		a.Policy, a.Flags = unix.SCHED_BATCH, c.flags
		if err := unix.SchedSetAttr(0, a, 0); err != nil {
			t.Fatal(err)
		}
		if got := policy(); got != c.want {
			t.Errorf("with flags %d: policy %s, not %s", c.flags, got, c.want)
		}
		if now, err := unix.SchedGetAttr(0, 0); err != nil || now.Policy != unix.SCHED_BATCH {
			t.Errorf("the thread itself: %+v, %v", now, err)
		}
	}
}
