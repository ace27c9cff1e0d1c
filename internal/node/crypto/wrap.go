package crypto

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
)

// keyWrap is AES key wrap: RFC 3394, or with padding RFC 5649. A key comes in one update.
type keyWrap struct {
	block   cipher.Block
	iv      []byte
	encrypt bool
	padded  bool
}

var errWrap = func() error { return errBadDecrypt() }

func (m *keyWrap) final() ([]byte, error) { return nil, nil }

func (m *keyWrap) update(dst, in []byte) ([]byte, error) {
	out, err := m.crypt(in)
	return append(dst, out...), err
}

func (m *keyWrap) crypt(in []byte) ([]byte, error) {
	if m.encrypt {
		return m.wrap(in)
	}
	return m.unwrap(in)
}

func (m *keyWrap) wrap(in []byte) ([]byte, error) {
	head := make([]byte, 8)
	copy(head, m.iv)
	if m.padded {
		if len(in) == 0 {
			return nil, errUnsupported
		}
		binary.BigEndian.PutUint32(head[4:], uint32(len(in)))
		in = append(append([]byte{}, in...), make([]byte, -len(in)&7)...)
		if len(in) == 8 {
			out := append(head, in...)
			m.block.Encrypt(out, out)
			return out, nil
		}
	} else if len(in)%8 != 0 || len(in) < 16 {
		return nil, errUnsupported
	}
	return wrapRounds(m.block, head, in), nil
}

func wrapRounds(block cipher.Block, head, in []byte) []byte {
	out := append(append([]byte{}, head...), in...)
	var b [16]byte
	copy(b[:8], head)
	n := len(in) / 8
	for j := range 6 {
		for i := 1; i <= n; i++ {
			copy(b[8:], out[i*8:])
			block.Encrypt(b[:], b[:])
			binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(b[:8])^uint64(n*j+i))
			copy(out[i*8:], b[8:])
		}
	}
	copy(out, b[:8])
	return out
}

func unwrapRounds(block cipher.Block, in []byte) (head, key []byte) {
	out := append([]byte{}, in...)
	var b [16]byte
	copy(b[:8], out)
	n := len(in)/8 - 1
	for j := 5; j >= 0; j-- {
		for i := n; i >= 1; i-- {
			binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(b[:8])^uint64(n*j+i))
			copy(b[8:], out[i*8:])
			block.Decrypt(b[:], b[:])
			copy(out[i*8:], b[8:])
		}
	}
	return append([]byte{}, b[:8]...), out[8:]
}

func (m *keyWrap) unwrap(in []byte) ([]byte, error) {
	if len(in)%8 != 0 || len(in) < 16 || !m.padded && len(in) < 24 {
		return nil, errWrap()
	}
	var head, key []byte
	if len(in) == 16 {
		out := make([]byte, 16)
		m.block.Decrypt(out, in)
		head, key = out[:8], out[8:]
	} else {
		head, key = unwrapRounds(m.block, in)
	}
	if !m.padded {
		if subtle.ConstantTimeCompare(head, m.iv) != 1 {
			return nil, errWrap()
		}
		return key, nil
	}
	n := int(binary.BigEndian.Uint32(head[4:]))
	if !bytes.Equal(head[:4], m.iv) || n > len(key) || n <= len(key)-8 {
		return nil, errWrap()
	}
	for _, b := range key[n:] {
		if b != 0 {
			return nil, errWrap()
		}
	}
	return key[:n], nil
}

// desWrap is the triple-DES key wrap of RFC 3217.
type desWrap struct {
	block   cipher.Block
	encrypt bool
}

var desWrapIV = []byte{0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05}

func reversed(b []byte) []byte {
	out := make([]byte, len(b))
	for i, x := range b {
		out[len(b)-1-i] = x
	}
	return out
}

func (m *desWrap) final() ([]byte, error) { return nil, nil }

func (m *desWrap) update(dst, in []byte) ([]byte, error) {
	out, err := m.crypt(in)
	return append(dst, out...), err
}

func (m *desWrap) crypt(in []byte) ([]byte, error) {
	if m.encrypt {
		if len(in)%8 != 0 || len(in) == 0 {
			return nil, errUnsupported
		}
		sum := sha1.Sum(in)
		iv := make([]byte, 8)
		rand.Read(iv)
		body := append(append([]byte{}, in...), sum[:8]...)
		cipher.NewCBCEncrypter(m.block, iv).CryptBlocks(body, body)
		out := reversed(append(iv, body...))
		cipher.NewCBCEncrypter(m.block, desWrapIV).CryptBlocks(out, out)
		return out, nil
	}
	if len(in)%8 != 0 || len(in) < 24 {
		return nil, errWrap()
	}
	out := make([]byte, len(in))
	cipher.NewCBCDecrypter(m.block, desWrapIV).CryptBlocks(out, in)
	out = reversed(out)
	body := out[8:]
	cipher.NewCBCDecrypter(m.block, out[:8]).CryptBlocks(body, body)
	key, check := body[:len(body)-8], body[len(body)-8:]
	sum := sha1.Sum(key)
	if subtle.ConstantTimeCompare(sum[:8], check) != 1 {
		return nil, errWrap()
	}
	return key, nil
}
