package supervisor

import (
	"os"
	"testing"

	"roost/internal/supervisor/ecosystem"
)

func TestIgnored(t *testing.T) {
	for _, c := range []struct {
		entries []string
		path    string
		want    bool
	}{
		{nil, "/w/src/a.js", false}, {nil, "/w/node_modules/x/a.js", true}, {nil, "/w/.git/index", true},
		{[]string{"tmp"}, "/w/tmp/a", true}, {[]string{"tmp"}, "/w/tmpx/a", false}, {[]string{"./src/gen/"}, "/w/src/gen/a", true},
		{[]string{"*.log"}, "/w/src/a.log", true}, {[]string{"**/cache/**"}, "/w/src/cache/a", true}, {[]string{"/w/x"}, "/w/x/y", true},
		{[]string{"regexp:[ab]\\.js$"}, "/w/a.js", true}, {[]string{"regexp:[ab]\\.js$"}, "/w/c.js", false},
		{[]string{"tmp"}, "/w/out.log", true}, // the application's own log
	} {
		g := newIgnored(ecosystem.App{Watch: []string{"/w"}, Ignore: c.entries, OutFile: "/w/out.log"})
		if got := g.matches(c.path); got != c.want {
			t.Errorf("%q, %s: %v", c.entries, c.path, got)
		}
	}
}

func TestUsageOfThisProcess(t *testing.T) {
	u, err := readUsage(os.Getpid())
	if err != nil || u.memory < 1<<20 || u.start == 0 {
		t.Errorf("%+v %v", u, err)
	}
	if _, err := readUsage(1 << 30); err == nil {
		t.Error("no such process")
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("1 (a b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23"))
	f.Add([]byte(")"))
	f.Fuzz(func(_ *testing.T, text []byte) { _, _ = parseStat(text) })
}

func TestPlaces(t *testing.T) {
	zero, some, host := 0, 80, "127.0.0.1"
	for want, q := range map[string]query{
		":0:4:1":         {Port: &zero, AddressType: 4, Index: 1},
		"127.0.0.1:80:4": {Address: &host, Port: &some, AddressType: 4, Index: 1},
	} {
		if got := q.place(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
