package logs

import (
	"testing"
	"time"
)

func TestLayout(t *testing.T) {
	at := time.Date(2026, time.March, 5, 15, 4, 9, 78_000_000, time.FixedZone("X", -(3*3600+1800)))
	for format, want := range map[string]string{
		"YYYY-MM-DDTHH:mm:ss":        "2026-03-05T15:04:09",
		"YYYY-MM-DD HH:mm Z":         "2026-03-05 15:04 -03:30",
		"YYYY-MM-DD HH:mm:ss.SSS ZZ": "2026-03-05 15:04:09.078 -0330",
		"D/M/YY h:m:s a":             "5/3/26 3:4:9 pm",
		"dddd, MMMM Do YYYY, hh A":   "Thursday, March 5th 2026, 03 PM",
		"ddd dd d DDD DDDD":          "Thu Th 4 64 064",
		"[at] HH[h]mm [YYYY":         "at 15h04 [2026",
		"x X":                        "1772735649078 1772735649",
		"L LT":                       "03/05/2026 3:04 PM",
		"Q W":                        "1 10",
		"kk":                         "15",
		"":                           "",
	} {
		if got := string(Compile(format).Append(nil, at)); got != want {
			t.Errorf("%q: %q, want %q", format, got, want)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"YYYY-MM-DD", "[", "]", "[]", "[a]b]", "\xff", "LLLL", "ééé"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, format string) { Compile(format).Append(nil, time.Unix(1, 2)) })
}
