package ecosystem

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Values are options of one application in Go's types, by their names in the schema; env_NAME too.
type Values map[string]any

// Parse reads what an ecosystem file gives: {apps: [...]}, a list of applications, or one application. Every error is reported, each with
// the name of the option.
func Parse(document any) (apps []Values, warnings []string, err error) {
	entries, err := applications(document)
	if err != nil {
		return nil, nil, err
	}
	var problems []error
	for k, e := range entries {
		where := fmt.Sprintf("apps[%d]", k)
		m, ok := e.(map[string]any)
		if !ok {
			problems = append(problems, fmt.Errorf("%s: an application is an object", where))
			continue
		}
		if name, ok := m["name"].(string); ok {
			where = fmt.Sprintf("%s (%s)", where, name)
		}
		v, w, err := ParseApp(m)
		for _, line := range w {
			warnings = append(warnings, where+": "+line)
		}
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				problems = append(problems, fmt.Errorf("%s: %s", where, line))
			}
			continue
		}
		if v["script"] == nil {
			problems = append(problems, fmt.Errorf("%s: option 'script' is missing", where))
		}
		apps = append(apps, v)
	}
	if len(problems) > 0 {
		return nil, warnings, errors.Join(problems...)
	}
	return apps, warnings, nil
}

func applications(document any) ([]any, error) {
	switch d := document.(type) {
	case []any:
		return d, nil
	case map[string]any:
		if _, ok := d["script"]; ok {
			return []any{d}, nil
		}
		for name := range d {
			if name != "apps" && name != "deploy" {
				if near := Nearest(name, []string{"apps", "deploy"}); near != "" {
					return nil, fmt.Errorf("unknown name '%s' beside apps: did you mean '%s'?", name, near)
				}
				return nil, fmt.Errorf("unknown name '%s': an ecosystem file has 'apps' and may have 'deploy'", name)
			}
		}
		switch apps := d["apps"].(type) {
		case []any:
			return apps, nil
		case map[string]any:
			return []any{apps}, nil
		}
	}
	return nil, errors.New("no 'apps' list in it")
}

// ParseApp reads the options of one application.
func ParseApp(m map[string]any) (Values, []string, error) {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	out := Values{}
	var warnings []string
	var problems []error
	for _, name := range names {
		value := m[name]
		if value == nil {
			continue
		}
		o := find(name)
		if strings.HasPrefix(name, "env_") {
			o = &Option{Name: name, kind: variables}
		}
		if o == nil {
			problems = append(problems, unknown(name))
			continue
		}
		got, ok := convert(o.kind, value)
		if ok {
			ok = isAllowed(o.Name, got)
		}
		if !ok {
			problems = append(problems, fmt.Errorf("option '%s' must be %s, not %s", name, wanted(o), shown(value)))
			continue
		}
		if _, twice := out[o.Name]; twice && name != o.Name {
			continue // the option's own name goes before an alias
		}
		out[o.Name] = got
		if o.Inert && got != false {
			warnings = append(warnings, fmt.Sprintf("option '%s' has no effect here (%s)", name, o.Doc))
		}
	}
	return out, warnings, errors.Join(problems...)
}

func unknown(name string) error {
	if near := Nearest(name, optionNames()); near != "" {
		return fmt.Errorf("unknown option '%s': did you mean '%s'?", name, near)
	}
	return fmt.Errorf("unknown option '%s'", name)
}

// allowed are the options whose texts are few.
var allowed = map[string][]string{
	"exec_mode": {"fork", "cluster", "threads", "fork_mode", "cluster_mode", "threads_mode"},
	"log_type":  {"json", "raw"},
}

func isAllowed(name string, v any) bool {
	few := allowed[name]
	s, ok := v.(string)
	return few == nil || ok && slices.Contains(few, s)
}

func wanted(o *Option) string {
	if few := allowed[o.Name]; few != nil {
		return "'" + strings.Join(few, "', '") + "'"
	}
	return kindNames[o.kind]
}

func shown(v any) string {
	switch v := v.(type) {
	case string:
		return "'" + v + "'"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	default:
		return fmt.Sprint(v)
	}
}
