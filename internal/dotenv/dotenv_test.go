package dotenv

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text string
		want []Variable
	}{
		{"", nil},
		{"A=1\nB = 2 # two\n", []Variable{{"A", "1"}, {"B", "2"}}},
		{"# A=1\n\n  \t\nexport B=x\r\nnothing\nC=", []Variable{{"B", "x"}, {"C", ""}}},
		{`A="1\n2" # x` + "\nB='a\\nb'\nC=`x\"y'`", []Variable{{"A", "1\n2"}, {"B", `a\nb`}, {"C", `x"y'`}}},
		{"A=\"one\ntwo\"\nB=\"open\nC=3", []Variable{{"A", "one\ntwo"}, {"B", `"open`}, {"C", "3"}}},
		{"=x\nA==y\nA=z", []Variable{{"A", "=y"}, {"A", "z"}}},
		{"A=\n\nB=1", []Variable{{"A", ""}, {"B", "1"}}},
	} {
		if got := Parse(test.text); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q\ngives %q\nwant  %q", test.text, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("A=1\nB='x\ny'\n#c")
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range Parse(text) {
			if v.Name == "" || strings.Contains(v.Name, "=") || strings.ContainsAny(v.Name, "\n") {
				t.Errorf("name %q", v.Name)
			}
		}
	})
}
