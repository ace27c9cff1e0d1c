package crypto

import (
	"strings"
	"sync"

	"roost/internal/binding"
)

// cipherKind is what getCipherInfo tells of a cipher.
type cipherKind struct {
	alias, name string
	nid         int
	mode        string
	key, iv     int // bytes
	block       int // 0: not told
}

// cipherKinds are the names that createCipheriv takes, in OpenSSL's order.
// Differs from Node: without ARIA, Camellia, SM4, XTS and the CBC-HMAC ciphers of TLS.
var cipherKinds = []cipherKind{
	{"aes-128-cbc", "aes-128-cbc", 419, "cbc", 16, 16, 16},
	{"aes-128-ccm", "id-aes128-ccm", 896, "ccm", 16, 12, 1},
	{"aes-128-cfb", "aes-128-cfb", 421, "cfb", 16, 16, 1},
	{"aes-128-cfb1", "aes-128-cfb1", 650, "cfb", 16, 16, 1},
	{"aes-128-cfb8", "aes-128-cfb8", 653, "cfb", 16, 16, 1},
	{"aes-128-ctr", "aes-128-ctr", 904, "ctr", 16, 16, 1},
	{"aes-128-ecb", "aes-128-ecb", 418, "ecb", 16, 0, 16},
	{"aes-128-gcm", "id-aes128-gcm", 895, "gcm", 16, 12, 1},
	{"aes-128-ocb", "aes-128-ocb", 958, "ocb", 16, 12, 16},
	{"aes-128-ofb", "aes-128-ofb", 420, "ofb", 16, 16, 1},
	{"aes-192-cbc", "aes-192-cbc", 423, "cbc", 24, 16, 16},
	{"aes-192-ccm", "id-aes192-ccm", 899, "ccm", 24, 12, 1},
	{"aes-192-cfb", "aes-192-cfb", 425, "cfb", 24, 16, 1},
	{"aes-192-cfb1", "aes-192-cfb1", 651, "cfb", 24, 16, 1},
	{"aes-192-cfb8", "aes-192-cfb8", 654, "cfb", 24, 16, 1},
	{"aes-192-ctr", "aes-192-ctr", 905, "ctr", 24, 16, 1},
	{"aes-192-ecb", "aes-192-ecb", 422, "ecb", 24, 0, 16},
	{"aes-192-gcm", "id-aes192-gcm", 898, "gcm", 24, 12, 1},
	{"aes-192-ocb", "aes-192-ocb", 959, "ocb", 24, 12, 16},
	{"aes-192-ofb", "aes-192-ofb", 424, "ofb", 24, 16, 1},
	{"aes-256-cbc", "aes-256-cbc", 427, "cbc", 32, 16, 16},
	{"aes-256-ccm", "id-aes256-ccm", 902, "ccm", 32, 12, 1},
	{"aes-256-cfb", "aes-256-cfb", 429, "cfb", 32, 16, 1},
	{"aes-256-cfb1", "aes-256-cfb1", 652, "cfb", 32, 16, 1},
	{"aes-256-cfb8", "aes-256-cfb8", 655, "cfb", 32, 16, 1},
	{"aes-256-ctr", "aes-256-ctr", 906, "ctr", 32, 16, 1},
	{"aes-256-ecb", "aes-256-ecb", 426, "ecb", 32, 0, 16},
	{"aes-256-gcm", "id-aes256-gcm", 901, "gcm", 32, 12, 1},
	{"aes-256-ocb", "aes-256-ocb", 960, "ocb", 32, 12, 16},
	{"aes-256-ofb", "aes-256-ofb", 428, "ofb", 32, 16, 1},
	{"aes128", "aes-128-cbc", 419, "cbc", 16, 16, 16},
	{"aes128-wrap", "id-aes128-wrap", 788, "wrap", 16, 8, 8},
	{"aes128-wrap-pad", "id-aes128-wrap-pad", 897, "wrap", 16, 4, 8},
	{"aes192", "aes-192-cbc", 423, "cbc", 24, 16, 16},
	{"aes192-wrap", "id-aes192-wrap", 789, "wrap", 24, 8, 8},
	{"aes192-wrap-pad", "id-aes192-wrap-pad", 900, "wrap", 24, 4, 8},
	{"aes256", "aes-256-cbc", 427, "cbc", 32, 16, 16},
	{"aes256-wrap", "id-aes256-wrap", 790, "wrap", 32, 8, 8},
	{"aes256-wrap-pad", "id-aes256-wrap-pad", 903, "wrap", 32, 4, 8},
	{"chacha20", "chacha20", 1019, "stream", 32, 16, 0},
	{"chacha20-poly1305", "chacha20-poly1305", 1018, "stream", 32, 12, 0},
	{"des-ede", "des-ede", 32, "ecb", 16, 0, 8},
	{"des-ede-cbc", "des-ede-cbc", 43, "cbc", 16, 8, 8},
	{"des-ede-cfb", "des-ede-cfb", 60, "cfb", 16, 8, 1},
	{"des-ede-ecb", "des-ede", 32, "ecb", 16, 0, 8},
	{"des-ede-ofb", "des-ede-ofb", 62, "ofb", 16, 8, 1},
	{"des-ede3", "des-ede3", 33, "ecb", 24, 0, 8},
	{"des-ede3-cbc", "des-ede3-cbc", 44, "cbc", 24, 8, 8},
	{"des-ede3-cfb", "des-ede3-cfb", 61, "cfb", 24, 8, 1},
	{"des-ede3-cfb1", "des-ede3-cfb1", 658, "cfb", 24, 8, 1},
	{"des-ede3-cfb8", "des-ede3-cfb8", 659, "cfb", 24, 8, 1},
	{"des-ede3-ecb", "des-ede3", 33, "ecb", 24, 0, 8},
	{"des-ede3-ofb", "des-ede3-ofb", 63, "ofb", 24, 8, 1},
	{"des3", "des-ede3-cbc", 44, "cbc", 24, 8, 8},
	{"des3-wrap", "id-smime-alg-cms3deswrap", 246, "wrap", 24, 0, 8},
	{"id-aes128-CCM", "id-aes128-ccm", 896, "ccm", 16, 12, 1},
	{"id-aes128-GCM", "id-aes128-gcm", 895, "gcm", 16, 12, 1},
	{"id-aes128-wrap", "id-aes128-wrap", 788, "wrap", 16, 8, 8},
	{"id-aes128-wrap-pad", "id-aes128-wrap-pad", 897, "wrap", 16, 4, 8},
	{"id-aes192-CCM", "id-aes192-ccm", 899, "ccm", 24, 12, 1},
	{"id-aes192-GCM", "id-aes192-gcm", 898, "gcm", 24, 12, 1},
	{"id-aes192-wrap", "id-aes192-wrap", 789, "wrap", 24, 8, 8},
	{"id-aes192-wrap-pad", "id-aes192-wrap-pad", 900, "wrap", 24, 4, 8},
	{"id-aes256-CCM", "id-aes256-ccm", 902, "ccm", 32, 12, 1},
	{"id-aes256-GCM", "id-aes256-gcm", 901, "gcm", 32, 12, 1},
	{"id-aes256-wrap", "id-aes256-wrap", 790, "wrap", 32, 8, 8},
	{"id-aes256-wrap-pad", "id-aes256-wrap-pad", 903, "wrap", 32, 4, 8},
	{"id-smime-alg-CMS3DESwrap", "id-smime-alg-cms3deswrap", 246, "wrap", 24, 0, 8},
}

