package crypto

import (
	"crypto/rand"
	"math/big"
	"sync"

	"roost/internal/binding"
)

var dhNatives = binding.Natives{
	"dhGroup":    dhGroup,
	"dhCheck":    dhCheck,
	"dhGenerate": dhGenerate,
	"dhCompute":  dhCompute,
}

// The groups of RFC 2409 and RFC 3526: p = 2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) pi) + offset), generator 2.
var modpGroups = map[string]struct {
	bits   int
	offset int64
}{
	"modp1": {768, 149686}, "modp2": {1024, 129093}, "modp5": {1536, 741804}, "modp14": {2048, 124476}, "modp15": {3072, 1690314},
	"modp16": {4096, 240904}, "modp17": {6144, 929484}, "modp18": {8192, 4743158},
}

var modpPrimes struct {
	sync.Mutex
	made map[string]*big.Int // guarded by Mutex
}

// piTimes is floor(pi * 2^bits), by Machin's formula.
func piTimes(bits int) *big.Int {
	const guard = 64
	one := new(big.Int).Lsh(big.NewInt(1), uint(bits+guard))
	arctan := func(inverse int64) *big.Int { // of 1/inverse
		x := big.NewInt(inverse)
		square := new(big.Int).Mul(x, x)
		term := new(big.Int).Quo(one, x)
		sum := new(big.Int).Set(term)
		t := new(big.Int)
		for n := int64(3); ; n += 2 {
			term.Quo(term, square)
			if t.Quo(term, big.NewInt(n)); t.Sign() == 0 {
				return sum
			}
			if n%4 == 3 {
				sum.Sub(sum, t)
			} else {
				sum.Add(sum, t)
			}
		}
	}
	pi := new(big.Int).Mul(arctan(5), big.NewInt(16))
	pi.Sub(pi, new(big.Int).Mul(arctan(239), big.NewInt(4)))
	return pi.Rsh(pi, guard)
}

func modpPrime(name string) *big.Int {
	g, ok := modpGroups[name]
	if !ok {
		return nil
	}
	modpPrimes.Lock()
	defer modpPrimes.Unlock()
	if p := modpPrimes.made[name]; p != nil {
		return p
	}
	one := big.NewInt(1)
	p := new(big.Int).Lsh(one, uint(g.bits))
	p.Sub(p, new(big.Int).Lsh(one, uint(g.bits-64)))
	p.Sub(p, one)
	middle := piTimes(g.bits - 130)
	middle.Add(middle, big.NewInt(g.offset))
	p.Add(p, middle.Lsh(middle, 64))
	if modpPrimes.made == nil {
		modpPrimes.made = map[string]*big.Int{}
	}
	modpPrimes.made[name] = p
	return p
}

// dhGroup(name): [prime, generator], undefined when there is no such group
func dhGroup(c *binding.Call) {
	if p := modpPrime(c.String(0)); p != nil {
		c.Return(binding.List(binding.Buffer(p.Bytes()), binding.Buffer([]byte{2})))
	}
}

// dhCheck(prime, generator): OpenSSL's DH_CHECK_* bits
func dhCheck(c *binding.Call) {
	p, g := new(big.Int).SetBytes(c.Bytes(0)), new(big.Int).SetBytes(c.Bytes(1))
	c.Return(binding.Int(checkDH(p, g)))
}

func checkDH(p, g *big.Int) int {
	const notPrime, notSafe, notSuitable, tooSmall = 1, 2, 8, 128
	verdict := 0
	if p.BitLen() < 512 {
		verdict |= tooSmall
	}
	one := big.NewInt(1)
	if g.Cmp(one) <= 0 || g.Cmp(new(big.Int).Sub(p, one)) >= 0 {
		verdict |= notSuitable
	}
	for name := range modpGroups {
		if known := modpGroups[name]; known.bits == p.BitLen() && modpPrime(name).Cmp(p) == 0 {
			return verdict
		}
	}
	if !p.ProbablyPrime(10) {
		verdict |= notPrime
	} else if !new(big.Int).Rsh(p, 1).ProbablyPrime(10) {
		verdict |= notSafe
	}
	return verdict
}

// dhGenerate(prime, generator, private | undefined): [private, public]
func dhGenerate(c *binding.Call) {
	p, g := new(big.Int).SetBytes(c.Bytes(0)), new(big.Int).SetBytes(c.Bytes(1))
	if p.Sign() <= 0 || p.BitLen() > 16384 {
		c.Throw(opensslError("0280007E", "Diffie-Hellman routines", "modulus too small"))
		return
	}
	var x *big.Int
	if c.IsBytes(2) {
		x = new(big.Int).SetBytes(c.Bytes(2))
	} else {
		var err error
		if x, err = dhPrivate(p); err != nil {
			c.Throw(err)
			return
		}
	}
	y := new(big.Int).Exp(g, x, p)
	c.Return(binding.List(binding.Buffer(x.Bytes()), binding.Buffer(y.Bytes())))
}

func dhPrivate(p *big.Int) (*big.Int, error) {
	limit := new(big.Int).Sub(p, big.NewInt(2))
	if limit.Sign() <= 0 {
		return big.NewInt(1), nil
	}
	x, err := rand.Int(rand.Reader, limit)
	if err != nil {
		return nil, err
	}
	return x.Add(x, big.NewInt(1)), nil
}

// dhSecret computes the shared secret, as long as the prime.
func dhSecret(p, x, y *big.Int) ([]byte, error) {
	one := big.NewInt(1)
	if y.Cmp(one) <= 0 || y.Cmp(new(big.Int).Sub(p, one)) >= 0 {
		return nil, opensslError("02800066", "Diffie-Hellman routines", "invalid public key")
	}
	s := new(big.Int).Exp(y, x, p)
	if s.Cmp(one) <= 0 {
		return nil, opensslError("02800066", "Diffie-Hellman routines", "invalid secret")
	}
	return s.FillBytes(make([]byte, (p.BitLen()+7)/8)), nil
}

// dhCompute(prime, private, public): the secret, 1 or 2 when the public key is too small or too large
func dhCompute(c *binding.Call) {
	p, x, y := new(big.Int).SetBytes(c.Bytes(0)), new(big.Int).SetBytes(c.Bytes(1)), new(big.Int).SetBytes(c.Bytes(2))
	one := big.NewInt(1)
	switch {
	case p.Sign() <= 0 || p.BitLen() > 16384:
		c.Throw(opensslError("0280007E", "Diffie-Hellman routines", "modulus too small"))
	case y.Cmp(one) <= 0:
		c.Return(binding.Int(1))
	case y.Cmp(new(big.Int).Sub(p, one)) >= 0:
		c.Return(binding.Int(2))
	default:
		s := new(big.Int).Exp(y, x, p)
		c.Return(binding.Buffer(s.FillBytes(make([]byte, (p.BitLen()+7)/8))))
	}
}
