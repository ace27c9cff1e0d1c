package net

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"roost/internal/binding"
)

// blockList is the rules of a net.BlockList. Its clones share it, on other threads too.
type blockList struct {
	mu    sync.RWMutex
	rules []blockRule // guarded by mu; the youngest last
}

// SharedByIsolates marks it for messages between threads.
func (l *blockList) SharedByIsolates() {}

// Kinds of a rule, as in blocklist.ts.
const (
	ruleAddress = iota
	ruleRange
	ruleSubnet
)

type blockRule struct {
	kind, prefix int
	a, b         netip.Addr // b is the end of a range
}

func (r blockRule) holds(address netip.Addr) bool {
	from, of := sameFamily(address, r.a)
	switch r.kind {
	case ruleSubnet:
		return netip.PrefixFrom(of, r.prefix).Contains(from)
	case ruleRange:
		to, end := sameFamily(address, r.b)
		return from.Is4() == of.Is4() && to.Is4() == end.Is4() && from.Compare(of) >= 0 && to.Compare(end) <= 0
	default:
		return from == of
	}
}

func (r blockRule) String() string {
	family := "IPv6"
	if r.a.Is4() {
		family = "IPv4"
	}
	switch r.kind {
	case ruleSubnet:
		return fmt.Sprintf("Subnet: %s %s/%d", family, r.a, r.prefix)
	case ruleRange:
		return fmt.Sprintf("Range: %s %s-%s", family, r.a, r.b)
	default:
		return fmt.Sprintf("Address: %s %s", family, r.a)
	}
}

func listOf(c *binding.Call) *blockList {
	l, _ := c.Ref(0).(*blockList)
	return l
}

// blockListNew() → a list without rules
func blockListNew(c *binding.Call) { c.Return(binding.Ref(&blockList{})) }

// blockListAdd(list, kind, address, end, prefix)
func blockListAdd(c *binding.Call) {
	r := blockRule{kind: c.Int(1), prefix: c.Int(4)}
	l := listOf(c)
	var ok bool
	if r.a, ok = parse(c.String(2)); l == nil || !ok {
		return
	}
	if r.b = r.a; r.kind == ruleRange {
		if r.b, ok = parse(c.String(3)); !ok {
			return
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules = append(l.rules, r)
}

// blockListCheck(list, address) → whether a rule holds the address
func blockListCheck(c *binding.Call) {
	l := listOf(c)
	address, ok := parse(c.String(1))
	if l == nil || !ok {
		c.Return(binding.False)
		return
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	c.Return(binding.Bool(slices.ContainsFunc(l.rules, func(r blockRule) bool { return r.holds(address) })))
}

// blockListRules(list) → the rules as text, the youngest first
func blockListRules(c *binding.Call) {
	var out []string
	if l := listOf(c); l != nil {
		l.mu.RLock()
		defer l.mu.RUnlock()
		for _, r := range slices.Backward(l.rules) {
			out = append(out, r.String())
		}
	}
	c.Return(binding.Strings(out))
}
