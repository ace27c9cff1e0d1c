package crypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"math/big"
	"testing"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every way of cutting a message must give what Go's one-shot GCM gives.
func TestGCMChunks(t *testing.T) {
	key := unhex(t, "000102030405060708090a0b0c0d0e0f")
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	message := make([]byte, 3*70000+5)
	for i := range message {
		message[i] = byte(i * 7)
	}
	for _, ivLength := range []int{12, 1, 16, 60} {
		iv := bytes.Repeat([]byte{0xA5}, ivLength)
		aad := []byte("additional data")
		one, err := cipher.NewGCMWithNonceSize(block, ivLength)
		if err != nil {
			t.Fatal(err)
		}
		for _, cuts := range [][]int{{}, {1}, {15, 1, 16, 17}, {16, 16}, {100, 1000, 70000}, {70000, 3, 70000, 13}} {
			want := one.Seal(nil, iv, message, aad)
			for _, encrypt := range []bool{true, false} {
				m, err := newGCM(block, iv, encrypt)
				if err != nil {
					t.Fatal(err)
				}
				g := m.(*gcmMode)
				g.setAAD(aad, -1)
				in, expect := message, want[:len(message)]
				if !encrypt {
					in, expect = expect, in
				}
				var out []byte
				rest := in
				for _, n := range cuts {
					part, err := g.update(nil, rest[:n])
					if err != nil {
						t.Fatal(err)
					}
					out, rest = append(out, part...), rest[n:]
				}
				part, err := g.update(nil, rest)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, part...)
				g.final()
				if !bytes.Equal(out, expect) || !bytes.Equal(g.tag(), want[len(message):]) {
					t.Fatalf("iv %d, cuts %v, encrypt %v: wrong", ivLength, cuts, encrypt)
				}
			}
		}
	}
}

// GCM counts with 32 bits: a J0 whose low word is near its end must wrap alone.
func TestGCMCounterWraps(t *testing.T) {
	block, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	m := &gcmMode{block: block}
	m.counter(0xFFFFFFFF)
	out := make([]byte, 32)
	m.xor(out, out)
	second := make([]byte, 16)
	block.Encrypt(second, make([]byte, 16))
	if !bytes.Equal(out[16:], second) {
		t.Fatal("the counter carried into the nonce")
	}
}

func TestFieldInverse(t *testing.T) {
	x := element{0x66e94bd4ef8a2c3b, 0x884cfa59ca342b2e}
	if one := x.times(x.inverse()); one != (element{1 << 63, 0}) {
		t.Fatalf("%x", one)
	}
}

