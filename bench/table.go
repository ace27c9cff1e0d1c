package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// A series is what was measured of one program: a sample is one value for each column, in one round.
type series struct {
	label   string
	samples [][]float64
	problem string
	note    string
}

// A column names a figure and says how it is printed. With ratio, the figure is also given relative to Node's.
type column struct {
	title  string
	format string
	ratio  bool
}

// printTable prints the median of every figure, and the ratios to the series whose label starts with "node".
func printTable(title string, columns []column, rows []*series) {
	printTableBeside("node", title, columns, rows)
}

// printTableBeside is printTable with the ratios to the series whose label starts with beside.
func printTableBeside(beside, title string, columns []column, rows []*series) {
	fmt.Println(title)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\t")
	for _, c := range columns {
		fmt.Fprintf(w, "%s\t", c.title)
		if c.ratio {
			fmt.Fprintf(w, "/%s\t", beside)
		}
	}
	fmt.Fprintln(w)
	base := slices.IndexFunc(rows, func(s *series) bool { return strings.HasPrefix(s.label, beside) && len(s.samples) > 0 })
	var failed []*series
	for _, s := range rows {
		if len(s.samples) == 0 {
			failed = append(failed, s)
			continue
		}
		fmt.Fprintf(w, "%s\t", s.label)
		for i, c := range columns {
			value := s.median(i)
			fmt.Fprintf(w, c.format+"\t", value)
			switch {
			case c.ratio && base >= 0:
				fmt.Fprintf(w, "%.2f\t", value/rows[base].median(i))
			case c.ratio:
				fmt.Fprint(w, "-\t")
			}
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	for _, s := range failed {
		fmt.Printf("  %s: %s\n", s.label, s.problem)
	}
	for _, s := range rows {
		if s.note != "" {
			fmt.Printf("  %s: %s\n", s.label, s.note)
		}
	}
}

func (s *series) median(column int) float64 {
	values := make([]float64, len(s.samples))
	for i, sample := range s.samples {
		values[i] = sample[column]
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

// seriesOf gives an empty series for every program; those that cannot be measured keep their problem.
func seriesOf(programs []program) []*series {
	var rows []*series
	for _, p := range programs {
		row := &series{label: p.label}
		if p.problem != "" {
			row.problem = "not measured: " + p.problem
		}
		rows = append(rows, row)
	}
	return rows
}
