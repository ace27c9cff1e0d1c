package metrics

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"roost/internal/vitals"
)

func sample() []Program {
	var lag, pauses vitals.Histogram
	lag.Buckets[10], lag.Buckets[30], lag.Sum, lag.Max = 99, 1, 20*time.Millisecond, vitals.Bound(30)
	pauses.Buckets[20], pauses.Sum, pauses.Max = 4, 4*time.Millisecond, time.Millisecond
	s := vitals.Snapshot{Pid: 42, Loop: vitals.Loop{Lag: lag, Busy: time.Second, Idle: 3 * time.Second}, GC: []vitals.GC{{Kind: "minor", Pauses: pauses}},
		Heap: vitals.Heap{Used: 1, Total: 2, Spaces: []vitals.Space{{Name: "new", Used: 1}}}, Resident: 1 << 20, StartedAt: time.Unix(1000, 0),
		Requests: vitals.Requests{Total: 3, ByClass: [5]uint64{0, 2, 0, 1, 0}, Duration: pauses}}
	return []Program{{App: "api", ID: 3, Pid: 42, Online: true, Restarts: 2, Isolates: []vitals.Snapshot{s, s}}, {App: "api", ID: 4}, {App: `odd "name"` + "\n", ID: 5}}
}

func ask(t *testing.T, url, token string) (int, string) {
	t.Helper()
	r, _ := http.NewRequest("GET", url, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

func TestServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var missing []NotReady
	s := Serve(l, Options{Token: "secret", Collector: NewCollector("v24.12.0", sample), Ready: func() []NotReady { return missing }})
	defer s.Close()
	url := "http://" + l.Addr().String()
	for _, token := range []string{"", "wrong", "secre"} {
		if code, text := ask(t, url+"/metrics", token); code != 401 || strings.Contains(text, "api") {
			t.Errorf("token %q: %d %s", token, code, text)
		}
	}
	for range 2 { // the second time there is something before
		code, text := ask(t, url+"/metrics", "secret")
		parser := expfmt.NewTextParser(model.UTF8Validation)
		families, err := parser.TextToMetricFamilies(strings.NewReader(text))
		if code != 200 || err != nil {
			t.Fatalf("%d %v\n%s", code, err, text)
		}
		for name, series := range map[string]int{"process_cpu_seconds_total": 1, "nodejs_eventloop_lag_p99_seconds": 2, "nodejs_gc_duration_seconds": 2,
			"http_requests_total": 10, "roost_process_restarts_total": 3, "nodejs_heap_space_size_used_bytes": 2, "nodejs_version_info": 1} {
			if f := families[name]; f == nil || len(f.Metric) != series {
				t.Errorf("%s: %v, want %d series", name, f, series)
			}
		}
		if h := families["nodejs_gc_duration_seconds"].Metric[0].Histogram; h.GetSampleCount() != 4 || h.Bucket[0].GetCumulativeCount() != 4 {
			t.Errorf("collections: %v", h)
		}
	}
	if code, text := ask(t, url+"/healthz", ""); code != 200 {
		t.Errorf("healthz: %d %s", code, text)
	}
	if code, text := ask(t, url+"/readyz", ""); code != 200 || !strings.Contains(text, "true") {
		t.Errorf("ready: %d %s", code, text)
	}
	missing = []NotReady{{"api", 4, "stopped"}}
	if code, text := ask(t, url+"/readyz", ""); code != 503 || strings.Contains(text, "api") {
		t.Errorf("not ready: %d %s", code, text)
	}
	if code, text := ask(t, url+"/readyz", "secret"); code != 503 || !strings.Contains(text, `"api"`) {
		t.Errorf("not ready: %d %s", code, text)
	}
}

func TestSummary(t *testing.T) {
	low, high, mean, deviation := summary(sample()[0].Isolates[0].Loop.Lag)
	if low != vitals.Bound(9).Seconds() || high != vitals.Bound(30).Seconds() || mean != 0.0002 || deviation <= 0 || deviation > 0.002 {
		t.Errorf("got %v %v %v %v", low, high, mean, deviation)
	}
}
