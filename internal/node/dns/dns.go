// Package dns is the Go half of node:dns: lookups as the system does them (hosts file, then DNS) through Go's resolver, and queries of
// single record types to chosen servers.
//
// Natives run on the isolate's thread; lookups and queries wait on goroutines and settle requests. Errors carry c-ares' codes;
// JavaScript makes Node's errors of them, since it knows the call's name.
package dns

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"roost/internal/binding"
)

// Module is the dns builtin.
var Module = binding.Module{Name: "dns", Natives: binding.Natives{
	"lookup": lookup, "lookupService": lookupService, "resolverNew": resolverNew, "resolverServers": resolverServers,
	"resolverSetServers": resolverSetServers, "resolverLocal": resolverLocal, "query": query, "cancel": cancel,
	"canonical": canonical,
}}

var system = &net.Resolver{PreferGo: true}

// fail is the error with a c-ares code alone.
func fail(code string) binding.Result { return binding.Fail(binding.Error(code, "%s", code)) }

// codeOf maps an error of Go's resolver.
func codeOf(err error) string {
	var d *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return "ECANCELLED"
	case errors.As(err, &d) && d.IsNotFound:
		return "ENOTFOUND"
	case errors.As(err, &d) && d.IsTimeout, errors.Is(err, context.DeadlineExceeded):
		return "ETIMEOUT"
	case errors.As(err, &d) && strings.Contains(d.Err, "connection refused"):
		return "ECONNREFUSED"
	}
	return "EAI_AGAIN"
}

// lookup(request, hostname, family: 0 4 6, addrconfig, v4mapped, order: "verbatim" "ipv4first" "ipv6first") → [address, ...]
func lookup(c *binding.Call) {
	host, family, mapped, order := c.String(1), c.Int(2), c.Bool(4), c.String(5)
	c.RunSlow(0, func() binding.Result {
		network := "ip"
		switch family {
		case 4:
			network = "ip4"
		case 6:
			network = "ip6"
		}
		found, err := system.LookupNetIP(context.Background(), network, host)
		if err != nil && family == 6 && mapped {
			if v4, err4 := system.LookupNetIP(context.Background(), "ip4", host); err4 == nil {
				found, err = v4, nil
				for i, a := range found {
					found[i] = netip.AddrFrom16(a.As16())
				}
			}
		}
		if err != nil {
			return fail(codeOf(err))
		}
		list := make([]string, 0, len(found))
		add := func(v4, v6 bool) {
			for _, a := range found {
				if a = unmap(a, family); a.Is4() && v4 || !a.Is4() && v6 {
					list = append(list, a.String())
				}
			}
		}
		switch order {
		case "ipv4first":
			add(true, false)
			add(false, true)
		case "ipv6first":
			add(false, true)
			add(true, false)
		default:
			add(true, true)
		}
		return binding.Strings(list)
	})
}

func unmap(a netip.Addr, family int) netip.Addr {
	if family == 6 {
		return a
	}
	return a.Unmap()
}

// lookupService(request, address, port) → [hostname, service]
func lookupService(c *binding.Call) {
	address, port := c.String(1), c.Int(2)
	c.RunSlow(0, func() binding.Result {
		names, err := system.LookupAddr(context.Background(), address)
		if err != nil || len(names) == 0 {
			if err != nil && codeOf(err) != "ENOTFOUND" {
				return fail(codeOf(err))
			}
			names = []string{address}
		}
		return binding.Strings([]string{strings.TrimSuffix(names[0], "."), service(port)})
	})
}

// canonical(address) → the address in its canonical form | undefined
func canonical(c *binding.Call) {
	if a, err := netip.ParseAddr(c.String(0)); err == nil {
		c.Return(binding.String(a.String()))
	}
}

// resolver is one dns.Resolver.
type resolver struct {
	mu      sync.Mutex
	servers []string // host:port; guarded by mu
	local4  string   // guarded by mu
	local6  string   // guarded by mu
	timeout time.Duration
	tries   int
	ctx     context.Context    // guarded by mu
	stop    context.CancelFunc // guarded by mu
}

// resolverNew(timeoutMs, tries) → resolver; a negative number stands for the default
func resolverNew(c *binding.Call) {
	r := &resolver{timeout: 5 * time.Second, tries: 4, servers: systemServers()}
	if ms := c.Int(0); ms >= 0 {
		r.timeout = time.Duration(ms) * time.Millisecond
	}
	if n := c.Int(1); n > 0 {
		r.tries = n
	}
	r.ctx, r.stop = context.WithCancel(context.Background())
	c.Return(binding.Ref(r))
}

func resolverServers(c *binding.Call) {
	if r, ok := c.Ref(0).(*resolver); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		c.Return(binding.Strings(r.servers))
	}
}

// resolverSetServers(resolver, ["host:port", ...])
func resolverSetServers(c *binding.Call) {
	if r, ok := c.Ref(0).(*resolver); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.servers = c.Strings(1)
	}
}

// resolverLocal(resolver, ipv4, ipv6)
func resolverLocal(c *binding.Call) {
	if r, ok := c.Ref(0).(*resolver); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.local4, r.local6 = c.String(1), c.String(2)
	}
}

// cancel(resolver): every query fails with ECANCELLED
func cancel(c *binding.Call) {
	if r, ok := c.Ref(0).(*resolver); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.stop()
		r.ctx, r.stop = context.WithCancel(context.Background())
	}
}

// query(request, resolver, name, type) → records, see records.go
func query(c *binding.Call) {
	r, ok := c.Ref(1).(*resolver)
	req := c.Request(0)
	if req == nil || !ok {
		return
	}
	name, kind := c.String(2), c.String(3)
	r.mu.Lock()
	ctx, servers := r.ctx, append([]string(nil), r.servers...)
	locals := [2]string{r.local4, r.local6}
	r.mu.Unlock()
	go func() {
		req.Settle(r.resolve(ctx, servers, locals, name, kind))
	}()
}
