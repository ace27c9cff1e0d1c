// Package encoding is the Go half of internal:web/encoding: the decoders of the Encoding standard other than UTF-8, UTF-16 and
// windows-1252, which TypeScript does with natives of the engine. It runs on the isolate's thread; a decoder belongs to one TextDecoder.
package encoding

import (
	"errors"
	"strings"

	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"

	"roost/internal/binding"
)

// Module is the web/encoding builtin.
var Module = binding.Module{Name: "web/encoding", Natives: binding.Natives{
	"encodingName":  encodingName,
	"decoderNew":    decoderNew,
	"decoderDecode": decoderDecode,
}}

func encodingName(c *binding.Call) { c.Return(binding.String(Name(c.String(0)))) }

func decoderNew(c *binding.Call) {
	d := NewDecoder(c.String(0), c.Bool(1))
	if d == nil {
		c.Return(binding.Undefined)
		return
	}
	c.Return(binding.Ref(d))
}

func decoderDecode(c *binding.Call) {
	d, ok := c.Ref(0).(*Decoder)
	if !ok {
		c.Return(binding.Undefined)
		return
	}
	text, err := d.Decode(c.Bytes(1), c.Bool(2))
	if err != nil {
		c.Return(binding.Undefined)
		return
	}
	c.Return(binding.String(text))
}

// Name gives the standard's name of a label in lower case, or "" for a label that it doesn't know or that has no decoder
// ("replacement", "x-user-defined").
func Name(label string) string {
	e, err := htmlindex.Get(strings.Trim(label, "\t\n\f\r "))
	if err != nil {
		return ""
	}
	name, err := htmlindex.Name(e)
	if err != nil || name == "replacement" || name == "x-user-defined" {
		return ""
	}
	return name
}

// Decoder decodes one stream.
type Decoder struct {
	t       transform.Transformer
	pending []byte
	fatal   bool
	gb18030 bool
}

// NewDecoder gives a decoder for a name of Name; nil when there is none.
func NewDecoder(name string, fatal bool) *Decoder {
	e, err := htmlindex.Get(name)
	if err != nil || e == xencoding.Replacement {
		return nil
	}
	return &Decoder{t: e.NewDecoder(), fatal: fatal, gb18030: name == "gb18030"}
}

var errInvalid = errors.New("the encoded data was not valid")

// Decode decodes the next bytes; flush ends the stream, after which the decoder starts anew. A fatal decoder fails for malformed data.
func (d *Decoder) Decode(p []byte, flush bool) (string, error) {
	src := p
	if len(d.pending) > 0 {
		src = append(d.pending, p...)
	}
	var out []byte
	dst := make([]byte, 4096)
	for {
		nDst, nSrc, err := d.t.Transform(dst, src, flush)
		out = append(out, dst[:nDst]...)
		src = src[nSrc:]
		if err == transform.ErrShortDst {
			if nDst == 0 && nSrc == 0 {
				dst = make([]byte, 2*len(dst))
			}
			continue
		}
		break
	}
	d.pending = append([]byte(nil), src...)
	if flush {
		d.t.Reset()
		d.pending = nil
	}
	text := string(out)
	if d.fatal && strings.ContainsRune(text, '\uFFFD') && !(d.gb18030 && containsReplacement(p)) {
		d.t.Reset()
		d.pending = nil
		return "", errInvalid
	}
	return text, nil
}

// containsReplacement tells whether U+FFFD is really in the data: of these encodings only GB 18030 has it.
func containsReplacement(p []byte) bool { return strings.Contains(string(p), "\x84\x31\xa4\x37") }
