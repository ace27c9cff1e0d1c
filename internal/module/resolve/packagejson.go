package resolve

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Package is a package.json. The exported fields are immutable; the others fill themselves on demand.
type Package struct {
	Name string
	Main string // empty when missing or no string
	Type string // "module", "commonjs" or "" when missing or anything else
	Path string // of package.json
	Dir  string
	Raw  string // the file's text, without byte order mark

	urlPath                  string
	hasName                  bool
	invalid                  bool
	rawExports, rawImports   string
	exports, imports         *Value
	exportsRead, importsRead bool
	exportsErr, importsErr   error
}

// location is package.json's URL.
func (p *Package) location() fileURL {
	if p.urlPath == "" {
		p.urlPath = percentEncode(p.Path, &unreserved)
	}
	return fileURL{path: p.urlPath}
}

// HasName reports whether there is a name field.
func (p *Package) HasName() bool { return p.hasName }

// Exports returns the exports field in file order, nil when the package has none (null, false,
// numbers and true count as none). The error is ERR_INVALID_PACKAGE_CONFIG.
//
// Differs from Node: JSON that is broken inside exports or imports is reported as an invalid package
// config; Node throws JSON.parse's SyntaxError.
func (p *Package) Exports() (*Value, error) {
	if !p.exportsRead {
		p.exportsRead = true
		p.exports, p.exportsErr = p.field(p.rawExports)
	}
	return p.exports, p.exportsErr
}

// Imports returns the imports field like Exports does; only an object counts.
func (p *Package) Imports() (*Value, error) {
	if !p.importsRead {
		p.importsRead = true
		p.imports, p.importsErr = p.field(p.rawImports)
	}
	return p.imports, p.importsErr
}

func (p *Package) field(raw string) (*Value, error) {
	if raw == "" {
		return nil, nil
	}
	v, err := decodeValue(raw)
	if err != nil {
		return nil, errConfig(p.Path, "", "")
	}
	return v, nil
}

// readPackage returns dir's package.json, nil when there is none. The file is read once.
func (r *Resolver) readPackage(dir string) *Package {
	if p, ok := r.packages[dir]; ok {
		return p
	}
	file := strings.TrimSuffix(dir, "/") + "/package.json"
	if r.files.kind(file) != regular {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	p := parsePackage(file, text)
	r.packages[dir] = p
	return p
}

// packageIn is readPackage for resolution, where a broken file is an error. while says who asks.
func (r *Resolver) packageIn(dir, while string) (*Package, error) {
	p := r.readPackage(dir)
	if p != nil && p.invalid {
		return nil, errConfig(p.Path, while, "")
	}
	return p, nil
}

// PackageScope returns the nearest package.json at or above file's directory, nil when there is none
// up to the root or a node_modules folder. A package.json that can't be parsed has only its Path and
// Dir; Scope returns the error for it.
func (r *Resolver) PackageScope(file string) *Package { return r.scope(path.Dir(file)) }

// Scope is PackageScope that refuses an unusable package.json with ERR_INVALID_PACKAGE_CONFIG.
func (r *Resolver) Scope(file string) (*Package, error) {
	p := r.scope(path.Dir(file))
	if p != nil && p.invalid {
		return nil, errConfig(p.Path, "", "")
	}
	return p, nil
}

func (r *Resolver) scope(dir string) *Package {
	if p, ok := r.files.scopes[dir]; ok {
		return p
	}
	var p *Package
	if path.Base(dir) != "node_modules" {
		p = r.readPackage(dir)
		if parent := path.Dir(dir); p == nil && parent != dir {
			p = r.scope(parent)
		}
	}
	r.files.scopes[dir] = p
	return p
}

// parsePackage reads the fields that resolution needs. Like Node, it doesn't look into the values
// of other fields, so a mistake there breaks nothing.
func parsePackage(file string, text []byte) *Package {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	p := &Package{Path: file, Dir: path.Dir(file), Raw: string(text)}
	if !utf8.Valid(text) || !p.scan() {
		*p = Package{Path: p.Path, Dir: p.Dir, Raw: p.Raw, invalid: true}
	}
	return p
}

// scan walks the top-level object of Raw.
func (p *Package) scan() bool {
	s := &scanner{text: p.Raw}
	if !s.take('{') {
		return false
	}
	if s.take('}') {
		return s.end()
	}
	for {
		key, ok := s.str()
		if !ok || !s.take(':') {
			return false
		}
		value, ok := s.value()
		if !ok || !p.set(key, value) {
			return false
		}
		if s.take(',') {
			continue
		}
		return s.take('}') && s.end()
	}
}

// set stores one field; false when Node refuses the file for it. Keys compare as written.
func (p *Package) set(key, value string) bool {
	switch key {
	case `"name"`:
		p.hasName = true
		return unquote(value, &p.Name)
	case `"main"`:
		p.Main = ""
		unquote(value, &p.Main)
	case `"type"`:
		p.Type = ""
		if !unquote(value, &p.Type) {
			return false
		}
		if p.Type != "module" && p.Type != "commonjs" {
			p.Type = ""
		}
	case `"exports"`:
		p.rawExports = ""
		if c := value[0]; c == '{' || c == '[' || c == '"' {
			p.rawExports = value
		}
	case `"imports"`:
		p.rawImports = ""
		if value[0] == '{' {
			p.rawImports = value
		}
	}
	return true
}

// unquote decodes a JSON string.
func unquote(raw string, to *string) bool {
	if raw[0] != '"' {
		return false
	}
	if strings.IndexByte(raw, '\\') < 0 {
		*to = raw[1 : len(raw)-1]
		return true
	}
	return json.Unmarshal([]byte(raw), to) == nil
}

// scanner cuts JSON text into keys and values without building them.
type scanner struct {
	text string
	at   int
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) take(c byte) bool {
	s.space()
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) end() bool {
	s.space()
	return s.at == len(s.text)
}

// str takes a string, quotes included. Control characters are not allowed in one.
func (s *scanner) str() (string, bool) {
	s.space()
	start := s.at
	if start >= len(s.text) || s.text[start] != '"' {
		return "", false
	}
	for i := start + 1; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			return s.text[start:s.at], true
		case c == '\\':
			i++
		case c < ' ':
			return "", false
		}
	}
	return "", false
}

