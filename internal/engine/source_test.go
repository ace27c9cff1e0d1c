package engine

import (
	"runtime"
	"strings"
	"sync"
	"testing"
)

// Texts of every width come out as they went in, and are gone with their isolates.
func TestSources(t *testing.T) {
	before := SharedSources()
	pad := strings.Repeat("x", 1000)
	texts := []string{"", "short", "short é", pad, pad + "é", pad + "Ω", pad + "\U0001F600" + pad, pad + "\xff\xfe", strings.Repeat("é", 200)}
	inIsolate(t, Options{}, func(w *world) {
		for _, text := range texts {
			for range 2 {
				v, err := w.Source(text)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := w.Text(v), strings.ToValidUTF8(text, "\uFFFD\uFFFD"); got != want {
					t.Errorf("%.20q came back as %.20q", want, got)
				}
			}
		}
		if got := SharedSources() - before; got != 5 {
			t.Errorf("%d texts are kept, want 5", got)
		}
		// Functions that are compiled later find their text.
		source := "(function () { return function lazy() { return '" + pad + "é' } })()"
		v, err := w.Source(source)
		if err != nil {
			t.Fatal(err)
		}
		f, err := w.RunScript(v, w.String("a.js"))
		if err != nil {
			t.Fatal(err)
		}
		w.CollectGarbage()
		out, err := w.Call(f, Value{})
		if err != nil || w.Text(out) != pad+"é" {
			t.Errorf("%.20q, %v", w.Text(out), err)
		}
	})
	if got := SharedSources(); got != before {
		t.Errorf("%d texts are left, there were %d", got, before)
	}
}

// Isolates share texts and let go of them at once.
func TestSourcesHammer(t *testing.T) {
	before := SharedSources()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for range 5 {
				inIsolate(t, Options{}, func(w *world) {
					for n := range 300 {
						s := w.Scope()
						if v, err := w.Source(strings.Repeat(string(rune('a'+n%20)), 300)); err != nil || len(w.Text(v)) != 300 {
							t.Error(err)
						}
						s.Close()
						if n%100 == 0 {
							w.CollectGarbage()
						}
					}
				})
			}
		})
	}
	all.Wait()
	if got := SharedSources(); got != before {
		t.Errorf("%d texts are left, there were %d", got, before)
	}
}
