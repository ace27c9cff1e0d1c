package supervisor

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// named answers with its instance and which run of it answers.
const named = `
const answer = (q, r) => { if (q.url === '/socket') q.socket.on('data', () => {}); r.end(process.env.NODE_APP_INSTANCE + ' ' + run); };
const run = process.pid + '-' + Date.now() + '-' + Math.random();
let silent = process.env.TLS_PORT ? 2 : 1; // servers that don't listen yet
const listens = () => {
  if (--silent) return;
  console.log('listens', run);
  if (!require('node:fs').existsSync(process.env.READY_IF_NO ?? '')) process.send('ready');
};
require('node:http').createServer(answer).listen(process.env.PORT, '127.0.0.1', listens);
if (process.env.TLS_PORT) {
  const read = require('node:fs').readFileSync;
  require('node:http2').createSecureServer({ key: read('key.pem'), cert: read('cert.pem'), allowHTTP1: true }, answer).listen(process.env.TLS_PORT, '127.0.0.1', listens);
}
process.on('SIGINT', () => process.exit());
`

// startNamed starts n instances and waits until each listens.
func (p *place) startNamed(n int, options ...string) (port string) {
	p.t.Helper()
	p.write("app.js", named)
	port = freePort(p.t)
	p.env = append(p.env, "PORT="+port)
	p.ok(append([]string{"start", "app.js", "-i", strconv.Itoa(n)}, options...)...)
	for id := range n {
		p.until("instance "+strconv.Itoa(id)+" listens", func() bool { return strings.Contains(p.log(fmt.Sprintf("app-out-%d.log", id)), "listens") })
	}
	return port
}

// visitor is a client; each of its requests has a connection of its own.
type visitor struct {
	from   string // its address
	header string // "Name: value"
}

func (v visitor) ask(port string) (instance, run string, err error) {
	d := net.Dialer{Timeout: 20 * time.Second}
	if v.from != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(v.from)}
	}
	c, err := d.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		return "", "", err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	head := "GET / HTTP/1.1\r\nHost: x\r\n"
	if v.header != "" {
		head += v.header + "\r\n"
	}
	if _, err := io.WriteString(c, head+"Connection: close\r\n\r\n"); err != nil {
		return "", "", err
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return "", "", err
	}
	text, err := io.ReadAll(r.Body)
	instance, run, _ = strings.Cut(string(text), " ")
	return instance, run, err
}

func addresses(n int) (out []visitor) {
	for k := range n {
		out = append(out, visitor{from: fmt.Sprintf("127.0.%d.%d", 1+k%3, 1+k)})
	}
	return out
}

// homes asks a few times for each visitor, some at once, and wants one instance for each.
func (p *place) homes(port string, all []visitor) map[visitor]string {
	p.t.Helper()
	out := map[visitor]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	tokens := make(chan struct{}, 16)
	for _, v := range all {
		for range 4 {
			wg.Add(1)
			tokens <- struct{}{}
			go func() {
				defer wg.Done()
				defer func() { <-tokens }()
				instance, _, err := v.ask(port)
				mu.Lock()
				defer mu.Unlock()
				if was, known := out[v]; err != nil || known && was != instance {
					p.t.Errorf("%v: %s, was %s, %v", v, instance, was, err)
				}
				out[v] = instance
			}()
		}
	}
	wg.Wait()
	return out
}

func (p *place) same(when string, got, want map[visitor]string) {
	p.t.Helper()
	if !maps.Equal(got, want) {
		for v := range want {
			if got[v] != want[v] {
				p.t.Errorf("%s: %v is with %s, was with %s", when, v, got[v], want[v])
			}
		}
	}
}

// spread counts the visitors of each instance.
func spread(homes map[visitor]string) map[string]int {
	out := map[string]int{}
	for _, instance := range homes {
		out[instance]++
	}
	return out
}

