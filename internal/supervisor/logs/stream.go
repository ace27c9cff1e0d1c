// Package logs brings what programs print into files: a file for each stream or one for both, with dates or as JSON, rotated by size and by
// day, compressed, counted.
//
// A program writes to a Spool, an ordinary file, and never waits for anybody. A Stream reads the spool from its own goroutine, writes whole
// lines to its Files, and moves the spool's position only then: what is not in a log yet is still in the spool, also when the daemon is killed.
// Memory is bounded by one chunk a stream that is busy. See "What do programs of the supervisor write to?" in docs/rationale.md.
//
// The package imports nothing of this module.
package logs

import (
	"bytes"
	"fmt"
	"sync"
	"time"
)

const (
	// maxLine is the longest line that is kept whole; it is also how much is read at once.
	maxLine = 256 << 10
	// DefaultBacklog is how far a program may be ahead of its log before lines are dropped.
	DefaultBacklog = 256 << 20
	// lastLines is how many lines a stream remembers, of at most lastLineLength bytes each.
	lastLines      = 20
	lastLineLength = 512
	// retryDelay is how long a stream waits after a failed write (a full disk).
	retryDelay = time.Second
	// pollInterval is how often a stream looks when the system doesn't wake it.
	pollInterval = 200 * time.Millisecond
)

// Options is what a stream does with its lines.
type Options struct {
	Kind    Kind
	Format  Format
	Files   []*File // every line goes to each; they are the caller's to release after Finish
	Hub     *Hub    // may be nil
	Backlog int64   // 0: DefaultBacklog
	Now     func() time.Time
}

// Stream moves the lines of one spool to files.
type Stream struct {
	o        Options
	spool    *Spool
	notifier *Notifier
	wake     chan struct{}
	finish   chan struct{} // closed: the program has ended
	leave    chan struct{} // closed: the daemon leaves
	done     chan struct{}

	written []bool // goroutine only: files that have the chunk in hand, after another's failure
	retry   int    // goroutine only: length of that chunk; 0: none

	mu      sync.Mutex
	last    []string // guarded by mu
	dropped int64    // guarded by mu: lines
	failure error    // guarded by mu: of the last write
}

// Start begins to read.
func Start(s *Spool, n *Notifier, o Options) *Stream {
	if o.Backlog == 0 {
		o.Backlog = DefaultBacklog
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	st := &Stream{o: o, spool: s, notifier: n, wake: make(chan struct{}, 1), finish: make(chan struct{}), leave: make(chan struct{}), done: make(chan struct{})}
	go st.run()
	return st
}

// FinishBlocking is called once when the program has ended: it returns when every line is written, a last one without a line break too, and
// deletes the spool. With a full disk it gives up at its first error.
func (s *Stream) FinishBlocking() {
	close(s.finish)
	<-s.done
	s.spool.Remove()
}

// LeaveBlocking is called once, instead, when the daemon leaves the program running.
func (s *Stream) LeaveBlocking() {
	close(s.leave)
	<-s.done
	s.spool.Close()
}

// Last gives the last lines, oldest first.
func (s *Stream) Last() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.last...)
}

// Dropped is how many lines never reached the files because the program was too far ahead.
func (s *Stream) Dropped() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

// Failure is why the last write failed, or nil.
func (s *Stream) Failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}

func (s *Stream) run() {
	defer close(s.done)
	for {
		armed := s.notifier.arm(s.spool.path, s.wake) == nil
		err := s.drain(false)
		if !s.pause(armed, err) {
			return
		}
	}
}

// pause waits for more. It returns false at the end.
func (s *Stream) pause(armed bool, err error) bool {
	var timer <-chan time.Time
	switch {
	case err != nil:
		timer = time.After(retryDelay)
	case !armed:
		timer = time.After(pollInterval)
	}
	select {
	case <-s.wake:
	case <-timer:
	case <-s.leave:
		return false
	case <-s.finish:
		_ = s.drain(true)
		return false
	}
	return true
}

