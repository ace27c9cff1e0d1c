package metrics

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"roost/internal/vitals"
)

// The text format. See docs/rationale.md, "Why are the metrics written without client_golang?".
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

// contentType is the format's.
const contentType = "text/plain; version=0.0.4; charset=utf-8"

// family is a metric by its name: its series have the same labels.
type family struct {
	name, help string
	labels     []string
}

func desc(name, help string, labels ...string) *family { return &family{name, help, labels} }

// page is what one request gets.
type page struct {
	order []*family
	texts map[*family]*bytes.Buffer
}

// of is where the series of a family are written.
func (p *page) of(f *family, kind string) *bytes.Buffer {
	b := p.texts[f]
	if b == nil {
		b = &bytes.Buffer{}
		b.WriteString("# HELP " + f.name + " " + helpEscapes.Replace(f.help) + "\n# TYPE " + f.name + " " + kind + "\n")
		if p.texts == nil {
			p.texts = map[*family]*bytes.Buffer{}
		}
		p.order = append(p.order, f)
		p.texts[f] = b
	}
	return b
}

// bytes is the page's text, families in the order of their names.
func (p *page) bytes() []byte {
	slices.SortFunc(p.order, func(a, b *family) int { return strings.Compare(a.name, b.name) })
	var out []byte
	for _, f := range p.order {
		out = append(out, p.texts[f].Bytes()...)
	}
	return out
}

var (
	helpEscapes  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// series writes a line. A last label that isn't the family's own may follow: name, value.
func series(b *bytes.Buffer, name string, labels, values []string, v float64, last ...string) {
	b.WriteString(name)
	b.WriteByte('{')
	for k, label := range labels {
		if k > 0 {
			b.WriteByte(',')
		}
		b.WriteString(label + `="` + labelEscapes.Replace(strings.ToValidUTF8(values[k], "\uFFFD")) + `"`)
	}
	if len(last) == 2 {
		b.WriteString("," + last[0] + `="` + last[1] + `"`)
	}
	b.WriteString("} " + number(v) + "\n")
}

func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	case math.IsNaN(v):
		return "NaN"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// emitter gives series of one process or isolate.
type emitter struct {
	page   *page
	labels []string // the values of the first labels
}

func (e emitter) with(more []string) []string { return append(slices.Clone(e.labels), more...) }

func (e emitter) gauge(f *family, v float64, more ...string) {
	series(e.page.of(f, "gauge"), f.name, f.labels, e.with(more), v)
}

func (e emitter) counter(f *family, v float64, more ...string) {
	series(e.page.of(f, "counter"), f.name, f.labels, e.with(more), v)
}

func (e emitter) histogram(f *family, h vitals.Histogram, bounds []time.Duration, more ...string) {
	b, values := e.page.of(f, "histogram"), e.with(more)
	for _, bound := range bounds {
		series(b, f.name+"_bucket", f.labels, values, float64(upTo(h, bound)), "le", number(bound.Seconds()))
	}
	series(b, f.name+"_bucket", f.labels, values, float64(h.Count()), "le", "+Inf")
	series(b, f.name+"_sum", f.labels, values, h.Sum.Seconds())
	series(b, f.name+"_count", f.labels, values, float64(h.Count()))
}
