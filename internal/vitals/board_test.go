package vitals

import (
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
	"unsafe"
)

func newBoard(t testing.TB) *Board {
	t.Helper()
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func TestBucketOf(t *testing.T) {
	for k := range Buckets {
		if got := bucketOf(bounds[k]); got != k {
			t.Errorf("the bound of bucket %d falls into %d", k, got)
		}
		if got, want := bucketOf(bounds[k]+1), min(k+1, Buckets-1); got != want {
			t.Errorf("what is longer than bucket %d's bound falls into %d", k, got)
		}
	}
	if bucketOf(0) != 0 || bucketOf(^uint64(0)) != Buckets-1 {
		t.Error("the ends")
	}
}

func TestWriteAndRead(t *testing.T) {
	b := newBoard(t)
	n, err := b.Take(0)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.Read(n); ok {
		t.Error("a page that nobody has written can be read")
	}
	w := b.Write(n)
	sampled := 0
	w.Start(func() { sampled++ })
	now := Now() - int64(100*time.Millisecond) // a program's life, told in the past
	w.Resume(now)
	w.Sleep(now+1e6, 3, 2)
	w.Wake(now + 5e6)
	w.Turn(now + 7e6)
	w.Sleep(now+8e6, 4, 1)
	w.Listens(1)
	w.Opened()
	w.Opened()
	w.Closed(time.Minute)
	w.Begin()
	w.Begin()
	w.Answered(404, time.Millisecond)
	s, ok := b.Read(n)
	if !ok || s.Conns != 1 || s.Accepted != 2 || !s.Listening || s.Handles != 4 || s.InFlight != 1 || sampled != 1 {
		t.Errorf("got %+v", s)
	}
	if s.Loop.Turns != 3 || s.Loop.Busy != 4*time.Millisecond || s.Loop.Lag.Max != 2*time.Millisecond || s.Loop.Running != 0 ||
		s.Loop.Idle < 4*time.Millisecond+90*time.Millisecond {
		t.Errorf("loop: %+v", s.Loop)
	}
	if r := s.Requests; r.Total != 1 || r.ByClass != [5]uint64{0, 0, 0, 1, 0} || r.Pending != 1 || r.Duration.Count() != 1 {
		t.Errorf("requests: %+v", r)
	}
	w.Wake(Now() - int64(time.Second))
	if s, _ := b.Read(n); s.Loop.Running < time.Second || s.Beat < time.Second {
		t.Errorf("a turn that goes on: %+v", s.Loop.Running)
	}
	b.Free(n)
	if _, ok := b.Read(n); ok {
		t.Error("a page that was taken back can be read")
	}
	if again, _ := b.Take(0); again != n {
		t.Errorf("page %d is not given out again, but %d", n, again)
	}
	if _, ok := b.Read(n); ok {
		t.Error("a page that was given out again has old figures")
	}
}

func TestNilWriter(t *testing.T) {
	var w *Writer
	w.Start(nil)
	w.Resume(1)
	w.Sleep(2, 0, 0)
	w.Wake(3)
	w.Turn(4)
	w.Opened()
	w.Closed(time.Minute)
	w.Listens(1)
	w.Begin()
	w.Abandon()
	w.Answered(200, 0)
	w.SetIsolates(2)
}

func TestFull(t *testing.T) {
	b := newBoard(t)
	for range Pages {
		if _, err := b.Take(0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Take(0); err != ErrFull {
		t.Errorf("got %v", err)
	}
}

func TestInvitation(t *testing.T) {
	memory, bell, pages := parseInvitation(Invite(4, 5, 7, 9))
	if memory != 4 || bell != 5 || len(pages) != 2 || pages[0] != 7 || pages[1] != 9 {
		t.Errorf("got %d %d %v", memory, bell, pages)
	}
	for _, bad := range []string{"", "4", "4,5", "4,5:", "4,5:-1", "4,5:1024", "x,5:1", ":1", "4:1", "4,5:1,"} {
		if _, _, pages := parseInvitation(bad); len(pages) > 0 {
			t.Errorf("%q is taken for %v", bad, pages)
		}
	}
}

// Readers and writers of several pages at once, and a supervisor that gives pages out and takes them back.
func TestHammer(t *testing.T) {
	b := newBoard(t)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for round := 0; ; round++ {
				select {
				case <-stop:
					return
				default:
				}
				n, err := b.Take(0)
				if err != nil {
					t.Error(err)
					return
				}
				w := b.Write(n)
				w.Start(func() {})
				for range 200 {
					now := Now()
					w.Wake(now)
					w.Opened()
					w.Begin()
					w.Answered(200, time.Duration(rand.Int64N(int64(time.Second))))
					w.Closed(time.Minute)
					w.Sleep(now+int64(rand.IntN(1e6)), 1, 1)
				}
				if s, ok := b.Read(n); !ok || s.Requests.Total != 200 || s.Conns != 0 || s.Accepted != 200 {
					t.Errorf("its own page: %+v %v", s.Requests, ok)
				}
				b.Free(n)
			}
		}()
	}
	for range 2000 {
		for n := range 6 {
			if s, ok := b.Read(n); ok && (s.Requests.Total > 200 || s.Conns < 0 || s.Conns > 1) {
				t.Errorf("page %d: %+v", n, s)
			}
		}
	}
	close(stop)
	wg.Wait()
}

// Whatever programs write, a reader gets something that is in range and can be sent on.
func FuzzRead(f *testing.F) {
	f.Add([]byte{}, uint16(0))
	f.Add([]byte{255}, uint16(64))
	f.Add([]byte("new_space\x00\xff\x80"), uint16(8))
	b := newBoard(f)
	n, _ := b.Take(0)
	f.Fuzz(func(t *testing.T, pattern []byte, from uint16) {
		s := unsafe.Slice((*byte)(unsafe.Pointer(b.seat(n))), seatLen)
		p := unsafe.Slice((*byte)(unsafe.Pointer(b.page(n))), pageLen)
		if len(pattern) > 0 {
			for k := range s {
				s[k] = pattern[k%len(pattern)]
			}
			for k := int(from) % pageLen; k < pageLen; k++ {
				p[k] = pattern[(k*7)%len(pattern)]
			}
		}
		b.seat(n).taken = 1
		got, ok := b.Read(n)
		if !ok {
			return
		}
		if got.Conns < 0 || got.Handles < 0 || got.Pid <= 0 || got.Beat < 0 || got.Loop.Busy < 0 || got.Loop.Idle < 0 || got.Loop.Lag.Quantile(0.5) < 0 {
			t.Errorf("out of range: %+v", got)
		}
		if _, err := json.Marshal(got); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkTurn(b *testing.B) {
	w := newBoard(b).Write(0)
	w.Start(nil)
	now := Now()
	for b.Loop() {
		w.Wake(now)
		w.Sleep(now+100_000, 1, 1)
		now += 200_000
	}
}
