package supervisor

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// web starts `roost web` and gives its address with the token.
func (p *place) web(args ...string) string {
	p.t.Helper()
	cmd := exec.Command(p.roost, append([]string{"web", "--port", "0"}, args...)...)
	cmd.Env = append(append(os.Environ(), p.env...), "ROOST_HOME="+p.home)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			p.t.Errorf("roost web ended with %v", err)
		}
	})
	r := bufio.NewReader(out)
	address := regexp.MustCompile(`http://\S+`)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			p.t.Fatalf("roost web said no address: %v", err)
		}
		if a := address.FindString(line); a != "" {
			go func() { _, _ = io.Copy(io.Discard, r) }()
			return a
		}
	}
}

const worker = `
const http = require('node:http');
let kept = [];
const s = http.createServer((q, r) => {
  if (q.url === '/crash') { console.error('Error: it broke on purpose'); process.exit(7); }
  if (q.url === '/block') { const end = Date.now() + 120; while (Date.now() < end); }
  kept = Array.from({ length: 20000 }, (_, k) => ({ k }));
  setTimeout(() => r.end(String(process.pid)), 3);
});
s.listen(+process.env.TEST_PORT, '127.0.0.1', () => console.log('[Nest] ' + process.pid + '  - 11/29/2026, 5:00:00 PM     LOG [NestApplication] listens as', process.env.NODE_APP_INSTANCE));
process.on('SIGUSR2', () => { console.log('\x1b[33ma yellow needle\x1b[39m in the hay <b>'); console.log('[Nest] 1  - 11/29/2026, 5:00:00 PM    WARN [Pool] nearly empty'); console.log('hay'); });
`

