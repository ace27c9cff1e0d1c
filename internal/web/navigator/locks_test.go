package navigator

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"roost/internal/loop"
)

// newClient is a client whose loop never turns: the test reads its inbox.
func newClient(t *testing.T, name string) *lockClient {
	t.Helper()
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	return &lockClient{name: name, async: l.NewAsync(func() {})}
}

func TestLockOrder(t *testing.T) {
	m := &lockManager{names: map[place]*named{}}
	a, b := newClient(t, "a"), newClient(t, "b")
	expect := func(c *lockClient, want ...lockEvent) {
		t.Helper()
		if got := m.take(c); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("client %s has %v, want %v", c.name, got, want)
		}
	}
	request := func(c *lockClient, shared, ifAvailable, steal bool, want int) int {
		t.Helper()
		id, state := m.request(c, "x", shared, ifAvailable, steal)
		if state != want {
			t.Fatalf("state %d, want %d", state, want)
		}
		return id
	}
	s1 := request(a, true, false, false, lockGranted)
	s2 := request(b, true, false, false, lockGranted)
	e1 := request(a, false, false, false, lockWaits)
	s3 := request(b, true, false, false, lockWaits) // behind the exclusive one
	request(b, true, true, false, lockUnavailable)
	m.release(a, s1)
	expect(a)
	m.release(b, s2)
	expect(a, lockEvent{lockGranted, e1})
	if !m.release(b, s3) {
		t.Error("a request that waits is held")
	}
	request(b, false, false, true, lockGranted)
	expect(a, lockEvent{lockStolen, e1})
	waits := request(a, false, false, false, lockWaits)
	m.leave(b)
	expect(a, lockEvent{lockGranted, waits})
	m.leave(a)
	if len(m.names) != 0 {
		t.Errorf("names are left: %v", m.names)
	}
}

func TestLockHammer(t *testing.T) {
	m := &lockManager{names: map[place]*named{}}
	var inside atomic.Int32
	var wg sync.WaitGroup
	for k := range 8 {
		c := newClient(t, fmt.Sprint(k))
		wg.Go(func() {
			for n := range 200 {
				id, state := m.request(c, "x", false, false, false)
				if state == lockWaits && n%7 == k%7 && m.release(c, id) {
					continue // given up while it waited
				}
				for state == lockWaits && len(m.take(c)) == 0 {
					runtime.Gosched()
				}
				if inside.Add(1) != 1 {
					t.Error("two hold an exclusive lock")
				}
				inside.Add(-1)
				m.release(c, id)
			}
			m.leave(c)
		})
	}
	wg.Wait()
	if len(m.names) != 0 {
		t.Errorf("names are left: %v", m.names)
	}
}
