package crypto

import (
	"crypto/cipher"
	"encoding/binary"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/poly1305" //nolint:staticcheck // chacha20poly1305 has no incremental form
)

// chachaPoly is ChaCha20-Poly1305 (RFC 8439, section 2.8), incrementally.
//
// The key stream of a message's first chunk comes from the one-shot AEAD, which is written in assembly where x/crypto's plain ChaCha20 is
// not; its tag is thrown away. What follows comes from the plain stream, Poly1305 is one of its own either way.
type chachaPoly struct {
	aead     cipher.AEAD
	key      []byte
	nonce    []byte
	stream   *chacha20.Cipher // of the second chunk on
	mac      *poly1305.MAC
	encrypt  bool
	aad      int
	total    int
	messaged bool
	sum      []byte
}

func newChaChaPoly(key, iv []byte, encrypt bool) (mode, error) {
	nonce := make([]byte, chacha20poly1305.NonceSize)
	copy(nonce[len(nonce)-len(iv):], iv)
	aead, err := chacha20poly1305.New(key)
	if err != nil {
		return nil, err
	}
	first, err := chacha20.NewUnauthenticatedCipher(key, nonce)
	if err != nil {
		return nil, err
	}
	var polyKey [32]byte
	first.XORKeyStream(polyKey[:], polyKey[:])
	return &chachaPoly{aead: aead, key: key, nonce: nonce, mac: poly1305.New(&polyKey), encrypt: encrypt}, nil
}

func (m *chachaPoly) setAAD(aad []byte, _ int) error {
	m.mac.Write(aad)
	m.aad += len(aad)
	return nil
}

func (m *chachaPoly) padMAC(n int) {
	if n %= 16; n > 0 {
		m.mac.Write(make([]byte, 16-n))
	}
}

// xor applies the key stream to the next bytes of the message.
func (m *chachaPoly) xor(dst, src []byte) error {
	if m.total == 0 {
		work := takeScratch(len(src) + m.aead.Overhead())
		copy(dst, m.aead.Seal((*work)[:0], m.nonce, src, nil))
		releaseScratch(work)
		return nil
	}
	if m.stream == nil {
		stream, err := chacha20.NewUnauthenticatedCipher(m.key, m.nonce)
		if err != nil {
			return err
		}
		const blockSize = 64
		stream.SetCounter(uint32(1 + m.total/blockSize))
		var used [blockSize]byte
		stream.XORKeyStream(used[:m.total%blockSize], used[:m.total%blockSize])
		m.stream = stream
	}
	m.stream.XORKeyStream(dst, src)
	return nil
}

func (m *chachaPoly) update(dst, in []byte) ([]byte, error) {
	if !m.messaged {
		m.messaged = true
		m.padMAC(m.aad)
	}
	if uint64(m.total)+uint64(len(in)) > 1<<38-64 {
		return nil, errUnsupported
	}
	if len(in) == 0 {
		return dst, nil
	}
	dst, out := extend(dst, len(in))
	if !m.encrypt {
		m.mac.Write(in)
	}
	if err := m.xor(out, in); err != nil {
		return nil, err
	}
	m.total += len(in)
	if m.encrypt {
		m.mac.Write(out)
	}
	return dst, nil
}

func (m *chachaPoly) final() ([]byte, error) {
	if !m.messaged {
		m.padMAC(m.aad)
	}
	m.padMAC(m.total)
	var lens [16]byte
	binary.LittleEndian.PutUint64(lens[:], uint64(m.aad))
	binary.LittleEndian.PutUint64(lens[8:], uint64(m.total))
	m.mac.Write(lens[:])
	m.sum = m.mac.Sum(nil)
	return nil, nil
}

func (m *chachaPoly) tag() []byte { return m.sum }