// cipherNames finds a cipher by any of its names, in lower case; of two with one name the first counts.
var cipherNames = sync.OnceValue(func() map[string]*cipherKind {
	index := map[string]*cipherKind{}
	for i := range cipherKinds {
		k := &cipherKinds[i]
		for _, name := range []string{strings.ToLower(k.alias), k.name} {
			if index[name] == nil {
				index[name] = k
			}
		}
	}
	return index
})

// cipherNamed gives nil when there is none.
func cipherNamed(name string) *cipherKind {
	if k := cipherNames()[name]; k != nil {
		return k
	}
	return cipherNames()[strings.ToLower(name)]
}

// family is the block cipher: aes, des (triple), chacha.
func (k *cipherKind) family() string {
	switch {
	case strings.Contains(k.name, "aes"):
		return "aes"
	case strings.Contains(k.name, "des"):
		return "des"
	}
	return "chacha"
}

func (k *cipherKind) aead() bool {
	return k.mode == "gcm" || k.mode == "ccm" || k.mode == "ocb" || k.name == "chacha20-poly1305"
}

// ivFits tells whether a cipher takes an initialization vector of n bytes.
func (k *cipherKind) ivFits(n int) bool {
	switch {
	case k.mode == "gcm":
		return n > 0
	case k.mode == "ocb":
		return n >= 1 && n <= 15
	case k.mode == "ccm":
		return n >= 7 && n <= 13
	case k.name == "chacha20-poly1305":
		return n > 0 && n <= 12
	}
	return n == k.iv
}

func getCiphers(c *binding.Call) {
	names := make([]string, len(cipherKinds))
	for i, k := range cipherKinds {
		names[i] = k.alias
	}
	c.Return(binding.Strings(names))
}

// cipherInfo(nameOrNid, keyLength, ivLength): undefined when there is no such cipher
func cipherInfo(c *binding.Call) {
	var k *cipherKind
	if c.IsNumber(0) {
		for i := range cipherKinds {
			if cipherKinds[i].nid == c.Int(0) {
				k = &cipherKinds[i]
				break
			}
		}
	} else {
		k = cipherNamed(c.String(0))
	}
	if k == nil {
		return
	}
	iv := k.iv
	if c.IsNumber(1) && c.Int(1) != k.key {
		return
	}
	if c.IsNumber(2) {
		iv = c.Int(2)
		if !k.ivFits(iv) {
			return
		}
	}
	pairs := []binding.Result{}
	if k.mode != "" {
		pairs = append(pairs, binding.String("mode"), binding.String(k.mode))
	}
	pairs = append(pairs, binding.String("name"), binding.String(k.name), binding.String("nid"), binding.Int(k.nid))
	if k.block != 0 {
		pairs = append(pairs, binding.String("blockSize"), binding.Int(k.block))
	}
	if iv != 0 {
		pairs = append(pairs, binding.String("ivLength"), binding.Int(iv))
	}
	pairs = append(pairs, binding.String("keyLength"), binding.Int(k.key))
	c.Return(binding.Object(pairs...))
}
