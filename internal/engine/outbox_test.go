package engine

import (
	"bytes"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

func (w *world) defineHold() {
	for _, name := range []string{"hold", "holdText"} {
		f, err := w.Get(w.EngineNatives(), name)
		if err == nil {
			err = w.Set(w.Global(), name, f)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestHold(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.defineHold()
		w.want("hold(7, new Uint8Array([1]))", "false") // there is no outbox yet
		o := w.Outbox()
		w.want("hold(7, new Uint8Array([1]))", "false") // nobody is admitted
		w.want("hold(0, new Uint8Array([1]))", "false")
		o.Admit(7, -1)
		for _, c := range []struct{ args, result, bytes string }{
			{"8, new Uint8Array([97])", "false", ""},
			{"7, new Uint8Array([97, 98])", "true", "ab"}, // in V8's heap
			{"7, new Uint8Array(100).fill(99), new Uint8Array([100])", "true", strings.Repeat("c", 100) + "d"},
			{"7, new Uint8Array([1, 101, 2]).subarray(1, 2), undefined", "true", "e"},
			{"7, new Uint16Array([0x6766])", "true", "fg"},
			{"7, new DataView(new Uint8Array([104, 105]).buffer, 1)", "true", "i"},
			{"7, new Uint8Array(0), new Uint8Array(0)", "true", ""},
			{"7, new Uint8Array(16385)", "false", ""},
			{"7, new Uint8Array(16384), new Uint8Array(1)", "false", ""},
			{"7, new Uint8Array(16384).fill(106)", "true", strings.Repeat("j", 16384)},
			{"7, 'text'", "false", ""},
			{"7, new Uint8Array(1), 'text'", "false", ""},
			{"7, {length: 3}", "false", ""},
			{"7, new ArrayBuffer(3)", "false", ""},
			{"7", "false", ""},
			{"", "false", ""},
			{"7.5, new Uint8Array(1)", "false", ""},
			{"'7', new Uint8Array(1)", "false", ""},
			{"7, (() => { const a = new Uint8Array(100); structuredClone_(a); return a; })()", "true", ""}, // detached
		} {
			w.run("globalThis.structuredClone_ = (a) => a.buffer.transfer()")
			before := o.Given()
			w.want("hold("+c.args+")", c.result)
			if got := o.Given() - before; got != len(c.bytes) {
				t.Errorf("hold(%s) counts %d bytes", c.args, got)
			}
			if o.Waits() != (c.bytes != "") {
				t.Errorf("hold(%s): waits %v", c.args, o.Waits())
			}
			if got := o.Take([]byte("<")); string(got) != "<"+c.bytes {
				t.Errorf("hold(%s) leaves %.20q, %d bytes", c.args, got, len(got))
			}
		}
		for _, c := range []struct{ args, result, bytes string }{
			{"7, 'abc'", "true", "abc"},
			{"7, 'caf\\xe9'", "true", "caf\xc3\xa9"},
			{"7, 'ab' + String(1234567890123)", "true", "ab1234567890123"},
			{"7, '\\u20ac'", "false", ""}, // two bytes a character
			{"7, ''", "true", ""},
			{"7, 'x'.repeat(2048)", "true", strings.Repeat("x", 2048)},
			{"7, '\\xff'.repeat(2048)", "true", strings.Repeat("\xc3\xbf", 2048)},
			{"7, 'x'.repeat(2049)", "false", ""},
			{"8, 'abc'", "false", ""},
			{"7, new Uint8Array(1)", "false", ""},
			{"7", "false", ""},
		} {
			w.want("holdText("+c.args+")", c.result)
			if got := o.Take(nil); string(got) != c.bytes {
				t.Errorf("holdText(%s) leaves %.20q, %d bytes", c.args, got, len(got))
			}
		}
		// The same from optimised code.
		w.run("function texts() { let n = 0; for (let i = 0; i < 20000; i++) if (holdText(7, i % 2 ? 'x' : '\\xe9')) n++; return n; }")
		for range 5 {
			n := w.must("texts()")
			if got := o.Take(nil); n == "20000" || string(got[:6]) != "\xc3\xa9x\xc3\xa9x" || len(got) < 16381 {
				t.Errorf("%s of 20000 fit, %d bytes", n, len(got))
			}
		}
		w.want("hold(7, new Uint8Array(16384)) && hold(7, new Uint8Array(1))", "false") // full
		if n := len(o.Take(nil)); n != 16384 {
			t.Error(n)
		}
		o.Admit(0, -1)
		w.want("hold(7, new Uint8Array(1))", "false")
	})
}

// With a socket small writes go to it; what it doesn't take waits, and what comes behind it.
func TestHoldSends(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.defineHold()
		o := w.Outbox()
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fds[0])
		defer unix.Close(fds[1])
		_ = unix.SetsockoptInt(fds[0], unix.SOL_SOCKET, unix.SO_SNDBUF, 1) // the least there is: less than two of the writes below
		arrived := func() string {
			b := make([]byte, 1<<20)
			n, _, err := unix.Recvfrom(fds[1], b, unix.MSG_DONTWAIT)
			if err != nil {
				return err.Error()
			}
			return string(b[:n])
		}
		o.Admit(7, fds[0])
		w.want("hold(7, new Uint8Array([97]), new Uint8Array(100).fill(98))", "true")
		if got := arrived(); got != "a"+strings.Repeat("b", 100) || o.Given() != 101 || o.Kept() != 0 || o.Waits() {
			t.Errorf("%q, %d given, %d kept", got, o.Given(), o.Kept())
		}
		w.want("hold(7, new Uint8Array(4097))", "false") // a copy isn't cheaper
		w.want("hold(7, new Uint8Array(0))", "false")

		w.want("hold(7, new Uint8Array(1500).fill(99))", "true")
		sent := 101 + 1500
		for w.must("hold(7, new Uint8Array(4000).fill(99))") == "true" && o.Kept() == 0 {
			sent += 4000
		}
		t.Logf("the socket took %d bytes, %d wait", o.Given()-o.Kept(), o.Kept())
		if o.Kept() == 0 { // it took all or nothing
			w.want("hold(7, new Uint8Array(4000).fill(99))", "false")
		} else {
			sent += 4000
			w.want("hold(7, new Uint8Array([100]))", "true")
			sent++
		}
		rest := o.Take(nil)
		if o.Given() != sent || o.Kept() != len(rest) || len(rest) > 0 && rest[len(rest)-1] != 'd' {
			t.Error(o.Given(), sent, o.Kept(), len(rest))
		}
		all := 101
		for all+len(rest) < sent {
			if got := arrived(); strings.Trim(got, "c") == "" {
				all += len(got)
			} else if got != unix.EAGAIN.Error() {
				t.Fatalf("%.20q", got)
			}
		}
		if all+len(rest) != sent {
			t.Error(all, len(rest), sent)
		}

		o.Admit(7, fds[0])
		unix.Shutdown(fds[0], unix.SHUT_WR)
		w.want("hold(7, new Uint8Array([97]))", "false")
		if o.Given() != 0 {
			t.Error("what failed counts")
		}
		o.Admit(0, -1)
	})
}

// Optimised code writes while another thread empties the box: every byte comes, once and in order.
func TestHoldHammer(t *testing.T) {
	inIsolate(t, Options{}, func(w *world) {
		w.defineHold()
		o := w.Outbox()
		o.Admit(1, -1)
		var done atomic.Bool
		ended := make(chan []byte)
		go func() {
			var got []byte
			for !done.Load() {
				if o.Waits() {
					got = o.Take(got)
				}
				runtime.Gosched()
			}
			ended <- o.Take(got)
		}()
		w.run(`
			let next = 0, held = 0, refused = 0;
			const heap = new Uint8Array(8), outside = new Uint8Array(90);
			function write(a, b) {
				for (let i = 0; i < a.length; i++) a[i] = next + i;
				for (let i = 0; i < b.length; i++) b[i] = next + a.length + i;
				if (hold(1, a, b)) { next += a.length + b.length; held++; } else refused++;
			}
			for (let i = 0; i < 300000; i++) write(heap, outside.subarray(0, i % 90));
		`)
		done.Store(true)
		got := <-ended
		want := make([]byte, o.Given())
		for i := range want {
			want[i] = byte(i)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes of %d, or not in order", len(got), len(want))
		}
		w.want("held > 1000", "true")
	})
}
