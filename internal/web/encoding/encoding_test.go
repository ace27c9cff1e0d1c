package encoding

import "testing"

func TestName(t *testing.T) {
	for label, want := range map[string]string{
		" UTF8 ": "utf-8", "latin1": "windows-1252", "sjis": "shift_jis", "x-gbk": "gbk", "ks_c_5601-1987": "euc-kr",
		"big5-hkscs": "big5", "x-user-defined": "", "iso-2022-kr": "", "nope": "", "koi8-r": "koi8-r",
	} {
		if got := Name(label); got != want {
			t.Errorf("Name(%q) = %q, want %q", label, got, want)
		}
	}
}

func TestDecodeInPieces(t *testing.T) {
	d := NewDecoder("shift_jis", false)
	var got string
	for _, b := range []byte{0x82, 0xa0, 'a', 0x82, 0xa2} {
		s, err := d.Decode([]byte{b}, false)
		if err != nil {
			t.Fatal(err)
		}
		got += s
	}
	s, _ := d.Decode(nil, true)
	if got+s != "あaい" {
		t.Errorf("got %q", got+s)
	}
	if _, err := NewDecoder("shift_jis", true).Decode([]byte{0x82}, true); err == nil {
		t.Error("a fatal decoder accepted half a character")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("gb18030", []byte{0x84, 0x31})
	f.Fuzz(func(t *testing.T, label string, p []byte) {
		if d := NewDecoder(label, false); d != nil {
			_, _ = d.Decode(p, false)
			_, _ = d.Decode(p, true)
		}
	})
}
