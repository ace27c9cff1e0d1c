package crypto

import (
	"crypto/sha1"
	"encoding/hex"
	"os"
	"testing"
)

func TestPKCS12Key(t *testing.T) {
	// By OpenSSL 3 (openssl kdf -keylen 24 -kdfopt digest:SHA1 -kdfopt hexpass:0073006d006500670000 -kdfopt hexsalt:0a58cf64530d823f -kdfopt iter:1 -kdfopt id:1 PKCS12KDF).
	got := hex.EncodeToString(pkcs12Key(sha1.New, bmpPassword([]byte("smeg")), []byte{0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f}, 1, 1, 24))
	if want := "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestParsePFX(t *testing.T) {
	for _, name := range []string{"server.pfx", "server-3des.pfx"} {
		data, err := os.ReadFile("../tls/testdata/keys/" + name)
		if err != nil {
			t.Fatal(err)
		}
		key, cert, others, err := parsePFX(data, []byte("sample"))
		if err != nil || len(key) == 0 || cert.Subject.CommonName != "server.test" || len(others) != 1 {
			t.Errorf("%s: %v %v", name, cert, err)
		}
		if _, _, _, err := parsePFX(data, []byte("other")); err != errPFXMac {
			t.Errorf("%s with a wrong password: %v", name, err)
		}
		// A part of it is an error and no crash.
		for i := range data {
			if _, _, _, err := parsePFX(data[:i], []byte("sample")); err == nil {
				t.Fatalf("%s: %d of %d bytes are enough", name, i, len(data))
			}
		}
	}
}

func FuzzParsePFX(f *testing.F) {
	data, err := os.ReadFile("../tls/testdata/keys/server.pfx")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, []byte("sample"))
	f.Fuzz(func(t *testing.T, data, password []byte) {
		if key, cert, _, err := parsePFX(data, password); err == nil && (key == nil || cert == nil) {
			t.Error("no error, and no key or certificate")
		}
	})
}
