package main

import (
	"slices"
	"testing"
)

func TestScan(t *testing.T) {
	source := `// A thing. Differs from Node: it is small
// and round.
//
// Something else.
/** Differs from Node: closed at once. */
// not part of it
  // Differs from Node: one.
  // Differs from Node: two.
x = "Differs from Node: in a string"
return unavailable('a.b()') || unavailable('c') || unavailable("d 'e'");
`
	differs, unavailable := scan(source)
	if want := []string{"It is small and round.", "Closed at once.", "One.", "Two."}; !slices.Equal(differs, want) {
		t.Errorf("differs: got %q, want %q", differs, want)
	}
	if want := []string{"`a.b()`", "`c`", "`d 'e'`"}; !slices.Equal(unavailable, want) {
		t.Errorf("unavailable: got %q, want %q", unavailable, want)
	}
}

func TestReplace(t *testing.T) {
	got, err := replace([]byte("a\n"+begin+"old\n"+end+"b\n"), []byte("new\n"))
	if want := "a\n" + begin + "new\n" + end + "b\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if _, err := replace([]byte("nothing"), nil); err == nil {
		t.Error("a page without marks was accepted")
	}
}