// RFC 7253, appendix A.
func TestOCB(t *testing.T) {
	block, err := aes.NewCipher(unhex(t, "000102030405060708090A0B0C0D0E0F"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ n, a, p, c string }{
		{"BBAA99887766554433221100", "", "", "785407BFFFC8AD9EDCC5520AC9111EE6"},
		{"BBAA99887766554433221101", "0001020304050607", "0001020304050607", "6820B3657B6F615A5725BDA0D3B4EB3A257C9AF1F8F03009"},
		{"BBAA99887766554433221104", "000102030405060708090A0B0C0D0E0F", "000102030405060708090A0B0C0D0E0F",
			"571D535B60B277188BE5147170A9A22C3AD7A4FF3835B8C5701C1CCEC8FC3358"},
	} {
		m := newOCB(block, unhex(t, c.n), true, 16)
		m.setAAD(unhex(t, c.a), -1)
		out, _ := m.update(nil, unhex(t, c.p))
		last, _ := m.final()
		if got := append(append(out, last...), m.tag()...); !bytes.Equal(got, unhex(t, c.c)) {
			t.Errorf("nonce %s: %X", c.n, got)
		}
	}
}

// RFC 3394, section 4.1; RFC 5649, section 6.
func TestKeyWrap(t *testing.T) {
	block, err := aes.NewCipher(unhex(t, "000102030405060708090A0B0C0D0E0F"))
	if err != nil {
		t.Fatal(err)
	}
	iv := bytes.Repeat([]byte{0xA6}, 8)
	key := unhex(t, "00112233445566778899AABBCCDDEEFF")
	wrapped, err := (&keyWrap{block: block, iv: iv, encrypt: true}).update(nil, key)
	if err != nil || !bytes.Equal(wrapped, unhex(t, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5")) {
		t.Fatalf("%X %v", wrapped, err)
	}
	if got, err := (&keyWrap{block: block, iv: iv}).update(nil, wrapped); err != nil || !bytes.Equal(got, key) {
		t.Fatalf("%X %v", got, err)
	}
	block, err = aes.NewCipher(unhex(t, "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8"))
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err = (&keyWrap{block: block, iv: unhex(t, "a65959a6"), encrypt: true, padded: true}).update(nil, unhex(t, "466f7250617369"))
	if err != nil || !bytes.Equal(wrapped, unhex(t, "afbeb0f07dfbf5419200f2ccb50bb24f")) {
		t.Fatalf("%X %v", wrapped, err)
	}
}

// RFC 9106, section 5.
func TestArgon2(t *testing.T) {
	want := []string{
		"512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb",
		"c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8",
		"0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
	}
	for kind, w := range want {
		a := argon2{kind: uint32(kind), message: bytes.Repeat([]byte{1}, 32), nonce: bytes.Repeat([]byte{2}, 16), secret: bytes.Repeat([]byte{3}, 8),
			associated: bytes.Repeat([]byte{4}, 12), lanes: 4, length: 32, memory: 32, passes: 3}
		if got := a.derive(); !bytes.Equal(got, unhex(t, w)) {
			t.Errorf("type %d: %x", kind, got)
		}
	}
}

// The groups are computed from pi: their ends are in RFC 2409 and RFC 3526, and they must be safe primes.
func TestModpGroups(t *testing.T) {
	for name, g := range modpGroups {
		p := modpPrime(name)
		if p.BitLen() != g.bits || p.Bit(0) != 1 {
			t.Fatalf("%s: wrong size", name)
		}
		if g.bits > 2048 && testing.Short() {
			continue
		}
		if g.bits <= 3072 && (!p.ProbablyPrime(0) || !new(big.Int).Rsh(p, 1).ProbablyPrime(0)) {
			t.Errorf("%s is not a safe prime", name)
		}
	}
}

func TestPrimes(t *testing.T) {
	for bits := 2; bits < 40; bits++ {
		if p := findPrime(bits, false, nil, nil); p.BitLen() != bits || !p.ProbablyPrime(20) {
			t.Errorf("%d bits: %v", bits, p)
		}
		if bits < 3 || bits == 4 && false {
			continue
		}
		if p := findPrime(bits, true, nil, nil); p.BitLen() != bits || !new(big.Int).Rsh(p, 1).ProbablyPrime(20) {
			t.Errorf("safe, %d bits: %v", bits, p)
		}
	}
}

// Keys survive their encodings.
func TestKeyEncodings(t *testing.T) {
	d, point, err := curveNamed("secp256k1").generate()
	if err != nil {
		t.Fatal(err)
	}
	private, err := generateRSA(1024, 3)
	if err != nil {
		t.Fatal(err)
	}
	ed, err := edKey(fresh(32))
	if err != nil {
		t.Fatal(err)
	}
	x448, err := rawKey("x448", nil, fresh(56))
	if err != nil {
		t.Fatal(err)
	}
	pss := rsaKey(private)
	pss.typ, pss.pss = "rsa-pss", &pssParams{hash: "sha256", mgf: "sha512", salt: 32}
	for _, k := range []*Key{rsaKey(private), pss, ed, x448, newECKey(curveNamed("secp256k1"), d, point)} {
		der, err := k.marshalPKCS8()
		if err != nil {
			t.Fatal(k.typ, err)
		}
		again, err := parsePKCS8(der)
		if err != nil || !again.equal(k) {
			t.Errorf("%s: private %v", k.typ, err)
		}
		sealed, err := encryptPKCS8(der, "aes-256-cbc", []byte("secret"))
		if err != nil {
			t.Fatal(k.typ, err)
		}
		if plain, err := decryptPKCS8(sealed, []byte("secret")); err != nil || !bytes.Equal(plain, der) {
			t.Errorf("%s: encrypted %v", k.typ, err)
		}
		if der, err = k.public().marshalSPKI(); err != nil {
			t.Fatal(k.typ, err)
		}
		if again, err = parseSPKI(der); err != nil || !again.equal(k.public()) {
			t.Errorf("%s: public %v", k.typ, err)
		}
	}
}

func TestSignatures(t *testing.T) {
	private, err := generateRSA(1024, 65537)
	if err != nil {
		t.Fatal(err)
	}
	k := rsaKey(private)
	sha256, sha1 := digestNamed("sha256"), digestNamed("sha1")
	for _, salt := range []int{0, 20, saltDigest, saltMax} {
		for _, mask := range []*digest{sha256, sha1} {
			sum := bytes.Repeat([]byte{9}, 32)
			signature, err := signPSS(k, sha256, mask, sum, salt)
			if err != nil {
				t.Fatal(err)
			}
			if !verifyPSS(k, sha256, mask, sum, signature, salt) || !verifyPSS(k, sha256, mask, sum, signature, saltMax) {
				t.Errorf("PSS with salt %d fails", salt)
			}
			if salt != 21 && verifyPSS(k, sha256, mask, sum, signature, 21) {
				t.Errorf("PSS with salt %d passes for 21", salt)
			}
			sum[0]++
			if verifyPSS(k, sha256, mask, sum, signature, saltMax) {
				t.Error("PSS passes for another digest")
			}
		}
	}
	for _, c := range curves {
		d, point, err := c.generate()
		if err != nil {
			t.Fatal(err)
		}
		sum := bytes.Repeat([]byte{7}, 32)
		signature, err := newECKey(c, d, point).signDigest(sum)
		if err != nil || !newECKey(c, nil, point).verifyDigest(sum, signature) {
			t.Errorf("%s: %v", c.name, err)
		}
		n := (c.bits + 7) / 8
		if !bytes.Equal(fromP1363(toP1363(signature, n), n), signature) {
			t.Errorf("%s: P1363", c.name)
		}
		sum[0]++
		if newECKey(c, nil, point).verifyDigest(sum, signature) || newECKey(c, nil, point).verifyDigest(sum, []byte{0x30, 6, 2, 1, 0, 2, 1, 0}) {
			t.Errorf("%s passes", c.name)
		}
	}
}

func TestHashCopies(t *testing.T) {
	for i := range digests {
		d := &digests[i]
		h := d.new()
		h.Write([]byte("abc"))
		copied, err := cloneHash(h)
		if err != nil {
			t.Errorf("%s: %v", d.name, err)
			continue
		}
		h.Write([]byte("x"))
		copied.Write([]byte("def"))
		whole := d.new()
		whole.Write([]byte("abcdef"))
		if !bytes.Equal(copied.Sum(nil), whole.Sum(nil)) {
			t.Errorf("%s: the copy is not on its own", d.name)
		}
	}
}

// Nothing that a key parser gets may end the process.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"), []byte("x"))
	ed, err := edKey(make([]byte, 32))
	if err != nil {
		f.Fatal(err)
	}
	der, err := ed.marshalPKCS8()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der, []byte(""))
	f.Fuzz(func(t *testing.T, data, passphrase []byte) {
		for format := range 2 {
			for typ := -1; typ < 4; typ++ {
				parsePrivate(data, format, typ, passphrase, true)
				parsePublic(data, format, typ, passphrase, false)
			}
		}
	})
}