func TestWeb(t *testing.T) {
	port := freePort(t)
	p := newPlace(t, map[string]string{"app.js": worker, "bad.js": "console.error('TypeError: cannot start'); process.exit(3)", "job.js": "setInterval(() => console.log('tick'), 500)"})
	b := newBrowser(t)
	p.env = []string{"TEST_PORT=" + port}
	p.ok("start", "app.js", "--name", "api", "-i", "2")
	p.ok("start", "job.js", "--name", "job")
	address := p.web()
	b.size(1600, 1000)
	b.scheme("light")
	b.open(address)
	b.until("it is connected", `document.querySelector('#connection')?.textContent === 'connected'`)
	b.until("the token is gone from the address", `location.search === '' && location.pathname === '/'`)
	b.until("all three are there", `document.querySelector('[data-key="all"]')?.innerText.includes('3 of 3 online')`)
	b.until("both workers are listed", `document.querySelector('[data-key="0"]') && document.querySelector('[data-key="1"]')`)

	// Figures of one worker.
	stop := load(t, "http://127.0.0.1:"+port)
	b.until("one is busy", `['0', '1'].some((k) => / [1-9][^ ]*\/s/.test(document.querySelector('[data-key="' + k + '"] .figures').textContent))`)
	busy := b.eval(`['0', '1'].find((k) => / [1-9][^ ]*\/s/.test(document.querySelector('[data-key="' + k + '"] .figures').textContent))`).(string)
	b.click(`[data-key="` + busy + `"]`)
	b.until("its figures come", `document.querySelector('.badges').innerText.includes('id `+busy+`') && !document.querySelector('.tiles').innerText.includes('–')`)
	b.until("the loop's lag was measured", `/turns[^]*p99/.test(document.querySelector('.inside').innerText)`)
	b.until("there was a collection", `/minor/.test(document.querySelector('.inside').innerText)`)
	b.until("requests are counted", `/2xx \d/.test(document.querySelector('.inside').innerText)`)
	b.until("a plot has something on it", `(() => { const c = document.querySelector('.plot canvas'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0) && /CPU: [\d.]+ %/.test(c.getAttribute('aria-label')); })()`)
	b.until("several points are drawn", `document.querySelectorAll('.plot canvas')[3].getAttribute('aria-label').match(/Requests: [1-9]/)`)

	// The logs follow; search and level filter them.
	old := p.list()
	p.ok("sendSignal", "SIGUSR2", busy)
	b.until("lines come", `document.querySelector('.lines').innerText.includes('a yellow needle in the hay <b>')`)
	b.until("colours are the program's", `document.querySelector('.lines .ansi3')?.textContent === 'a yellow needle'`)
	b.click(`.logs input[type="search"]`)
	b.write("NEEDLE")
	b.until("only the line with it is left", `document.querySelectorAll('.line').length === 1 && document.querySelector('mark')?.textContent === 'needle'`)
	p.ok("sendSignal", "SIGUSR2", busy)
	b.until("the next one comes", `document.querySelectorAll('.line').length === 2`)
	b.eval(`(() => { const s = document.querySelector('.logs input[type="search"]'); s.value = ''; s.dispatchEvent(new Event('input')); const l = document.querySelector('.logs select'); l.value = '2'; l.dispatchEvent(new Event('change')); })()`)
	b.until("warnings alone are left", `document.querySelectorAll('.line').length === 2 && [...document.querySelectorAll('.line')].every((l) => l.innerText.includes('WARN'))`)
	b.eval(`(() => { const l = document.querySelector('.logs select'); l.value = '0'; l.dispatchEvent(new Event('change')); })()`)
	b.shoot("worker")

	// A worker crashes and returns.
	_, _ = get(port + "/crash")
	b.until("a restart is seen", `/#[01][^]*↺ 1/.test(document.querySelector('#processes').innerText) && document.querySelector('[data-key="all"]').innerText.includes('3 of 3 online')`)

	// Reload, by its button, takes both workers.
	b.click(`[data-key="app:api"]`)
	b.until("the application is shown", `document.querySelector('h1').textContent === 'api' && document.querySelector('.badges').innerText.includes('2 of 2 online')`)
	b.click(`[data-do="reload"]`)
	b.until("it says so", `document.querySelector('#toasts').innerText.includes('reloaded api (0), api (1)')`)
	stop()
	for k, now := range p.list() {
		if now.Env["name"] == "api" && now.Pid == old[k].Pid {
			t.Errorf("worker %d was not reloaded", now.ID)
		}
	}

	// One more, one fewer.
	b.click(`[data-do="more"]`)
	b.until("there are three", `document.querySelector('.badges').innerText.includes('3 of 3 online') && document.querySelector('.scale').innerText.includes('3')`)
	b.click(`[data-do="fewer"]`)
	b.until("it asks", `document.querySelector('#ask').open`)
	b.click(`#ask-yes`)
	b.until("there are two", `document.querySelector('.badges').innerText.includes('2 of 2 online')`)

	// What never comes up says why.
	_, _ = p.run("start", "bad.js", "--name", "broken", "--max-restarts", "1")
	b.until("it is listed", `document.querySelector('#processes').innerText.includes('errored')`)
	b.click(`[data-key="3"], [data-key="4"]`)
	b.until("its last lines are shown", `document.querySelector('.crash').innerText.includes('TypeError: cannot start') && document.querySelector('.crash').innerText.includes('code 3')`)
	b.shoot("crash")

	// The keyboard alone does it too.
	b.eval(`document.querySelector('[data-key="2"]').focus()`)
	b.press("Enter", 13, "\r")
	b.until("job is shown", `document.querySelector('h1').textContent === 'job'`)
	b.until("it has figures", `/CPU: [\d.]+ %/.test(document.querySelector('.plot canvas').getAttribute('aria-label'))`)
	b.eval(`document.querySelector('.plot canvas').focus()`)
	b.press("ArrowLeft", 37, "")
	b.until("the plot says what was when", `/CPU at \d\d:\d\d:\d\d: /.test(document.querySelector('.plot canvas').getAttribute('aria-label'))`)
	b.eval(`document.querySelector('[data-do="stop"]').focus()`)
	b.press("Enter", 13, "\r")
	b.until("it asks", `document.querySelector('#ask').open`)
	b.press("Escape", 27, "")
	b.until("it asks no more", `!document.querySelector('#ask').open`)
	b.click(`[data-do="stop"]`)
	b.until("it asks", `document.querySelector('#ask').open`)
	b.click(`#ask-yes`)
	b.until("it is stopped", `document.querySelector('.badges').innerText.includes('stopped') && document.querySelector('[data-do="restart"]').textContent === 'Start'`)

	// Any width, both themes: nothing sticks out.
	for _, width := range []int{1600, 1000, 400} {
		for _, scheme := range []string{"dark", "light"} {
			b.size(width, 1000)
			b.scheme(scheme)
			b.eval(`location.hash = '#/app:api'`)
			b.until("the application is shown", `document.querySelector('h1').textContent === 'api'`)
			if wide := b.eval(`document.documentElement.scrollWidth - innerWidth`); wide != 0.0 {
				t.Errorf("at %d pixels the page is wider by %v", width, wide)
			}
			if faint := b.eval(contrast); faint != "" {
				t.Errorf("%s, %d pixels: hard to read: %s", scheme, width, faint)
			}
			if os.Getenv("SCREENSHOTS") != "" {
				time.Sleep(1500 * time.Millisecond)
				b.size(width, int(b.eval(`document.documentElement.scrollHeight`).(float64)))
				time.Sleep(300 * time.Millisecond)
				b.shoot(fmt.Sprintf("app-%d-%s", width, scheme))
			}
		}
	}

	// The daemon goes and comes back.
	if err := syscall.Kill(p.daemon(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	b.until("the page says so", `document.querySelector('#connection').textContent.includes('daemon gone')`)
	p.ok("list")
	b.until("the page goes on", `document.querySelector('#connection').textContent === 'connected'`)
	b.quiet()
}

// contrast gives the texts whose contrast to their ground is below 4.5, as WCAG 2 reckons it.
const contrast = `(() => {
  const parse = (c) => c.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((s, v, k) => s + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0.99) return c; } return [255, 255, 255]; };
  const faint = new Set();
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.disabled || e.closest('.skip') || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.add(e.className + ' "' + e.textContent.slice(0, 20) + '" ' + ratio.toFixed(2));
  }
  for (const e of document.querySelectorAll('a, button, input, select, canvas[tabindex]')) {
    if (e.checkVisibility() && !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)) faint.add(e.outerHTML.slice(0, 60) + ' has no name');
  }
  return [...faint].join('; ');
})()`

// load asks again and again, until it is stopped.
func load(t *testing.T, address string) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		c := http.Client{Timeout: 5 * time.Second}
		for k := 0; ; k++ {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
			path := "/"
			if k%100 == 50 {
				path = "/block"
			}
			if r, err := c.Get(address + path); err == nil {
				_, _ = io.Copy(io.Discard, r.Body)
				r.Body.Close()
			}
		}
	}()
	return func() { close(done); <-ended }
}