// drain moves all whole lines, and at the end what is left. What can't be written stays in the spool.
func (s *Stream) drain(atEnd bool) error {
	var buf, out []byte
	for {
		s.limit()
		pending := s.spool.Size() - s.spool.pos
		if pending <= 0 {
			return nil
		}
		want := int(min(pending, maxLine))
		if s.retry > 0 {
			want = s.retry // exactly what some of the files have already
		}
		if cap(buf) < want {
			buf = make([]byte, want)
		} else {
			buf = buf[:want]
		}
		n, err := s.spool.read(buf)
		if err != nil || n == 0 {
			return err
		}
		whole := bytes.LastIndexByte(buf[:n], '\n') + 1
		if whole == 0 {
			if n < maxLine && !atEnd && s.retry == 0 {
				return nil // the line isn't complete
			}
			whole = n
		}
		if out, err = s.move(buf[:whole], out[:0]); err != nil {
			return err
		}
		select {
		case <-s.leave:
			return nil
		default:
		}
	}
}

// move writes lines to the files and then counts them as done.
func (s *Stream) move(lines, out []byte) ([]byte, error) {
	now := s.o.Now()
	text := lines
	if !s.o.Format.isPlain() || lines[len(lines)-1] != '\n' {
		text = s.format(lines, out, now)
	}
	err := s.write(text)
	s.mu.Lock()
	s.failure = err
	s.mu.Unlock()
	if err != nil {
		s.retry = len(lines)
		return text, err
	}
	s.retry = 0
	s.spool.done(int64(len(lines)))
	s.remember(lines)
	if s.o.Hub.isFollowed() {
		s.publish(lines, text, now)
	}
	if s.o.Format.isPlain() {
		return out, nil
	}
	return text, nil
}

func (s *Stream) format(lines, out []byte, now time.Time) []byte {
	for len(lines) > 0 {
		line, rest, _ := bytes.Cut(lines, []byte{'\n'})
		out = s.o.Format.appendLine(out, line, s.o.Kind, now)
		lines = rest
	}
	return out
}

// write gives text to every file. After a failure those that have it already are left out.
func (s *Stream) write(text []byte) error {
	if s.written == nil {
		s.written = make([]bool, len(s.o.Files))
	}
	for k, f := range s.o.Files {
		if s.written[k] {
			continue
		}
		if err := f.Write(text); err != nil {
			return err
		}
		s.written[k] = true
	}
	clear(s.written)
	return nil
}

func (s *Stream) remember(lines []byte) {
	lines = bytes.TrimSuffix(lines, []byte{'\n'})
	var found []string
	for len(found) < lastLines {
		k := bytes.LastIndexByte(lines, '\n')
		line := lines[k+1:]
		found = append(found, string(line[:min(len(line), lastLineLength)]))
		if k < 0 {
			break
		}
		lines = lines[:k]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if keep := lastLines - len(found); len(s.last) > keep {
		s.last = s.last[len(s.last)-keep:]
	}
	s.last = append([]string(nil), s.last...)
	for k := len(found) - 1; k >= 0; k-- {
		s.last = append(s.last, found[k])
	}
}

func (s *Stream) publish(lines, text []byte, now time.Time) {
	for len(lines) > 0 && len(text) > 0 {
		var raw, shown []byte
		raw, lines, _ = bytes.Cut(lines, []byte{'\n'})
		shown, text, _ = bytes.Cut(text, []byte{'\n'})
		l := Line{ID: s.o.Format.ID, App: s.o.Format.App, Namespace: s.o.Format.Namespace, Kind: s.o.Kind, At: now, Text: string(shown)}
		if !bytes.Equal(raw, shown) {
			l.Raw = string(raw)
		}
		s.o.Hub.publish(l)
	}
}

// limit drops lines of a program that is too far ahead, and says so in the log.
func (s *Stream) limit() {
	size := s.spool.Size()
	if size-s.spool.pos <= s.o.Backlog {
		return
	}
	target := size - s.o.Backlog/2
	buf := make([]byte, maxLine)
	var lines, skipped int64
	for s.spool.pos < target {
		n, err := s.spool.read(buf)
		if err != nil || n == 0 {
			return
		}
		whole := bytes.LastIndexByte(buf[:n], '\n') + 1
		if whole == 0 {
			whole = n
		}
		lines += int64(bytes.Count(buf[:whole], []byte{'\n'}))
		skipped += int64(whole)
		s.spool.done(int64(whole))
	}
	clear(s.written)
	s.retry = 0
	s.mu.Lock()
	s.dropped += lines
	s.mu.Unlock()
	note := fmt.Sprintf("[roost] the log could not keep up: %d lines (%d bytes) are missing here", lines, skipped)
	text := s.o.Format.appendLine(nil, []byte(note), s.o.Kind, s.o.Now())
	for _, f := range s.o.Files {
		_ = f.Write(text)
	}
}

func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
