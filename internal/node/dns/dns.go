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
	"slices"
	"strings"
	"sync"
	"time"

	"roost/internal/binding"
)

// Module is the dns builtin.
var Module = binding.Module{Name: "dns", Natives: binding.Natives{
	"lookup": lookup, "lookupService": lookupService, "resolverNew": resolverNew, "resolverServers": resolverServers,
	"resolverSetServers": resolverSetServers, "resolverLocal": resolverLocal, "query": query, "reverse": reverse, "cancel": cancel,
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
	host, family, addrconfig, mapped, order := c.String(1), c.Int(2), c.Bool(3), c.Bool(4), c.String(5)
	c.RunSlow(0, func() binding.Result {
		network := "ip"
		switch family {
		case 4:
			network = "ip4"
		case 6:
			network = "ip6"
		}
		var found []netip.Addr
		var err error
		if name := strings.TrimSuffix(strings.ToLower(host), "."); family == 6 && name == "localhost" {
			found = localhost6(hostsFile, name)
		} else {
			found, err = system.LookupNetIP(context.Background(), network, host)
		}
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
		if addrconfig {
			if found = reachable(found); len(found) == 0 {
				return fail("ENOTFOUND")
			}
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

// reachable keeps the addresses of the families of which the system has addresses of its own, the loopback not counted. A system that has
// neither keeps all.
func reachable(found []netip.Addr) []netip.Addr {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return found
	}
	var has4, has6 bool
	for _, a := range own {
		n, ok := a.(*net.IPNet)
		if !ok || n.IP.IsLoopback() || n.IP.IsLinkLocalUnicast() {
			continue
		}
		if n.IP.To4() != nil {
			has4 = true
		} else {
			has6 = true
		}
	}
	if has4 == has6 {
		return found
	}
	return slices.DeleteFunc(found, func(a netip.Addr) bool { return a.Unmap().Is4() != has4 })
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
		if err != nil {
			return fail(codeOf(err))
		}
		if len(names) == 0 {
			return fail("ENOTFOUND")
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
	servers []string      // host:port; guarded by mu
	local4  string        // guarded by mu
	local6  string        // guarded by mu
	timeout time.Duration // of the first round; each one after it waits twice as long
	longest time.Duration // which no round's time exceeds; 0: no limit
	tries   int
	pending []*pendingQuery // in the order they were asked; guarded by mu
}

// pendingQuery is a query that isn't settled. Whoever takes it out of its resolver's list settles it.
type pendingQuery struct {
	req  *binding.Request
	stop context.CancelFunc
}

// resolverNew(timeoutMs, tries, maxTimeoutMs) → resolver; a negative number stands for the default, 0 for no maximum
func resolverNew(c *binding.Call) {
	r := &resolver{timeout: 5 * time.Second, tries: 4, servers: systemServers()}
	if ms := c.Int(0); ms >= 0 {
		r.timeout = time.Duration(ms) * time.Millisecond
	}
	if n := c.Int(1); n > 0 {
		r.tries = n
	}
	r.longest = time.Duration(c.Uint32(2)) * time.Millisecond
	c.Return(binding.Ref(r))
}

// take removes a query from the list; false: somebody else has.
func (r *resolver) take(q *pendingQuery) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := slices.Index(r.pending, q)
	if k < 0 {
		return false
	}
	r.pending = slices.Delete(r.pending, k, k+1)
	return true
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

// cancel(resolver): every query fails with ECANCELLED, in the order they were asked
func cancel(c *binding.Call) {
	r, ok := c.Ref(0).(*resolver)
	if !ok {
		return
	}
	r.mu.Lock()
	list := r.pending
	r.pending = nil
	r.mu.Unlock()
	for _, q := range list {
		q.stop()
		q.req.Settle(fail("ECANCELLED"))
	}
}

// query(request, resolver, name, type) → records, see records.go
func query(c *binding.Call) {
	name, kind := c.String(2), c.String(3)
	start(c, func(ctx context.Context, q question) binding.Result { return q.resolve(ctx, name, kind) })
}

// reverse(request, resolver, address, name) → names of the address: from the hosts file, or by asking for the name's PTR records
func reverse(c *binding.Call) {
	address, name := c.String(2), c.String(3)
	start(c, func(ctx context.Context, q question) binding.Result {
		if names := hostsNames(hostsFile, address); names != nil {
			return binding.Strings(names)
		}
		return q.resolve(ctx, name, "PTR")
	})
}

// question is how a query is asked: what its resolver was told at that time.
type question struct {
	*resolver
	servers []string
	locals  [2]string // IPv4, IPv6
}

// start runs work on a goroutine, for the request that is argument 0 and the resolver that is argument 1.
func start(c *binding.Call, work func(context.Context, question) binding.Result) {
	r, ok := c.Ref(1).(*resolver)
	req := c.Request(0)
	if req == nil || !ok {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &pendingQuery{req, stop}
	r.mu.Lock()
	r.pending = append(r.pending, p)
	q := question{r, append([]string(nil), r.servers...), [2]string{r.local4, r.local6}}
	r.mu.Unlock()
	go func() {
		result := work(ctx, q)
		stop()
		if r.take(p) {
			req.Settle(result)
		}
	}()
}