// Who doesn't know the token, comes by another name or from another page is refused.
func TestWebGuard(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": "setInterval(() => {}, 1e6)"})
	p.env = []string{"SECRET_OF_THE_APP=geheim"}
	p.ok("start", "app.js", "--name", "x")
	address, err := url.Parse(p.web("--token", "a-token-for-the-tests"))
	if err != nil {
		t.Fatal(err)
	}
	c := http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var cookie *http.Cookie
	type ask struct {
		method, path string
		header       map[string]string
		body         string
		bare         bool // without the cookie
	}
	do := func(a ask) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequest(a.method, "http://"+address.Host+a.path, strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range a.header {
			if k == "Host" {
				r.Host = v
			}
			r.Header.Set(k, v)
		}
		if !a.bare {
			r.AddCookie(cookie)
		}
		res, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(res.Body, 20_000))
		return res, string(text)
	}
	res, _ := do(ask{method: "GET", path: "/?" + address.RawQuery, bare: true})
	if res.StatusCode != 303 || len(res.Cookies()) != 1 {
		t.Fatalf("the address with the token gives %d and %d cookies", res.StatusCode, len(res.Cookies()))
	}
	cookie = res.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || strings.Contains(cookie.Value, "a-token") {
		t.Errorf("the cookie is %s", cookie)
	}
	own := "http://" + address.Host
	post := map[string]string{"Origin": own, "Content-Type": "application/json"}
	with := func(name, value string) map[string]string {
		out := map[string]string{name: value}
		for k, v := range post {
			if out[k] == "" {
				out[k] = v
			}
		}
		return out
	}
	const reset = `{"method":"reset","target":"x"}`
	_, port, _ := strings.Cut(address.Host, ":")
	for _, w := range []struct {
		what string
		ask  ask
		code int
	}{
		{"the page", ask{method: "GET", path: "/"}, 200},
		{"the page by the name localhost", ask{method: "GET", path: "/", header: map[string]string{"Host": "localhost:" + port}}, 200},
		{"the page without cookie", ask{method: "GET", path: "/", bare: true}, 401},
		{"a wrong token", ask{method: "GET", path: "/?token=a-token-for-the-test", bare: true}, 401},
		{"the API without cookie", ask{method: "GET", path: "/api/history?of=all", bare: true}, 401},
		{"another name", ask{method: "GET", path: "/", header: map[string]string{"Host": "attacker.example:" + port}}, 421},
		{"another name, with the token", ask{method: "GET", path: "/?" + address.RawQuery, header: map[string]string{"Host": "attacker.example"}, bare: true}, 421},
		{"another address", ask{method: "GET", path: "/", header: map[string]string{"Host": "10.1.2.3:" + port}}, 421},
		{"an action", ask{method: "POST", path: "/api/do", header: post, body: reset}, 200},
		{"an action without cookie", ask{method: "POST", path: "/api/do", header: post, body: reset, bare: true}, 401},
		{"an action without origin", ask{method: "POST", path: "/api/do", header: map[string]string{"Content-Type": "application/json"}, body: reset}, 403},
		{"an action of another port", ask{method: "POST", path: "/api/do", header: with("Origin", "http://127.0.0.1:1"), body: reset}, 403},
		{"an action of another site", ask{method: "POST", path: "/api/do", header: with("Origin", "http://attacker.example"), body: reset}, 403},
		{"an action of nowhere", ask{method: "POST", path: "/api/do", header: with("Origin", "null"), body: reset}, 403},
		{"an action that the browser says is cross-site", ask{method: "POST", path: "/api/do", header: with("Sec-Fetch-Site", "same-site"), body: reset}, 403},
		{"an action as a form sends it", ask{method: "POST", path: "/api/do", header: with("Content-Type", "text/plain"), body: reset}, 415},
		{"an action by GET", ask{method: "GET", path: "/api/do"}, 405},
		{"figures for another site", ask{method: "GET", path: "/api/history?of=all", header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, 403},
		{"no JSON", ask{method: "POST", path: "/api/do", header: post, body: "{"}, 400},
		{"too much", ask{method: "POST", path: "/api/do", header: post, body: `{"target":"` + strings.Repeat("x", 10_000) + `"}`}, 400},
		{"a file that isn't there", ask{method: "GET", path: "/ui/../dashboard.go"}, 307},
		{"logs of nothing", ask{method: "GET", path: "/api/logs"}, 400},
	} {
		res, _ := do(w.ask)
		if res.StatusCode != w.code {
			t.Errorf("%s: %d, not %d", w.what, res.StatusCode, w.code)
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy is %q", w.what, csp)
		}
	}

	// The environment of applications stays with the daemon.
	r, err := http.NewRequest("GET", own+"/api/state", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(cookie)
	stream, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	for lines := bufio.NewScanner(stream.Body); lines.Scan(); {
		if text := lines.Text(); strings.HasPrefix(text, "data:") {
			if !strings.Contains(text, `"name":"x"`) || strings.Contains(text, "geheim") {
				t.Errorf("the state is %s", text)
			}
			break
		}
	}
	if out, code := p.run("web", "--port", port); code == 0 || !strings.Contains(out, "is taken") {
		t.Errorf("%d %s", code, out)
	}
	if out, code := p.run("web", "--port", "0", "--token", "short"); code == 0 || !strings.Contains(out, "at least 16") {
		t.Errorf("%d %s", code, out)
	}
}
