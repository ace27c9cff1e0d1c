package net

import (
	"net/netip"
	"testing"
)

func TestBlockRule(t *testing.T) {
	at := netip.MustParseAddr
	for _, test := range []struct {
		rule    blockRule
		address string
		holds   bool
	}{
		{blockRule{kind: ruleAddress, a: at("1.2.3.4")}, "1.2.3.4", true},
		{blockRule{kind: ruleAddress, a: at("1.2.3.4")}, "::ffff:1.2.3.4", true},
		{blockRule{kind: ruleAddress, a: at("1.2.3.4")}, "1.2.3.5", false},
		{blockRule{kind: ruleAddress, a: at("::1")}, "0.0.0.1", false},
		{blockRule{kind: ruleRange, a: at("10.0.0.1"), b: at("10.0.0.9")}, "10.0.0.9", true},
		{blockRule{kind: ruleRange, a: at("10.0.0.1"), b: at("10.0.0.9")}, "10.0.0.10", false},
		{blockRule{kind: ruleRange, a: at("10.0.0.1"), b: at("10.0.0.9")}, "::5", false},
		{blockRule{kind: ruleSubnet, a: at("10.1.0.0"), prefix: 16}, "10.1.200.7", true},
		{blockRule{kind: ruleSubnet, a: at("10.1.0.0"), prefix: 16}, "::ffff:10.1.0.1", true},
		{blockRule{kind: ruleSubnet, a: at("8592:757c:efae:4e45::"), prefix: 64}, "8592:757c:efae:4e45::1", true},
		{blockRule{kind: ruleSubnet, a: at("8592:757c:efae:4e45::"), prefix: 64}, "10.1.0.1", false},
	} {
		if got := test.rule.holds(at(test.address)); got != test.holds {
			t.Errorf("%v holds %s: %v", test.rule, test.address, got)
		}
	}
}
