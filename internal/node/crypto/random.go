package crypto

import (
	"crypto/rand"
	"crypto/subtle"
	"math/big"

	"roost/internal/binding"
)

var randomNatives = binding.Natives{
	"randomBytes":     randomBytes,
	"randomFill":      randomFill,
	"timingSafeEqual": timingSafeEqual,
	"generatePrime":   generatePrime,
	"checkPrime":      checkPrime,
}

// randomBytes(size, request)
func randomBytes(c *binding.Call) {
	n := min(max(c.Int(0), 0), 1<<31-1)
	c.Run(1, func() binding.Result {
		b := make([]byte, n)
		rand.Read(b)
		return binding.Buffer(b)
	})
}

// randomFill(view, offset, size, request); offset and size are bytes
func randomFill(c *binding.Call) {
	offset, size := c.Int(1), c.Int(2)
	fill := func(b []byte) {
		if offset >= 0 && offset <= len(b) && size >= 0 {
			rand.Read(b[offset:min(len(b), offset+size)])
		}
	}
	if !c.IsNumber(3) {
		fill(c.Bytes(0))
		return
	}
	p := c.Pin(0)
	c.Run(3, func() binding.Result {
		fill(p.Bytes())
		return binding.Undefined
	})
}

func timingSafeEqual(c *binding.Call) {
	c.Return(binding.Bool(subtle.ConstantTimeCompare(c.Bytes(0), c.Bytes(1)) == 1))
}

// generatePrime(bits, safe, add, remainder, request): big-endian bytes
func generatePrime(c *binding.Call) {
	bits, safe := c.Int(0), c.Bool(1)
	var add, rem *big.Int
	if c.IsBytes(2) {
		add = new(big.Int).SetBytes(c.Bytes(2))
	}
	if c.IsBytes(3) {
		rem = new(big.Int).SetBytes(c.Bytes(3))
	}
	c.Run(4, func() binding.Result {
		p := findPrime(bits, safe, add, rem)
		return binding.ArrayBuffer(p.FillBytes(make([]byte, (bits+7)/8)))
	})
}

// findPrime finds a prime p of this many bits with p mod add = rem; a safe prime p has (p-1)/2 prime too.
func findPrime(bits int, safe bool, add, rem *big.Int) *big.Int {
	one := big.NewInt(1)
	if bits < 2 {
		bits = 2
	}
	isPrime := func(p *big.Int) bool {
		if !p.ProbablyPrime(20) {
			return false
		}
		return !safe || new(big.Int).Rsh(p, 1).ProbablyPrime(20)
	}
	if safe && add == nil && bits >= 64 {
		return findSafePrime(bits)
	}
	limit := new(big.Int).Lsh(one, uint(bits))
	low := new(big.Int).Lsh(one, uint(bits-1))
	for {
		p, err := rand.Int(rand.Reader, low)
		if err != nil {
			continue
		}
		p.Or(p, low)
		if add == nil && (bits > 2 && !safe || bits > 5) {
			p.SetBit(p, bits-2, 1)
		}
		if add == nil || add.Sign() == 0 {
			p.SetBit(p, 0, 1)
			if bits == 2 {
				p.SetInt64(int64(2 + p.Bit(0)*p.Bit(1)))
			}
			if safe && bits > 4 { // a safe prime is 3 modulo 4
				p.SetBit(p, 1, 1)
			}
		} else {
			r := rem
			if r == nil {
				r = one
				if safe {
					r = big.NewInt(3)
				}
			}
			p.Sub(p, new(big.Int).Mod(p, add)).Add(p, r)
			if p.Cmp(limit) >= 0 || p.BitLen() < bits {
				continue
			}
		}
		// Quick division by small primes before the costly tests.
		if smallFactor(p, safe) {
			continue
		}
		if isPrime(p) {
			return p
		}
	}
}

// findSafePrime sieves p and (p-1)/2 together: random candidates one by one take minutes.
func findSafePrime(bits int) *big.Int {
	const window = 1 << 14 // candidates at a time, 4 apart: a safe prime is 3 modulo 4
	low := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	two := big.NewInt(2)
	composite := make([]bool, window)
	for {
		start, err := rand.Int(rand.Reader, low)
		if err != nil {
			continue
		}
		start.Or(start, low)
		start.SetBit(start, bits-2, 1).SetBit(start, 1, 1).SetBit(start, 0, 1)
		clear(composite)
		m := new(big.Int)
		for _, q := range smallPrimes {
			r := m.Mod(start, m.SetUint64(q)).Uint64()
			// p = start + 4i must be neither 0 nor 1 modulo q. The inverse of 4 is (q+1)/2 squared.
			half := (q + 1) / 2
			quarter := half * half % q
			for _, bad := range [2]uint64{(q - r) % q, (q + 1 - r) % q} {
				for i := bad * quarter % q; i < window; i += q {
					composite[i] = true
				}
			}
		}
		for i, c := range composite {
			if c {
				continue
			}
			p := new(big.Int).Add(start, big.NewInt(int64(4*i)))
			if p.BitLen() != bits {
				break
			}
			half := new(big.Int).Rsh(p, 1)
			if m.Exp(two, new(big.Int).Sub(half, big.NewInt(1)), half).Cmp(big.NewInt(1)) == 0 && half.ProbablyPrime(20) && p.ProbablyPrime(20) {
				return p
			}
		}
	}
}

var smallPrimes = func() []uint64 {
	var out []uint64
next:
	for n := uint64(3); n < 6000; n += 2 {
		for _, p := range out {
			if n%p == 0 {
				continue next
			}
		}
		out = append(out, n)
	}
	return out
}()

func smallFactor(p *big.Int, safe bool) bool {
	if p.BitLen() < 24 {
		return false
	}
	m := new(big.Int)
	for _, q := range smallPrimes {
		r := m.Mod(p, m.SetUint64(q)).Uint64()
		if r == 0 || safe && r == 1 {
			return true
		}
	}
	return false
}

// checkPrime(candidate, checks, request)
func checkPrime(c *binding.Call) {
	if len(c.Bytes(0)) > 1<<23 {
		c.Throw(opensslError("03800072", "bignum routines", "bignum too long"))
		return
	}
	p := new(big.Int).SetBytes(c.Bytes(0))
	checks := min(max(c.Int(1), 0), 1<<16)
	if checks == 0 {
		checks = 20
	}
	c.Run(2, func() binding.Result { return binding.Bool(p.ProbablyPrime(checks)) })
}
