package ecosystem

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Schema is the JSON Schema of ecosystem files, made from Options.
func Schema() []byte {
	texts := map[string]any{"oneOf": []any{typ("string"), arrayOf("string")}}
	values := map[string]any{"type": "object", "additionalProperties": map[string]any{"type": []string{"string", "number", "boolean", "object", "null"}}}
	shapes := map[kind]any{
		text: typ("string"), flag: typ("boolean"), integer: typ("integer"), duration: types("integer", "string"), size: types("integer", "string"),
		words: texts, list: texts, codes: map[string]any{"oneOf": []any{typ("integer"), arrayOf("integer")}}, count: types("integer", "string"),
		account: types("integer", "string"), flagOrList: map[string]any{"oneOf": []any{typ("boolean"), typ("string"), arrayOf("string")}},
		variables: values, numberOrText: types("string", "number"),
		stickiness: map[string]any{"oneOf": []any{typ("boolean"), map[string]any{"type": "string", "pattern": "^(address|(header|cookie):[!#$%&'*+.^_`|~0-9A-Za-z-]+)$"}}},
	}
	properties := map[string]any{}
	for _, o := range Options {
		shape := map[string]any{"description": o.description()}
		for k, v := range shapes[o.kind].(map[string]any) {
			shape[k] = v
		}
		if few := allowed[o.Name]; few != nil {
			shape["enum"] = few
		}
		for _, name := range append([]string{o.Name}, o.Aliases...) {
			properties[name] = shape
		}
	}
	app := map[string]any{"type": "object", "properties": properties, "patternProperties": map[string]any{"^env_": values}, "additionalProperties": false}
	out, _ := json.MarshalIndent(map[string]any{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": "Ecosystem file", "definitions": map[string]any{"app": app},
		"type": "object", "properties": map[string]any{
			"apps":   map[string]any{"oneOf": []any{ref, map[string]any{"type": "array", "items": ref}}},
			"deploy": map[string]any{"type": "object"},
		}, "required": []string{"apps"},
	}, "", "  ")
	return append(out, '\n')
}

var ref = map[string]any{"$ref": "#/definitions/app"}

func typ(name string) map[string]any       { return map[string]any{"type": name} }
func types(names ...string) map[string]any { return map[string]any{"type": names} }
func arrayOf(name string) map[string]any {
	return map[string]any{"type": "array", "items": typ(name)}
}

func (o Option) description() string {
	doc := strings.ToUpper(o.Doc[:1]) + o.Doc[1:] + "."
	if o.Default != "" {
		doc += " Default: " + o.Default + "."
	}
	if o.Inert {
		doc += " Accepted; has no effect."
	}
	return doc
}

// Declarations are the TypeScript types of ecosystem files, made from Options.
func Declarations() []byte {
	shapes := map[kind]string{
		text: "string", flag: "boolean", integer: "number", duration: "number | string", size: "number | string", words: "string | string[]",
		list: "string | (string | RegExp)[]", codes: "number | number[]", count: "number | 'max'", account: "number | string",
		flagOrList: "boolean | string | string[]", variables: "Variables", numberOrText: "string | number",
		stickiness: "boolean | 'address' | `header:${string}` | `cookie:${string}`",
	}
	var b strings.Builder
	b.WriteString("// Types of ecosystem files. Made from internal/supervisor/ecosystem by its test's -update.\n\n")
	b.WriteString("export type Variables = Record<string, string | number | boolean | null | undefined>;\n\nexport interface App {\n")
	for _, o := range Options {
		shape := shapes[o.kind]
		if few := allowed[o.Name]; few != nil {
			shape = "'" + strings.Join(few, "' | '") + "'"
		}
		for k, name := range append([]string{o.Name}, o.Aliases...) {
			if k == 0 {
				fmt.Fprintf(&b, "  /** %s */\n", o.description())
			} else {
				fmt.Fprintf(&b, "  /** The same as {@link %s}. */\n", o.Name)
			}
			fmt.Fprintf(&b, "  %s?: %s;\n", name, shape)
		}
	}
	b.WriteString("  /** Added to `env` with `--env NAME`. */\n  [environment: `env_${string}`]: Variables;\n}\n\n")
	b.WriteString("export interface Ecosystem {\n  apps: App | App[];\n  /** Not used. */\n  deploy?: Record<string, unknown>;\n}\n")
	return []byte(b.String())
}
