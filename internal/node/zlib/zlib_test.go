package zlib

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	stdzlib "compress/zlib"
	"io"
	"math/rand"
	"runtime"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

func samples() [][]byte {
	random := make([]byte, 100_000)
	rand.New(rand.NewSource(1)).Read(random)
	text := bytes.Repeat([]byte("the quick brown fox jumps over the lazy dog. "), 4000)
	mixed := append(append([]byte{}, text...), random...)
	mixed = append(mixed, text...)
	return [][]byte{nil, []byte("x"), text[:100], text, random, mixed, make([]byte, 300_000)}
}

// drive runs a codec with input and output cut into pieces.
func drive(t *testing.T, c codec, in []byte, inSize, outSize, none, finish int) ([]byte, error) {
	t.Helper()
	var out []byte
	dst := make([]byte, outSize)
	for {
		part := in[:min(len(in), inSize)]
		flush := none
		if len(part) == len(in) {
			flush = finish
		}
		nin, nout, ended, err := c.process(part, dst, flush)
		out = append(out, dst[:nout]...)
		in = in[nin:]
		if err != nil {
			return out, err
		}
		if ended {
			return out, nil
		}
		if nout < outSize && len(in) == 0 && flush == finish {
			return out, nil
		}
	}
}

func TestRoundTrips(t *testing.T) {
	zstdEnc := func() codec {
		e, err := newZstdEncoder(nil, nil, -1)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	pairs := map[string]struct {
		enc, dec     func() codec
		none, finish int
	}{
		"gzip":    {func() codec { return newDeflater(modeGzip, -1, 15, 0, nil) }, func() codec { return newDecoder(modeGunzip, 15, nil, false) }, 0, 4},
		"unzip":   {func() codec { return newDeflater(modeGzip, 9, 15, 0, nil) }, func() codec { return newDecoder(modeUnzip, 0, nil, false) }, 0, 4},
		"deflate": {func() codec { return newDeflater(modeDeflate, 1, 15, 0, nil) }, func() codec { return newDecoder(modeInflate, 0, nil, false) }, 0, 4},
		"small window": {func() codec { return newDeflater(modeDeflate, 6, 9, 0, nil) }, func() codec { return newDecoder(modeInflate, 9, nil, false) },
			0, 4},
		"raw":    {func() codec { return newDeflater(modeDeflateRaw, 0, 15, 0, nil) }, func() codec { return newDecoder(modeInflateRaw, 15, nil, false) }, 0, 4},
		"brotli": {func() codec { return newBrotliEncoder([]float64{brotliQuality, 4}) }, func() codec { return newBrotliDecoder() }, 0, 2},
		"zstd":   {zstdEnc, func() codec { return newZstdDecoder(nil, nil) }, 0, 2},
	}
	for name, p := range pairs {
		for i, s := range samples() {
			for _, size := range [][2]int{{1 << 20, 1 << 20}, {1000, 700}, {1, 4096}} {
				if size[0] == 1 && len(s) > 5000 {
					continue
				}
				enc, dec := p.enc(), p.dec()
				packed, err := drive(t, enc, s, size[0], size[1], p.none, p.finish)
				if err != nil {
					t.Fatalf("%s, sample %d: %v", name, i, err)
				}
				plain, err := drive(t, dec, packed, size[0], size[1], p.none, p.finish)
				enc.close()
				dec.close()
				if err != nil || !bytes.Equal(plain, s) {
					t.Fatalf("%s, sample %d, pieces %v: %d bytes, want %d: %v", name, i, size, len(plain), len(s), err)
				}
			}
		}
	}
}

// What Go's and Google's compressors write is read, and the other way round.
func TestInterchange(t *testing.T) {
	for i, s := range samples() {
		for level := -2; level <= 9; level++ {
			var b bytes.Buffer
			w, err := flate.NewWriter(&b, level)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(s)
			w.Close()
			got, err := drive(t, newDecoder(modeInflateRaw, 15, nil, false), b.Bytes(), 333, 4096, 0, 4)
			if err != nil || !bytes.Equal(got, s) {
				t.Fatalf("sample %d, level %d: %v", i, level, err)
			}
		}
		packed, err := drive(t, newDeflater(modeGzip, 6, 15, 0, nil), s, 1<<20, 1<<20, 0, 4)
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, s) {
			t.Fatalf("gzip, sample %d: %v", i, err)
		}
		packed, err = drive(t, newBrotliEncoder(nil), s[:min(len(s), 20000)], 1<<20, 1<<20, 0, 2)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(packed))); err != nil || !bytes.Equal(got, s[:min(len(s), 20000)]) {
			t.Fatalf("brotli, sample %d: %v", i, err)
		}
	}
}

