package source

import (
	"reflect"
	"testing"

	tsgo "github.com/microsoft/typescript-go/roost"
)

func TestShapeIsKept(t *testing.T) {
	for _, want := range []tsgo.Shape{
		{},
		{ESModule: true},
		{Exports: tsgo.Exports{Names: []string{"a", "", "\x00\x01", "ä"}, Reexports: []string{"./b"}}},
		{Exports: tsgo.Exports{Reexports: []string{"./b", "c"}}},
	} {
		if got := unpackShape(packShape(want)); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v comes back as %+v", want, got)
		}
	}
}

func FuzzUnpackShape(f *testing.F) {
	f.Add(packShape(tsgo.Shape{Exports: tsgo.Exports{Names: []string{"a", "b"}, Reexports: []string{"c"}}}))
	f.Fuzz(func(t *testing.T, kept []byte) { unpackShape(kept) })
}
