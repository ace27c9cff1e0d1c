package control

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// figure is an entry of axm_monitor: names, types and units are those that @pm2/io gives what it measures itself.
type figure struct {
	Value    string `json:"value"`
	Type     string `json:"type"`
	Unit     string `json:"unit"`
	Historic bool   `json:"historic"`
}

const mebibyte = 1 << 20

// figures are what a Load says, in the order in which they are shown.
func (l *Load) figures() (names []string, list []figure) {
	add := func(name, kind, unit string, value float64, decimals int) {
		names = append(names, name)
		list = append(list, figure{strconv.FormatFloat(value, 'f', decimals, 64), kind, unit, true})
	}
	add("Used Heap Size", "internal/v8/heap/used", "MiB", float64(l.HeapUsed)/mebibyte, 2)
	if l.HeapTotal > 0 {
		add("Heap Usage", "internal/v8/heap/usage", "%", float64(l.HeapUsed)/float64(l.HeapTotal)*100, 2)
	}
	add("Heap Size", "internal/v8/heap/total", "MiB", float64(l.HeapTotal)/mebibyte, 2)
	add("Loop delay", "internal/libuv/latency/p50", "ms", l.LagP50, 2)
	add("Event Loop Latency", "internal/libuv/latency/p50", "ms", l.LagP50, 2)
	add("Event Loop Latency p99", "internal/libuv/latency/p99", "ms", l.LagP99, 2)
	add("Event Loop Utilization", "internal/libuv/utilization", "%", l.Utilization*100, 1)
	add("Active handles", "internal/libuv/handles", "", float64(l.Handles), 0)
	add("Open connections", "internal/network/connections", "", float64(l.Connections), 0)
	add("HTTP", "internal/http/builtin/reqs", "req/min", l.Requests*60, 1)
	return names, list
}

// Monitor is what PM2 has as axm_monitor: what the daemon has seen of the program, then the program's own figures, which may replace those.
func (p Process) Monitor() json.RawMessage {
	own := map[string]json.RawMessage{}
	if json.Unmarshal(p.Metrics, &own) != nil || len(p.Metrics) == 0 {
		p.Metrics = json.RawMessage("{}")
	}
	if p.Load == nil {
		return p.Metrics
	}
	var b bytes.Buffer
	b.WriteByte('{')
	names, list := p.Load.figures()
	for k, name := range names {
		if _, ok := own[name]; ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		text, _ := json.Marshal(list[k])
		b.WriteString(strconv.Quote(name) + ":")
		b.Write(text)
	}
	rest := bytes.TrimSpace(p.Metrics)
	rest = bytes.TrimSpace(rest[1:])
	if b.Len() > 1 && !bytes.HasPrefix(rest, []byte{'}'}) {
		b.WriteByte(',')
	}
	b.Write(rest)
	return b.Bytes()
}