func TestDictionary(t *testing.T) {
	dictionary := []byte("the quick brown fox jumps over the lazy dog")
	text := []byte("the quick brown fox jumps over the lazy cat")
	packed, err := drive(t, newDeflater(modeDeflate, 6, 15, 0, dictionary), text, 100, 100, 0, 4)
	if err != nil {
		t.Fatal(err)
	}
	r, err := stdzlib.NewReaderDict(bytes.NewReader(packed), dictionary)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, text) {
		t.Fatalf("%q %v", got, err)
	}
	got, err := drive(t, newDecoder(modeInflate, 15, dictionary, false), packed, 3, 5, 0, 4)
	if err != nil || !bytes.Equal(got, text) {
		t.Fatalf("%q %v", got, err)
	}
	for _, wrong := range [][]byte{nil, []byte("other")} {
		if _, err := drive(t, newDecoder(modeInflate, 15, wrong, false), packed, 100, 100, 0, 4); err == nil {
			t.Error("no error")
		}
	}
}

// After a flush everything written so far can be read, and after a full flush reading can start there.
func TestFlush(t *testing.T) {
	d := newDeflater(modeDeflateRaw, 6, 15, 0, nil)
	defer d.close()
	dst := make([]byte, 4096)
	_, n, _, err := d.process([]byte("hello hello hello"), dst, flushSync)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(dst[:n], []byte{0, 0, 0xFF, 0xFF}) {
		t.Fatalf("% x", dst[:n])
	}
	got, err := drive(t, newDecoder(modeInflateRaw, 15, nil, false), dst[:n], 1, 100, 0, 0)
	if err != nil || string(got) != "hello hello hello" {
		t.Fatalf("%q %v", got, err)
	}
	if _, n, _, _ = d.process(nil, dst, flushSync); n != 0 {
		t.Fatalf("a second flush wrote %d bytes", n)
	}
	if _, _, _, err = d.process([]byte("hello"), dst, flushFull); err != nil {
		t.Fatal(err)
	}
	_, n, _, err = d.process([]byte("hello hello"), dst, flushFinish)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := drive(t, newDecoder(modeInflateRaw, 15, nil, false), dst[:n], 100, 100, 0, 4); err != nil || string(got) != "hello hello" {
		t.Fatalf("after a full flush: %q %v", got, err)
	}
}

// The decoder of Zstandard has a goroutine: it ends at the end, at an error and at close.
func TestZstdGoroutinesEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	e, err := newZstdEncoder(nil, nil, -1)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := drive(t, e, bytes.Repeat([]byte("text "), 100_000), 1<<20, 1<<20, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		whole := newZstdDecoder(nil, nil)
		if _, err := drive(t, whole, packed, 100, 1000, 0, 2); err != nil {
			t.Fatal(err)
		}
		cut := newZstdDecoder(nil, nil)
		cut.process(packed[:20], make([]byte, 100), 0)
		cut.close()
		cut.close()
		full := newZstdDecoder(nil, nil)
		full.process(packed, make([]byte, 100), 0)
		full.close()
		bad := newZstdDecoder(nil, nil)
		if _, _, _, err := bad.process([]byte("not zstd at all"), make([]byte, 100), 2); err == nil {
			t.Fatal("no error")
		}
		again := newZstdDecoder(nil, nil)
		again.process(packed[:20], make([]byte, 100), 0)
		again.reset()
		if _, err := drive(t, again, packed, 100, 1000, 0, 2); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

// An engine that is closed while a write is under way closes when that is done.
func TestCloseWhileBusy(t *testing.T) {
	e := &engine{codec: newDeflater(modeGzip, 6, 15, 0, nil)}
	if !e.acquire() {
		t.Fatal("not free")
	}
	e.Close()
	if e.state.Load() != closing || e.acquire() {
		t.Fatal("closed under a write")
	}
	e.release()
	if e.state.Load() != closed {
		t.Fatal("not closed")
	}
}

// Whatever comes in: no panic, and Go's reader agrees on the bytes when ours takes them.
func FuzzInflate(f *testing.F) {
	for _, s := range samples()[:4] {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, 6)
		if err != nil {
			f.Fatal(err)
		}
		w.Write(s)
		w.Close()
		f.Add(b.Bytes(), 7, 100)
	}
	f.Fuzz(func(t *testing.T, data []byte, inSize, outSize int) {
		inSize, outSize = min(max(inSize, 1), 1<<16), min(max(outSize, 64), 1<<16)
		d := newDecoder(modeInflateRaw, 15, nil, false)
		got, err := drive(t, d, data, inSize, outSize, 0, 4)
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), 1<<26))
		if len(want) < 1<<26 && (err == nil) != (wantErr == nil) && wantErr == nil {
			t.Fatalf("Go reads it, we say %v", err)
		}
		if err == nil && wantErr == nil && !bytes.Equal(got, want) {
			t.Fatal("other bytes")
		}
	})
}
