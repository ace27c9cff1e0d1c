package main

import (
	"testing"
	"time"
)

func TestParseWrk(t *testing.T) {
	const text = `Running 4s test @ http://127.0.0.1:3000/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.10ms    1.00ms  40.00ms   95.00%
    Req/Sec    20.50k     1.20k   22.00k    80.00%
  Latency Distribution
     50%    2.90ms
     75%    3.20ms
     90%    3.80ms
     99%  987.00us
  81920 requests in 4.00s, 12.34MB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 7
Requests/sec:  20480.00
Transfer/sec:      3.08MB
`
	got, err := parseWrk(text)
	want := wrkReport{81920, 20480, 987 * time.Microsecond, "Socket errors: connect 0, read 1, write 0, timeout 2; Non-2xx or 3xx responses: 7"}
	if err != nil || got != want {
		t.Errorf("%+v, %v; not %+v", got, err, want)
	}
	if _, err := parseWrk("  0 requests in 4.00s, 0.00B read\n"); err == nil {
		t.Error("no requests is no report")
	}
}

func TestMedian(t *testing.T) {
	odd := series{samples: [][]float64{{3}, {1}, {2}}}
	even := series{samples: [][]float64{{4}, {1}, {2}, {3}}}
	if odd.median(0) != 2 || even.median(0) != 2.5 {
		t.Error(odd.median(0), even.median(0))
	}
}