// under keeps visitors asking while do runs; each must be answered by its home, and without an error. It gives how often that was so.
func (p *place) under(port string, home map[visitor]string, do func()) (answered int64) {
	p.t.Helper()
	var wg sync.WaitGroup
	var n atomic.Int64
	stop := make(chan struct{})
	tokens := make(chan struct{}, 6)
	for v, want := range home {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				select {
				case <-stop:
					return
				case tokens <- struct{}{}:
				}
				got, _, err := v.ask(port)
				<-tokens
				if err != nil || got != want {
					p.t.Errorf("%v: %s, not %s: %v", v, got, want, err)
					return
				}
				n.Add(1)
			}
		}()
	}
	do()
	close(stop)
	wg.Wait()
	return n.Load()
}

func TestSticky(t *testing.T) {
	for mode, options := range map[string][]string{"cluster": {"--sticky"}, "threads": {"--threads", "--sticky"}} {
		t.Run(mode, func(t *testing.T) {
			p := newPlace(t, nil)
			port := p.startNamed(4, options...)
			all := addresses(48)
			home := p.homes(port, all)
			if s := spread(home); len(s) != 4 || s["0"] < 4 || s["1"] < 4 || s["2"] < 4 || s["3"] < 4 {
				t.Errorf("spread: %v", s)
			}
			if l := p.list(); l[3].Env["sticky"] != true {
				t.Errorf("jlist says %v", l[3].Env["sticky"])
			}
			if out := p.ok("describe", "app"); !strings.Contains(out, "by address") {
				t.Error(out)
			}
			// A reload: nobody moves, nothing fails.
			before := p.list()
			if n := p.under(port, home, func() { p.ok("reload", "app"); p.ok("reload", "app") }); n < 20 {
				t.Errorf("%d requests in two reloads", n)
			}
			if after := p.list(); mode == "cluster" && after[0].Pid == before[0].Pid {
				t.Error("nothing was reloaded")
			}
			p.same("after reloads", p.homes(port, all), home)
			// One more, and one less: its clients alone move.
			p.ok("scale", "app", "5")
			p.until("the fifth listens", func() bool { return strings.Contains(p.log("app-out-4.log"), "listens") })
			more := p.homes(port, all)
			for v, instance := range more {
				if instance != "4" && instance != home[v] {
					t.Errorf("%v went from %s to %s", v, home[v], instance)
				}
			}
			if spread(more)["4"] == 0 {
				t.Error("the fifth has nobody")
			}
			p.ok("scale", "app", "4")
			p.same("scaled back", p.homes(port, all), home)
			p.killings(port, all, home)
		})
	}
}

// killings kills an instance, then the daemon, with SIGKILL.
func (p *place) killings(port string, all []visitor, home map[visitor]string) {
	p.t.Helper()
	others, victims := map[visitor]string{}, map[visitor]string{}
	for v, instance := range home {
		if instance == "2" {
			victims[v] = instance
		} else {
			others[v] = instance
		}
	}
	id := ""
	for _, r := range p.list() {
		if r.Env["NODE_APP_INSTANCE"] == 2.0 {
			id = strconv.Itoa(r.ID)
		}
	}
	log := "app-out-" + id + ".log"
	lives := strings.Count(p.log(log), "listens")
	p.under(port, others, func() {
		p.ok("sendSignal", "SIGKILL", id)
		p.until("it is back", func() bool { return strings.Count(p.log(log), "listens") > lives })
	})
	p.same("after kill -9", p.homes(port, all), home)
	// Without a daemon.
	p.under(port, home, func() {
		p.killDaemon()
		time.Sleep(100 * time.Millisecond)
	})
	p.same("without a daemon", p.homes(port, all), home)
	p.under(port, home, func() { p.list() })
	p.same("with the next daemon", p.homes(port, all), home)
	p.under(port, home, func() { p.ok("reload", "app") })
	p.same("reloaded by the next daemon", p.homes(port, all), home)
}

