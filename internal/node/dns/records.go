package dns

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"roost/internal/binding"
)

const (
	typeNAPTR dnsmessage.Type = 35
	typeTLSA  dnsmessage.Type = 52
	typeCAA   dnsmessage.Type = 257
)

var types = map[string]dnsmessage.Type{
	"A": dnsmessage.TypeA, "AAAA": dnsmessage.TypeAAAA, "ANY": dnsmessage.TypeALL, "CNAME": dnsmessage.TypeCNAME, "MX": dnsmessage.TypeMX,
	"NS": dnsmessage.TypeNS, "PTR": dnsmessage.TypePTR, "SOA": dnsmessage.TypeSOA, "SRV": dnsmessage.TypeSRV, "TXT": dnsmessage.TypeTXT,
	"CAA": typeCAA, "NAPTR": typeNAPTR, "TLSA": typeTLSA,
}

// systemServers reads the name servers of the system's configuration.
func systemServers() []string {
	var out []string
	if f, err := os.Open("/etc/resolv.conf"); err == nil {
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			if w := strings.Fields(s.Text()); len(w) > 1 && w[0] == "nameserver" {
				if _, err := netip.ParseAddr(w[1]); err == nil {
					out = append(out, net.JoinHostPort(w[1], "53"))
				}
			}
		}
	}
	if len(out) == 0 {
		out = []string{"127.0.0.1:53"}
	}
	return out
}

// service is the name of a TCP port.
func service(port int) string {
	if f, err := os.Open("/etc/services"); err == nil {
		defer f.Close()
		want := strconv.Itoa(port) + "/tcp"
		for s := bufio.NewScanner(f); s.Scan(); {
			if w := strings.Fields(s.Text()); len(w) > 1 && w[1] == want {
				return w[0]
			}
		}
	}
	switch port {
	case 22:
		return "ssh"
	case 80:
		return "http"
	case 443:
		return "https"
	}
	return strconv.Itoa(port)
}

// resolve asks the servers in turn.
func (r question) resolve(ctx context.Context, name, kind string) binding.Result {
	t, ok := types[kind]
	if !ok {
		return fail("EBADQUERY")
	}
	fqdn := name
	if !strings.HasSuffix(fqdn, ".") {
		fqdn += "."
	}
	q, err := dnsmessage.NewName(fqdn)
	if err != nil || strings.Contains(name, "..") || strings.HasPrefix(name, ".") && name != "." {
		return fail("EBADNAME")
	}
	if strings.HasSuffix(strings.ToLower(fqdn), ".onion.") { // RFC 7686: names of Tor are never asked for
		return fail("ENOTFOUND")
	}
	id := uint16(rand.Uint32())
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: id, RecursionDesired: true})
	_ = b.StartQuestions()
	_ = b.Question(dnsmessage.Question{Name: q, Type: t, Class: dnsmessage.ClassINET})
	packet, err := b.Finish()
	if err != nil {
		return fail("EBADNAME")
	}
	code := "ECONNREFUSED"
	wait := r.timeout
	for range r.tries {
		if r.longest > 0 {
			wait = min(wait, r.longest)
		}
		for _, server := range r.servers {
			msg, err := ask(ctx, server, r.locals, packet, id, wait)
			if ctx.Err() != nil {
				return fail("ECANCELLED")
			}
			if err != nil {
				var n net.Error
				switch {
				case errors.Is(err, syscall.ECONNREFUSED):
					code = "ECONNREFUSED"
				case errors.As(err, &n) && n.Timeout():
					code = "ETIMEOUT"
				default:
					code = "EBADRESP"
				}
				continue
			}
			switch msg.RCode {
			case dnsmessage.RCodeSuccess:
				return records(msg, t)
			case dnsmessage.RCodeNameError:
				return fail("ENOTFOUND")
			case dnsmessage.RCodeServerFailure:
				code = "ESERVFAIL"
			case dnsmessage.RCodeRefused:
				code = "EREFUSED"
			case dnsmessage.RCodeFormatError:
				return fail("EFORMERR")
			case dnsmessage.RCodeNotImplemented:
				code = "ENOTIMP"
			default:
				return fail("EBADRESP")
			}
		}
		if code != "ETIMEOUT" {
			break
		}
		wait *= 2
	}
	return fail(code)
}

// ask sends the query by UDP, and again by TCP if the answer was cut.
func ask(ctx context.Context, server string, locals [2]string, packet []byte, id uint16, wait time.Duration) (*dnsmessage.Message, error) {
	msg, err := exchange(ctx, "udp", server, locals, packet, id, wait)
	if err == nil && msg.Truncated {
		return exchange(ctx, "tcp", server, locals, packet, id, wait)
	}
	return msg, err
}

func exchange(ctx context.Context, network, server string, locals [2]string, packet []byte, id uint16, wait time.Duration) (*dnsmessage.Message, error) {
	ctx, stop := context.WithTimeout(ctx, wait)
	defer stop()
	var d net.Dialer
	local := locals[0]
	if strings.HasPrefix(server, "[") {
		local = locals[1]
	}
	if local != "" {
		if network == "udp" {
			d.LocalAddr = &net.UDPAddr{IP: net.ParseIP(local)}
		} else {
			d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(local)}
		}
	}
	conn, err := d.DialContext(ctx, network, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	out := packet
	if network == "tcp" {
		out = append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)
	}
	if _, err := conn.Write(out); err != nil {
		return nil, err
	}
	buf := make([]byte, 65535)
	for {
		var n int
		if network == "tcp" {
			if _, err = io.ReadFull(conn, buf[:2]); err == nil {
				n = int(binary.BigEndian.Uint16(buf))
				_, err = io.ReadFull(conn, buf[:n])
			}
		} else {
			n, err = conn.Read(buf)
		}
		if err != nil {
			return nil, err
		}
		var msg dnsmessage.Message
		if err := msg.Unpack(buf[:n]); err != nil {
			return nil, err
		}
		if msg.ID == id && msg.Response { // anything else wasn't meant for us
			return &msg, nil
		}
	}
}

