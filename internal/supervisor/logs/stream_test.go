package logs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

type bench struct {
	t        *testing.T
	dir      string
	files    Files
	notifier *Notifier
}

func newBench(t *testing.T) *bench {
	t.Helper()
	n, err := NewNotifier()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return &bench{t: t, dir: t.TempDir(), notifier: n}
}

func (b *bench) spool(name string) (*Spool, *os.File) {
	b.t.Helper()
	s, w, err := CreateSpool(filepath.Join(b.dir, name))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { w.Close() })
	return s, w
}

func (b *bench) start(s *Spool, r Rotation, o Options, names ...string) *Stream {
	for _, name := range names {
		o.Files = append(o.Files, b.files.Open(filepath.Join(b.dir, name), r))
	}
	if o.Kind == "" {
		o.Kind = Out
	}
	return Start(s, b.notifier, o)
}

// read gives all that was written to a log, old files first.
func (b *bench) read(name string) string {
	b.t.Helper()
	b.files.WaitArchives()
	path := filepath.Join(b.dir, name)
	var all bytes.Buffer
	for _, old := range append(Archives(path), path) {
		text, err := os.ReadFile(old)
		if err != nil {
			b.t.Fatal(err)
		}
		if strings.HasSuffix(old, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(text))
			if err != nil {
				b.t.Fatal(err)
			}
			if text, err = io.ReadAll(z); err != nil {
				b.t.Fatal(err)
			}
		}
		if len(text) > 0 && text[len(text)-1] != '\n' {
			b.t.Errorf("%s: its last line is torn", old)
		}
		all.Write(text)
	}
	return all.String()
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

var fixed = time.Date(2026, 11, 29, 14, 56, 13, 549_000_000, time.UTC)

