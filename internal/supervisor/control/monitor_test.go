package control

import (
	"encoding/json"
	"testing"
)

func TestMonitor(t *testing.T) {
	load := &Load{LagP50: 1.5, HeapUsed: 3 << 20, HeapTotal: 4 << 20, Requests: 2}
	for _, c := range []struct {
		load *Load
		own  string
		want map[string]string
		gone string
	}{
		{nil, "", map[string]string{}, "HTTP"},
		{nil, `{"a":{"value":"1"}}`, map[string]string{"a": "1"}, "HTTP"},
		{load, "", map[string]string{"Loop delay": "1.50", "Heap Usage": "75.00", "HTTP": "120.0"}, "a"},
		{load, ` { } `, map[string]string{"HTTP": "120.0"}, "a"},
		{load, `{"a":{"value":"1"},"HTTP":{"value":"own"}}`, map[string]string{"a": "1", "HTTP": "own", "Used Heap Size": "3.00"}, "b"},
		{load, `[1]`, map[string]string{"HTTP": "120.0"}, "a"},
	} {
		var got map[string]struct{ Value string }
		text := Process{Load: c.load, Metrics: json.RawMessage(c.own)}.Monitor()
		if err := json.Unmarshal(text, &got); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for name, want := range c.want {
			if got[name].Value != want {
				t.Errorf("%s: %q is %q, want %q", c.own, name, got[name].Value, want)
			}
		}
		if _, ok := got[c.gone]; ok {
			t.Errorf("%s: %q is there", c.own, c.gone)
		}
	}
}
