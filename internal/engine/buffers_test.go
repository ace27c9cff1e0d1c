package engine

import (
	"runtime"
	"sync"
	"testing"

	"roost/internal/sys"
)

// What C++ objects leave in the list of a thread (v8c/new.cc) is nobody else's, and goes when the thread ends.
func TestBuffersOfThreadsThatEnd(t *testing.T) {
	resident := func() int {
		bytes, err := sys.RSS()
		if err != nil {
			t.Fatal(err)
		}
		return int(bytes)
	}
	const threads, width = 64, 4
	round := func() {
		var wait sync.WaitGroup
		for range width {
			wait.Go(func() {
				runtime.LockOSThread() // never unlocked, so that the thread ends with it
				inIsolate(t, Options{}, func(w *world) {
					w.run(`globalThis.wrong = 0;
for (let round = 0; round < 8; round++) {
  const kept = [];
  for (let i = 0; i < 10000; i++) {
    const a = new Uint8Array(100 + i % 100).fill(i);
    if (i % 50 === 0) kept.push(a);
  }
  kept.forEach((a, k) => { if (!a.every((byte) => byte === (k * 50 & 255))) wrong++; });
}`)
					w.want("wrong", "0")
				})
			})
		}
		wait.Wait()
		TrimBlocking()
	}
	for range 4 {
		round()
	}
	before := resident()
	for range threads / width {
		round()
	}
	// A megabyte of each of the 64 would stay, were it not for the end of the thread.
	if grown := resident() - before; grown > 32<<20 {
		t.Errorf("%d threads that came and went left %d MB", threads, grown>>20)
	}
}
