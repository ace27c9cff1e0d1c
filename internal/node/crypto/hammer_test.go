package crypto

import (
	"sync"
	"testing"
)

// Keys are shared by goroutines and isolates; what they prepare at first use is made once.
func TestHammerKeys(t *testing.T) {
	curve := curveNamed("P-256")
	d, point, err := curve.generate()
	if err != nil {
		t.Fatal(err)
	}
	ec := newECKey(curve, d, point)
	ml, err := pqNamed("ml-dsa-44").generate()
	if err != nil {
		t.Fatal(err)
	}
	kem, err := pqNamed("ml-kem-512").generate()
	if err != nil {
		t.Fatal(err)
	}
	sum := make([]byte, 32)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				if s, err := ec.signDigest(sum); err != nil || !ec.verifyDigest(sum, s) || !ec.public().verifyDigest(sum, s) {
					t.Error("P-256", err)
				}
				s, err := ml.pq.sign(sum, "")
				if err != nil {
					t.Error("ML-DSA", err)
					continue
				}
				if ok, err := ml.public().pq.verify(sum, s, ""); !ok || err != nil {
					t.Error("ML-DSA", err)
				}
				usePQKEM(t, kem, kem.public())
			}
		})
	}
	all.Wait()
}

// Scratch memory goes to one user at a time.
func TestHammerScratch(t *testing.T) {
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for k := range 500 {
				b := takeScratch(1 + k*37)
				mine := (*b)[:1+k*37]
				for i := range mine {
					mine[i] = byte(n)
				}
				for i := range mine {
					if mine[i] != byte(n) {
						t.Error("shared")
						return
					}
				}
				releaseScratch(b)
			}
		})
	}
	all.Wait()
}