// A worker is killed while there is no daemon to start it again: its clients go to the others, each to one.
func TestStickyAlone(t *testing.T) {
	p := newPlace(t, nil)
	port := p.startNamed(3, "--sticky")
	all := addresses(30)
	home := p.homes(port, all)
	list := p.list()
	p.killDaemon()
	if err := syscall.Kill(list[1].Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.until("it is gone", func() bool { return hasEnded(list[1].Pid) })
	for v, instance := range p.homes(port, all) {
		if instance == "1" || home[v] != "1" && instance != home[v] {
			t.Errorf("%v is with %s, was with %s", v, instance, home[v])
		}
	}
	p.list()
	p.until("it is back", func() bool { return strings.Count(p.log("app-out-1.log"), "listens") == 2 })
	p.same("with the next daemon", p.homes(port, all), home)
}

// A reload whose new worker never comes up: it had its instance's clients, and the old one has them back.
func TestStickyReloadFails(t *testing.T) {
	p := newPlace(t, nil)
	p.env = []string{"READY_IF_NO=" + p.dir + "/bad"}
	port := p.startNamed(3, "--sticky", "--wait-ready", "--listen-timeout", "800")
	all := addresses(30)
	home := p.homes(port, all)
	p.write("bad", "")
	p.under(port, home, func() {
		if out, code := p.run("reload", "app"); code == 0 {
			t.Errorf("it was no failure: %s", out)
		}
	})
	p.same("after a reload that failed", p.homes(port, all), home)
}

// Behind a proxy every client has the proxy's address, and a header or cookie tells them apart.
func TestStickyByHead(t *testing.T) {
	for by, header := range map[string]string{"header:X-Forwarded-For": "x-forwarded-for: 10.0.0.%d, 10.9.9.9", "cookie:sid": "Cookie: a=b; sid=s%d"} {
		t.Run(by[:6], func(t *testing.T) {
			p := newPlace(t, nil)
			port := p.startNamed(4, "--sticky", by)
			var all []visitor
			for k := range 48 {
				all = append(all, visitor{header: fmt.Sprintf(header, k)})
			}
			home := p.homes(port, all)
			if s := spread(home); len(s) != 4 {
				t.Errorf("spread: %v", s)
			}
			for _, v := range all { // wherever they come from
				got, _, err := visitor{from: "127.0.3.3", header: v.header}.ask(port)
				if err != nil || got != home[v] {
					t.Errorf("%v from elsewhere: %s %v, not %s", v, got, err, home[v])
				}
			}
			if l := p.list(); l[0].Env["sticky"] != strings.ToLower(by) {
				t.Errorf("jlist says %v", l[0].Env["sticky"])
			}
			p.oneLine(port, all, home)
			p.ownSocket(port, all[0], home[all[0]])
			p.under(port, home, func() { p.ok("reload", "app") })
			p.same("after a reload", p.homes(port, all), home)
			p.oneLine(port, all, home)
			// Those that don't say who they are.
			for range 20 {
				if _, _, err := (visitor{}).ask(port); err != nil {
					t.Error(err)
				}
			}
			if out := p.ok("describe", "app"); !strings.Contains(out, "by "+strings.Replace(strings.ToLower(by), ":", " ", 1)) {
				t.Error(out)
			}
		})
	}
}

// oneLine asks for all visitors over one connection that is kept, as proxies do, in one piece and in two.
func (p *place) oneLine(port string, all []visitor, home map[visitor]string) {
	p.t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	in := bufio.NewReader(c)
	for k := range 3 * len(all) {
		v := all[k*7%len(all)]
		head := "POST / HTTP/1.1\r\nHost: x\r\n" + v.header + "\r\nContent-Length: 5\r\n\r\nhello"
		cut := len(head)
		if k%3 == 2 {
			cut = 5 + k%40
		}
		_, err := io.WriteString(c, head[:cut])
		if err == nil && cut < len(head) {
			time.Sleep(3 * time.Millisecond)
			_, err = io.WriteString(c, head[cut:])
		}
		if err != nil {
			p.t.Fatal(err)
		}
		r, err := http.ReadResponse(in, nil)
		if err != nil {
			p.t.Fatalf("request %d: %v", k, err)
		}
		text, err := io.ReadAll(r.Body)
		if instance, _, _ := strings.Cut(string(text), " "); err != nil || instance != home[v] {
			p.t.Errorf("request %d of one connection: %v is with %s, not %s, %v", k, v, instance, home[v], err)
		}
	}
	open := func() (n int64) {
		for id := range 4 {
			n += p.page(id).Conns
		}
		return n
	}
	p.until("one instance has the connection", func() bool { return open() == 1 })
	c.Close()
	p.until("nobody has it", func() bool { return open() == 0 })
}

// A program that reads from the socket itself gets the connection for good, so that its answer says that it is the last.
func (p *place) ownSocket(port string, v visitor, home string) {
	p.t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	in := bufio.NewReader(c)
	for k, path := range []string{"/", "/socket"} {
		if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n"+v.header+"\r\n\r\n"); err != nil {
			p.t.Fatal(err)
		}
		r, err := http.ReadResponse(in, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		if instance, _, _ := strings.Cut(string(text), " "); err != nil || instance != home || r.Close != (k == 1) {
			p.t.Errorf("%s: %s, close %v, %v", path, text, r.Close, err)
		}
	}
	if _, err := in.ReadByte(); err != io.EOF {
		p.t.Errorf("it goes on: %v", err)
	}
}

// HTTPS and HTTP/2 are handed over before their first byte is read, whatever the client is known by.
func TestStickyTLS(t *testing.T) {
	p := newPlace(t, nil)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := x509.MarshalPKCS8PrivateKey(key)
	p.write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	p.write("cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	tlsPort := freePort(t)
	p.env = []string{"TLS_PORT=" + tlsPort}
	p.startNamed(3, "--sticky", "header:x-client")
	seen := map[string]bool{}
	for k := range 12 {
		home := ""
		for _, two := range []bool{false, true, false, true} {
			dial := func() (net.Conn, error) {
				return tls.DialWithDialer(&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+k))}}, "tcp", "127.0.0.1:"+tlsPort,
					&tls.Config{InsecureSkipVerify: true, NextProtos: []string{map[bool]string{true: "h2", false: "http/1.1"}[two]}})
			}
			client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DialTLS: func(string, string) (net.Conn, error) { return dial() }, DisableKeepAlives: true}}
			if two {
				client.Transport = &http2.Transport{DialTLS: func(string, string, *tls.Config) (net.Conn, error) { return dial() }}
			}
			r, err := client.Get("https://127.0.0.1:" + tlsPort)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(r.Body)
			r.Body.Close()
			client.CloseIdleConnections()
			instance, _, _ := strings.Cut(string(text), " ")
			if home != "" && home != instance || two != (r.ProtoMajor == 2) {
				t.Errorf("%d: %s by HTTP/%d, was %s", k, instance, r.ProtoMajor, home)
			}
			home = instance
		}
		seen[home] = true
	}
	if len(seen) < 2 {
		t.Errorf("all are with %v", seen)
	}
}

func TestStickyOptions(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": named, "e.config.js": `module.exports = { apps: [{ script: 'app.js', instances: 2, sticky: 'cookies:x' }] }`})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"start", "app.js", "--sticky"}, "option 'sticky' is for programs of Node.js in cluster or threads mode"},
		{[]string{"start", "app.js", "-i", "2", "--sticky=ip"}, "option 'sticky' must be true, false, 'header:NAME' or 'cookie:NAME', not 'ip'"},
		{[]string{"start", "e.config.js"}, "option 'sticky' must be true, false, 'header:NAME' or 'cookie:NAME', not 'cookies:x'"},
	} {
		if out, code := p.run(c.args...); code == 0 || !strings.Contains(out, c.want) {
			t.Errorf("%v: %d %s", c.args, code, out)
		}
	}
}
