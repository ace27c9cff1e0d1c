package crypto

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// Every parameter set: generate, write, read again, and use what was read.
func TestPostQuantumKeys(t *testing.T) {
	for _, a := range pqAlgorithms {
		if strings.HasSuffix(a.name, "s") && a.seed == 0 {
			continue // SLH-DSA's small signatures take seconds
		}
		t.Run(a.name, func(t *testing.T) {
			k, err := a.generate()
			if err != nil {
				t.Fatal(err)
			}
			der, err := k.marshalPKCS8()
			if err != nil {
				t.Fatal(err)
			}
			private, err := parsePKCS8(der)
			if err != nil || !private.equal(k) {
				t.Fatal("private key", err)
			}
			spki, err := k.public().marshalSPKI()
			if err != nil {
				t.Fatal(err)
			}
			public, err := parseSPKI(spki)
			if err != nil || !public.equal(k.public()) {
				t.Fatal("public key", err)
			}
			expanded, err := a.fromPrivate(k.pq.private)
			if err != nil || !bytes.Equal(expanded.pq.public, k.pq.public) || expanded.pq.seed != nil {
				t.Fatal("expanded key", err)
			}
			if a.kem != nil {
				usePQKEM(t, private, public)
			} else {
				usePQSignature(t, private, public)
			}
		})
	}
}

func usePQKEM(t *testing.T, private, public *Key) {
	shared, ciphertext, err := public.encapsulate()
	if err != nil {
		t.Error(err)
		return
	}
	if again, err := private.decapsulate(ciphertext); err != nil || !bytes.Equal(again, shared) {
		t.Error("another key", err)
	}
	if _, err := private.decapsulate(ciphertext[1:]); err == nil {
		t.Error("a short ciphertext passes")
	}
}

func usePQSignature(t *testing.T, private, public *Key) {
	message := []byte("message")
	signature, err := private.pq.sign(message, "context")
	if err != nil {
		t.Fatal(err)
	}
	check := func(message, signature []byte, context string) bool {
		ok, err := public.pq.verify(message, signature, context)
		return ok && err == nil
	}
	if !check(message, signature, "context") {
		t.Error("refused")
	}
	if check(message, signature, "other") || check(message[1:], signature, "context") || check(message, signature[1:], "context") {
		t.Error("passes")
	}
}

func TestDHKEM(t *testing.T) {
	keys := []*Key{}
	for _, name := range []string{"P-256", "P-384", "P-521"} {
		c := curveNamed(name)
		d, point, err := c.generate()
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, newECKey(c, d, point))
	}
	for typ, size := range map[string]int{"x25519": 32, "x448": 56} {
		k, err := rawKey(typ, nil, fresh(size))
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	for _, k := range keys {
		usePQKEM(t, k, k.public())
	}
}

// NIST's samples 1 and 4 of SP 800-185.
func TestKMAC(t *testing.T) {
	key, err := hex.DecodeString("404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		strength, size int
		custom, want   string
	}{
		{128, 32, "", "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e"},
		{128, 32, "My Tagged Application", "3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e2811324aa5"},
	} {
		if got := hex.EncodeToString(kmacSum(c.strength, key, []byte{0, 1, 2, 3}, []byte(c.custom), c.size)); got != c.want {
			t.Errorf("%s: %s", c.custom, got)
		}
	}
}

// Whatever stands in a key file, reading it fails or gives a key that can be written again.
func FuzzPrivateKey(f *testing.F) {
	for _, name := range []string{"ml-dsa-44", "ml-kem-512", "slh-dsa-sha2-128f"} {
		if k, err := pqNamed(name).generate(); err == nil {
			if der, err := k.marshalPKCS8(); err == nil {
				f.Add(der)
			}
			if k.pq.seed != nil {
				if der, err := k.pq.marshalSeed(); err == nil {
					f.Add(der)
				}
			}
		}
	}
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x00})
	f.Fuzz(func(t *testing.T, der []byte) {
		k, err := parsePrivate(der, formatDER, typePKCS8, nil, false)
		if err != nil {
			return
		}
		if _, err := k.marshalPKCS8(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzPublicKey(f *testing.F) {
	for _, name := range []string{"ml-dsa-44", "ml-kem-512", "slh-dsa-sha2-128f"} {
		if k, err := pqNamed(name).generate(); err == nil {
			if der, err := k.public().marshalSPKI(); err == nil {
				f.Add(der)
			}
		}
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		k, err := parseSPKI(der)
		if err != nil {
			return
		}
		if _, err := k.marshalSPKI(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzPEM(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n"))
	f.Add([]byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA==\n-----END ENCRYPTED PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if k, err := parsePrivate(text, formatPEM, typeNone, []byte("secret"), true); err == nil && k == nil {
			t.Error("neither key nor error")
		}
		if k, err := parsePublic(text, formatPEM, typeNone, nil, false); err == nil && k == nil {
			t.Error("neither key nor error")
		}
	})
}

func FuzzSPKAC(f *testing.F) {
	f.Add([]byte("MIAwAA=="))
	f.Fuzz(func(t *testing.T, text []byte) {
		if s, err := parseSPKAC(text); err == nil {
			s.verify()
		}
	})
}

func FuzzGeneralName(f *testing.F) {
	f.Add([]byte{0x82, 3, 'a', ',', 0xE4})
	f.Add([]byte{0xA0, 0x14, 0x06, 0x08, 0x2B, 6, 1, 5, 5, 7, 8, 5, 0xA0, 0x08, 0x0C, 6, 'a', 'b', 'c', '1', '2', '3'})
	f.Fuzz(func(t *testing.T, der []byte) {
		names, err := parseNames(der)
		if err != nil {
			return
		}
		for _, n := range names {
			generalName(n)
		}
	})
}
