package supervisor

import (
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

func TestCrowded(t *testing.T) {
	for _, c := range []struct {
		were       bool
		used, busy float64
		want       bool
	}{
		{false, 0.6, 1, true},
		{false, 0.4, 1, false}, // others keep the processors busy
		{false, 0.6, 0.7, false},
		{true, 0.4, 0.7, true},
		{true, 0.2, 1, false},
		{true, 0.6, 0.5, false},
		{false, 0, 0, false},
	} {
		if got := crowded(c.were, c.used, c.busy); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestSetYielding(t *testing.T) {
	c := exec.Command("sleep", "60")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}()
	pid := c.Process.Pid
	policy := func() uint32 {
		a, err := unix.SchedGetAttr(pid, 0)
		if err != nil {
			t.Fatal(err)
		}
		return a.Policy
	}
	before := policy()
	if before != unix.SCHED_NORMAL {
		t.Skipf("the test runs under policy %d, which stays", before)
	}
	setYielding(pid, true)
	if a, err := unix.SchedGetAttr(pid, 0); err != nil || a.Policy != unix.SCHED_BATCH || a.Flags&unix.SCHED_FLAG_RESET_ON_FORK == 0 {
		t.Errorf("%+v, %v", a, err)
	}
	setYielding(pid, false)
	if p := policy(); p != unix.SCHED_NORMAL {
		t.Errorf("policy %d", p)
	}
	setYielding(1<<30, true) // nobody: nothing happens
}

func TestProcessorMeter(t *testing.T) {
	var m processorMeter
	if busy := m.busy(); busy != 0 || m.all == 0 || m.idle > m.all {
		t.Errorf("%v of %+v", busy, m)
	}
	m.all, m.idle = m.all-1e9, m.idle-1e9 // a second of idling
	if busy := m.busy(); busy < 0 || busy > 1 {
		t.Errorf("%v", busy)
	}
}
