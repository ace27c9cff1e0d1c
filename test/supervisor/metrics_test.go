package supervisor

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func askMetrics(t *testing.T, url, token string) (int, string) {
	t.Helper()
	r, _ := http.NewRequest("GET", url, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

func TestMetrics(t *testing.T) {
	p := newPlace(t, map[string]string{"app.js": vitalServer, "bad.js": "process.exit(1)"})
	port := freePort(t)
	p.env = []string{"PORT=" + port}
	p.ok("start", "app.js", "-i", "2")
	out := p.ok("metrics", "--port", "0")
	found := regexp.MustCompile(`(http://127\S+)/metrics.* Bearer ([\w-]+)`).FindStringSubmatch(out)
	if found == nil {
		t.Fatal(out)
	}
	url, token := found[1], found[2]
	p.until("it is ready", func() bool { code, _ := askMetrics(t, url+"/readyz", token); return code == 200 })
	if _, err := get(port + "/missing"); err != nil {
		t.Fatal(err)
	}
	p.until("the request is counted", func() bool {
		_, text := askMetrics(t, url+"/metrics", token)
		return strings.Count(text, `http_requests_total{app="app",`) == 10 && strings.Contains(text, `status_code="4xx"} 1`) &&
			strings.Contains(text, `process_resident_memory_bytes{app="app",id="1"}`) && strings.Contains(text, `nodejs_version_info{app="app",id="0",`)
	})
	if code, text := askMetrics(t, url+"/metrics", "x"); code != 401 {
		t.Errorf("without the token: %d %s", code, text)
	}
	p.run("start", "bad.js")
	p.until("it isn't ready", func() bool {
		code, text := askMetrics(t, url+"/readyz", token)
		return code == 503 && strings.Contains(text, `"app":"bad"`)
	})
	if code, _ := askMetrics(t, url+"/healthz", ""); code != 200 {
		t.Errorf("healthz: %d", code)
	}
	p.ok("unset", "metrics.port")
	p.until("it is off", func() bool { code, _ := askMetrics(t, url+"/healthz", ""); return code == 0 })
}