func TestFormats(t *testing.T) {
	now := func() time.Time { return fixed }
	for _, c := range []struct {
		name   string
		format Format
		text   string
		want   string
	}{
		{"plain", Format{}, "a\nb\n", "a\nb\n"},
		{"last line without break", Format{}, "a\nb", "a\nb\n"},
		{"date", Format{Date: Compile("YYYY-MM-DD")}, "a\n\nb", "2026-11-29: a\n2026-11-29: \n2026-11-29: b\n"},
		{"json", Format{JSON: true, App: "w", ID: 2}, "tick\n",
			`{"message":"tick\n","timestamp":"2026-11-29T14:56:13.549Z","type":"out","process_id":2,"app_name":"w"}` + "\n"},
	} {
		b := newBench(t)
		s, w := b.spool("s")
		st := b.start(s, Rotation{}, Options{Format: c.format, Now: now}, "x.log")
		fmt.Fprint(w, c.text)
		st.FinishBlocking()
		if got := b.read("x.log"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if _, err := os.Stat(filepath.Join(b.dir, "s")); err == nil {
			t.Errorf("%s: the spool is left", c.name)
		}
	}
}

// Two programs write to one merged log, which is rotated, flushed of nothing and reopened meanwhile: every line arrives whole, in its order.
func TestHammer(t *testing.T) {
	const lines = 20000
	b := newBench(t)
	r := Rotation{MaxSize: 64 << 10, Compress: true}
	var writers sync.WaitGroup
	var streams []*Stream
	for p := range 2 {
		s, w := b.spool(fmt.Sprint("s", p))
		streams = append(streams, b.start(s, r, Options{}, fmt.Sprintf("own%d.log", p), "merged.log"))
		writers.Add(1)
		go func() {
			defer writers.Done()
			for k := range lines {
				line := fmt.Sprintf("%d %d %s\n", p, k, strings.Repeat("x", k%97))
				// In two writes: the stream must wait for the line's end.
				cut := k % len(line)
				w.WriteString(line[:cut])
				w.WriteString(line[cut:])
			}
		}()
	}
	stop := make(chan struct{})
	var reopen sync.WaitGroup
	reopen.Add(1)
	go func() {
		defer reopen.Done()
		for {
			select {
			case <-stop:
				return
			case <-time.After(3 * time.Millisecond):
				b.files.Reopen()
			}
		}
	}()
	writers.Wait()
	for _, st := range streams {
		st.FinishBlocking()
	}
	close(stop)
	reopen.Wait()
	for _, name := range []string{"own0.log", "own1.log", "merged.log"} {
		next := map[int]int{}
		total := 0
		for _, line := range strings.Split(strings.TrimSuffix(b.read(name), "\n"), "\n") {
			var p, k int
			var x string
			n, _ := fmt.Sscanf(line, "%d %d %s", &p, &k, &x)
			if n < 2 || len(x) != k%97 || next[p] != k {
				t.Fatalf("%s: line %q, expected number %d", name, line, next[p])
			}
			next[p]++
			total++
		}
		if want := map[bool]int{true: 2 * lines, false: lines}[name == "merged.log"]; total != want {
			t.Errorf("%s: %d lines, want %d", name, total, want)
		}
	}
	if len(Archives(filepath.Join(b.dir, "merged.log"))) < 10 {
		t.Error("hardly rotated")
	}
}

// The daemon leaves, the program goes on writing, the next daemon continues at the same place.
func TestNextDaemonContinues(t *testing.T) {
	b := newBench(t)
	s, w := b.spool("s")
	st := b.start(s, Rotation{}, Options{}, "x.log")
	fmt.Fprint(w, "one\ntw")
	eventually(t, "the first line is there", func() bool { return b.read("x.log") == "one\n" })
	st.LeaveBlocking()
	fmt.Fprint(w, "o\nthree\n")
	// It was killed in the middle of a write.
	f := b.files.Open(filepath.Join(b.dir, "x.log"), Rotation{})
	b.files.Release(f)
	b.files.Release(f)
	if torn, err := os.OpenFile(filepath.Join(b.dir, "x.log"), os.O_APPEND|os.O_WRONLY, 0); err == nil {
		torn.WriteString("tw")
		torn.Close()
	}
	again, err := OpenSpool(filepath.Join(b.dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	st = b.start(again, Rotation{}, Options{}, "x.log")
	st.FinishBlocking()
	if got := b.read("x.log"); got != "one\ntwo\nthree\n" {
		t.Errorf("%q", got)
	}
}

func TestTooFarAheadIsCountedAndSaid(t *testing.T) {
	b := newBench(t)
	s, w := b.spool("s")
	var text strings.Builder
	for k := range 50000 {
		fmt.Fprintf(&text, "line %d\n", k)
	}
	fmt.Fprint(w, text.String())
	st := b.start(s, Rotation{}, Options{Backlog: 100 << 10}, "x.log")
	st.FinishBlocking()
	got := b.read("x.log")
	if st.Dropped() == 0 || !strings.Contains(got, fmt.Sprintf("keep up: %d lines", st.Dropped())) {
		t.Errorf("dropped %d; begins %q", st.Dropped(), got[:100])
	}
	if n := int64(strings.Count(got, "\n")); n-1+st.Dropped() != 50000 {
		t.Errorf("%d lines written, %d dropped", n, st.Dropped())
	}
	if !strings.HasSuffix(got, "line 49999\n") {
		t.Error("the newest line is missing")
	}
}

// A log that can't be written is tried again; files that took the lines don't get them twice.
func TestFailedWriteIsRepeated(t *testing.T) {
	b := newBench(t)
	s, w := b.spool("s")
	blocker := filepath.Join(b.dir, "dir")
	if err := os.WriteFile(blocker, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	st := b.start(s, Rotation{}, Options{}, "x.log", "dir/y.log")
	fmt.Fprint(w, "one\n")
	eventually(t, "the failure is known", func() bool { return st.Failure() != nil })
	fmt.Fprint(w, "two\n")
	os.Remove(blocker)
	eventually(t, "it works again", func() bool { return st.Failure() == nil && s.pos == 8 })
	st.FinishBlocking()
	for _, name := range []string{"x.log", "dir/y.log"} {
		if got := b.read(name); got != "one\ntwo\n" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestRotation(t *testing.T) {
	clock := time.Date(2026, 11, 29, 23, 59, 0, 0, time.UTC)
	b := newBench(t)
	b.files.Now = func() time.Time { return clock }
	f := b.files.Open(filepath.Join(b.dir, "x.log"), Rotation{Daily: true, MaxSize: 10, Keep: 2, Compress: true})
	for _, step := range []struct {
		text string
		wait time.Duration
		old  int
	}{
		{"a\n", time.Second, 0}, {"b\n", time.Minute, 0}, {"c\n", time.Second, 1}, {"dddddddd\n", 0, 2}, {"eeeeeeee\n", 0, 2}, {"ffff\n", 0, 2},
	} {
		if err := f.Write([]byte(step.text)); err != nil {
			t.Fatal(err)
		}
		clock = clock.Add(step.wait)
		b.files.WaitArchives()
		if n := len(Archives(f.Path())); n != step.old {
			t.Errorf("after %q: %d old files, want %d", step.text, n, step.old)
		}
	}
	if got := b.read("x.log"); got != "dddddddd\neeeeeeee\nffff\n" {
		t.Errorf("kept %q", got)
	}
	if err := f.Flush(); err != nil || len(b.read("x.log")) != 18 {
		t.Errorf("flush: %v, %q", err, b.read("x.log"))
	}
}

// Memory and disk: what was read of a spool is given back.
func TestSpoolIsFreed(t *testing.T) {
	b := newBench(t)
	s, w := b.spool("s")
	st := b.start(s, Rotation{MaxSize: 1 << 20, Keep: 1}, Options{}, "x.log")
	line := strings.Repeat("x", 1023) + "\n"
	for range 8 << 10 {
		w.WriteString(line)
	}
	eventually(t, "all is read", func() bool {
		st.mu.Lock()
		defer st.mu.Unlock()
		return len(st.last) == lastLines && st.failure == nil && strings.HasPrefix(st.last[0], "xxx")
	})
	st.LeaveBlocking()
	again, err := OpenSpool(filepath.Join(b.dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Remove()
	st = b.start(again, Rotation{}, Options{}, "x.log")
	st.FinishBlocking()
}

func TestFollowers(t *testing.T) {
	b := newBench(t)
	var hub Hub
	slow := hub.Follow(func(int, Kind) bool { return true })
	other := hub.Follow(func(id int, _ Kind) bool { return id == 7 })
	s, w := b.spool("s")
	st := b.start(s, Rotation{}, Options{Hub: &hub, Format: Format{ID: 3, App: "x", Date: Compile("[d]")}}, "x.log")
	for k := range followerRoom + 5 {
		fmt.Fprintln(w, k)
	}
	st.FinishBlocking()
	if l := <-slow.C; l.Text != "d: 0" || l.Raw != "0" || l.ID != 3 || l.Kind != Out {
		t.Errorf("%+v", l)
	}
	if len(other.C) != 0 {
		t.Error("a line for nobody")
	}
	hub.publish(Line{})
	for range followerRoom - 1 {
		<-slow.C
	}
	if l := <-slow.C; l.Lost != 5 {
		t.Errorf("lost %d, want 5", l.Lost)
	}
	hub.Leave(slow)
	hub.Leave(other)
	if hub.isFollowed() {
		t.Error("somebody is left")
	}
}

func FuzzFormat(f *testing.F) {
	f.Add([]byte("a\nb"), true)
	f.Add([]byte("\xff\n\n"), false)
	f.Fuzz(func(t *testing.T, text []byte, asJSON bool) {
		if len(text) == 0 {
			return
		}
		s := &Stream{o: Options{Kind: Out, Format: Format{JSON: asJSON, Date: Compile("ss")}}}
		got := s.format(text, nil, fixed)
		want := bytes.Count(text, []byte("\n"))
		if text[len(text)-1] != '\n' {
			want++
		}
		if bytes.Count(got, []byte("\n")) != want {
			t.Errorf("%q became %q", text, got)
		}
	})
}
