package terminal

import "roost/internal/supervisor/control"

// historyLength is how many samples the small plots can show.
const historyLength = 120

// history is a process's last samples, for the small plots.
type history struct{ cpu, memory, lag, requests []float64 }

func (h *history) add(p control.Process) {
	keep := func(list *[]float64, v float64) {
		*list = append(*list, v)
		if len(*list) > historyLength {
			*list = (*list)[1:]
		}
	}
	keep(&h.cpu, p.CPU)
	keep(&h.memory, float64(p.Memory))
	l := control.Load{}
	if p.Load != nil {
		l = *p.Load
	}
	keep(&h.lag, l.LagP99)
	keep(&h.requests, l.Requests)
}

var bars = []rune("▁▂▃▄▅▆▇█")

// spark draws the last width values, from zero to the highest of them or to least.
func spark(values []float64, width int, least float64) string {
	if width <= 0 {
		return ""
	}
	values = values[max(0, len(values)-width):]
	top := least
	for _, v := range values {
		top = max(top, v)
	}
	out := make([]rune, 0, width)
	for range width - len(values) {
		out = append(out, ' ')
	}
	for _, v := range values {
		k := 0
		if top > 0 {
			k = min(int(v/top*float64(len(bars)-1)+0.5), len(bars)-1)
		}
		out = append(out, bars[max(0, k)])
	}
	return string(out)
}