// value takes one value of any kind as it is written. Nested values are only bracketed.
func (s *scanner) value() (string, bool) {
	s.space()
	start, depth := s.at, 0
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '"':
			if _, ok := s.str(); !ok {
				return "", false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return s.cut(start)
			}
			depth--
		case ',':
			if depth == 0 {
				return s.cut(start)
			}
		}
		s.at++
	}
	return "", false
}

func (s *scanner) cut(start int) (string, bool) {
	v := strings.TrimRight(s.text[start:s.at], " \t\n\r")
	return v, v != ""
}

// A Kind is a JSON type.
type Kind uint8

// The kinds of a Value.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// Value is a piece of JSON that keeps the order of its keys, which exports and imports depend on.
// A key that occurs twice has its last value at its first place, as in JavaScript.
type Value struct {
	Kind  Kind
	Text  string   // what String(value) gives for scalars
	Keys  []string // of an Object
	Items []Value  // of an Array, or the values of Keys
}

// Get returns an object's value by key, nil when there is none.
func (v *Value) Get(key string) *Value {
	if v == nil || v.Kind != Object {
		return nil
	}
	for i, k := range v.Keys {
		if k == key {
			return &v.Items[i]
		}
	}
	return nil
}

// maxDepth is how deep a Value may nest.
const maxDepth = 1000

var errJSON = errors.New("invalid JSON")

func decodeValue(raw string) (*Value, error) {
	dec := json.NewDecoder(strings.NewReader(raw))
	dec.UseNumber()
	v, err := decodeNext(dec, maxDepth)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err == nil {
		return nil, errJSON
	}
	return &v, nil
}

func decodeNext(dec *json.Decoder, depth int) (Value, error) {
	tok, err := dec.Token()
	if err != nil {
		return Value{}, err
	}
	if depth == 0 {
		return Value{}, errJSON
	}
	switch t := tok.(type) {
	case nil:
		return Value{Kind: Null, Text: "null"}, nil
	case bool:
		return Value{Kind: Bool, Text: strconv.FormatBool(t)}, nil
	case json.Number:
		return Value{Kind: Number, Text: numberText(t)}, nil
	case string:
		return Value{Kind: String, Text: t}, nil
	case json.Delim:
		v := Value{Kind: Object}
		if t == '[' {
			v.Kind = Array
		}
		for dec.More() {
			if err := v.add(dec, depth); err != nil {
				return Value{}, err
			}
		}
		_, err := dec.Token() // the closing bracket
		return v, err
	}
	return Value{}, errJSON
}

// add decodes the next element or member of v.
func (v *Value) add(dec *json.Decoder, depth int) error {
	key := ""
	if v.Kind == Object {
		tok, err := dec.Token()
		if err != nil {
			return err
		}
		var ok bool
		if key, ok = tok.(string); !ok {
			return errJSON
		}
	}
	item, err := decodeNext(dec, depth-1)
	if err != nil {
		return err
	}
	if v.Kind == Object {
		if old := v.Get(key); old != nil {
			*old = item
			return nil
		}
		v.Keys = append(v.Keys, key)
	}
	v.Items = append(v.Items, item)
	return nil
}

// numberText is JavaScript's String(n).
func numberText(n json.Number) string {
	f, err := n.Float64()
	if err != nil {
		return n.String()
	}
	abs := max(f, -f)
	if abs == 0 {
		return "0"
	}
	if abs >= 1e-6 && abs < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	return strings.NewReplacer("e-0", "e-", "e+0", "e+").Replace(s)
}