func text(n dnsmessage.Name) binding.Result {
	return binding.String(strings.TrimSuffix(n.String(), "."))
}

// records picks the answers of the type asked for: A and AAAA as [address, ttl], CNAME, NS and PTR as names, TXT as lists of strings, the
// others as objects; ANY as objects with their type.
func records(msg *dnsmessage.Message, t dnsmessage.Type) binding.Result {
	var list []binding.Result
	any := t == dnsmessage.TypeALL
	typed := func(kind string, pairs ...binding.Result) {
		list = append(list, binding.Object(append(pairs, binding.String("type"), binding.String(kind))...))
	}
	s := binding.String
	for _, rr := range msg.Answers {
		if !any && rr.Header.Type != t {
			continue
		}
		ttl := binding.Int(rr.Header.TTL)
		switch b := rr.Body.(type) {
		case *dnsmessage.AResource:
			a := s(netip.AddrFrom4(b.A).String())
			if any {
				typed("A", s("address"), a, s("ttl"), ttl)
			} else {
				list = append(list, binding.List(a, ttl))
			}
		case *dnsmessage.AAAAResource:
			a := s(netip.AddrFrom16(b.AAAA).String())
			if any {
				typed("AAAA", s("address"), a, s("ttl"), ttl)
			} else {
				list = append(list, binding.List(a, ttl))
			}
		case *dnsmessage.CNAMEResource:
			if any {
				typed("CNAME", s("value"), text(b.CNAME))
			} else {
				list = append(list, text(b.CNAME))
			}
		case *dnsmessage.NSResource:
			if any {
				typed("NS", s("value"), text(b.NS))
			} else {
				list = append(list, text(b.NS))
			}
		case *dnsmessage.PTRResource:
			if any {
				typed("PTR", s("value"), text(b.PTR))
			} else {
				list = append(list, text(b.PTR))
			}
		case *dnsmessage.TXTResource:
			if any {
				typed("TXT", s("entries"), binding.Strings(b.TXT))
			} else {
				list = append(list, binding.Strings(b.TXT))
			}
		case *dnsmessage.MXResource:
			pairs := []binding.Result{s("exchange"), text(b.MX), s("priority"), binding.Int(b.Pref)}
			if any {
				typed("MX", pairs...)
			} else {
				list = append(list, binding.Object(pairs...))
			}
		case *dnsmessage.SRVResource:
			pairs := []binding.Result{s("name"), text(b.Target), s("port"), binding.Int(b.Port), s("priority"), binding.Int(b.Priority),
				s("weight"), binding.Int(b.Weight)}
			if any {
				typed("SRV", pairs...)
			} else {
				list = append(list, binding.Object(pairs...))
			}
		case *dnsmessage.SOAResource:
			pairs := []binding.Result{s("nsname"), text(b.NS), s("hostmaster"), text(b.MBox), s("serial"), binding.Int(b.Serial),
				s("refresh"), binding.Int(b.Refresh), s("retry"), binding.Int(b.Retry), s("expire"), binding.Int(b.Expire), s("minttl"), binding.Int(b.MinTTL)}
			if any {
				typed("SOA", pairs...)
			} else {
				return binding.Object(pairs...)
			}
		case *dnsmessage.UnknownResource:
			pairs, kind := unknown(b)
			if pairs == nil {
				continue
			}
			if any {
				typed(kind, pairs...)
			} else {
				list = append(list, binding.Object(pairs...))
			}
		}
	}
	if len(list) == 0 {
		return fail("ENODATA")
	}
	return binding.List(list...)
}

// unknown reads the record types that dnsmessage hands over as bytes.
func unknown(b *dnsmessage.UnknownResource) (pairs []binding.Result, kind string) {
	d := b.Data
	s := binding.String
	switch b.Type {
	case typeCAA: // RFC 8659
		if len(d) < 2 || len(d) < 2+int(d[1]) {
			return nil, ""
		}
		n := int(d[1])
		return []binding.Result{s("critical"), binding.Int(d[0]), s(string(d[2 : 2+n])), s(string(d[2+n:]))}, "CAA"
	case typeTLSA: // RFC 6698
		if len(d) < 3 {
			return nil, ""
		}
		return []binding.Result{s("certUsage"), binding.Int(d[0]), s("selector"), binding.Int(d[1]), s("match"), binding.Int(d[2]),
			s("data"), binding.ArrayBuffer(d[3:])}, "TLSA"
	case typeNAPTR: // RFC 3403
		if len(d) < 4 {
			return nil, ""
		}
		order, preference := binary.BigEndian.Uint16(d), binary.BigEndian.Uint16(d[2:])
		d = d[4:]
		var parts [3]string
		for i := range parts {
			if len(d) == 0 || len(d) < 1+int(d[0]) {
				return nil, ""
			}
			parts[i] = string(d[1 : 1+d[0]])
			d = d[1+d[0]:]
		}
		var labels []string
		for len(d) > 0 && d[0] != 0 {
			if len(d) < 1+int(d[0]) {
				return nil, ""
			}
			labels = append(labels, string(d[1:1+d[0]]))
			d = d[1+d[0]:]
		}
		return []binding.Result{s("flags"), s(parts[0]), s("service"), s(parts[1]), s("regexp"), s(parts[2]),
			s("replacement"), s(strings.Join(labels, ".")), s("order"), binding.Int(order), s("preference"), binding.Int(preference)}, "NAPTR"
	}
	return nil, ""
}
