package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
)

func (m *manager) startOrRestart() int { return m.startFile(control.Restart) }
func (m *manager) startOrReload() int  { return m.startFile(control.Reload) }

// startFile starts or restarts the applications of an ecosystem file.
func (m *manager) startFile(existing string) int {
	path, err := m.target()
	if err != nil {
		return m.fail(err)
	}
	apps, err := m.readEcosystem(path)
	if err != nil {
		return m.fail(err)
	}
	return m.startApps(apps, existing)
}

// start starts a file, applications of an ecosystem file, or processes that are known already.
func (m *manager) start() int {
	if len(m.args) == 0 {
		for _, name := range ecosystem.DefaultNames {
			if _, err := os.Stat(name); err == nil {
				m.args = []string{name}
				break
			}
		}
		if len(m.args) == 0 {
			return m.fail(errors.New("No script path - aborting"))
		}
	}
	code := 0
	for _, what := range m.args {
		code = max(code, m.startOne(what))
	}
	if code == 0 && m.flags.has("attach") {
		return m.follow(m.nameOr(m.args[0]), followOptions{})
	}
	return code
}

func (m *manager) nameOr(what string) string {
	if name := m.flags.last("name"); name != "" {
		return name
	}
	if ecosystem.IsFile(what) {
		return "all"
	}
	return strings.TrimSuffix(filepath.Base(what), filepath.Ext(what))
}

func (m *manager) startOne(what string) int {
	if ecosystem.IsFile(what) {
		apps, err := m.readEcosystem(what)
		if err != nil {
			return m.fail(err)
		}
		return m.startApps(apps, control.Restart)
	}
	if _, err := os.Stat(what); err != nil && m.isKnown(what) {
		return m.operate(control.MethodRestart, what)
	}
	app, err := m.appOf(what)
	if err != nil {
		return m.fail(err)
	}
	return m.startApps([]ecosystem.App{app}, control.Refuse)
}

func (m *manager) isKnown(target string) bool {
	list, err := m.processes()
	return err == nil && slices.ContainsFunc(list, func(p control.Process) bool {
		return target == "all" || p.Name == target || p.Namespace == target || strconv.Itoa(p.ID) == target
	})
}

// caller describes this process to package ecosystem.
func (m *manager) caller(dir string) ecosystem.Caller {
	return ecosystem.Caller{Home: string(m.home), Cwd: dir, Env: os.Environ(), Environment: m.flags.last("env")}
}

// appOf makes an application of a command line.
func (m *manager) appOf(script string) (ecosystem.App, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return ecosystem.App{}, err
	}
	options := m.flags.options()
	// A path is relative to the caller's folder, whatever --cwd says.
	if _, err := os.Stat(script); err == nil {
		if !filepath.IsAbs(script) {
			script = filepath.Join(cwd, script)
		}
	} else if words, err := ecosystem.SplitWords(script); err == nil && len(words) > 1 {
		// `start "npm run x"`: no shell is involved.
		script = words[0]
		m.rest = append(words[1:], m.rest...)
		if _, given := options["name"]; !given {
			options["name"] = strings.Join(words, " ")
		}
	}
	options["script"] = script
	if len(m.rest) > 0 {
		list := make([]any, len(m.rest))
		for k, a := range m.rest {
			list[k] = a
		}
		options["args"] = list
	}
	v, warnings, err := ecosystem.ParseApp(options)
	for _, w := range warnings {
		m.warn("%s", w)
	}
	if err != nil {
		return ecosystem.App{}, err
	}
	return ecosystem.New(v, m.caller(cwd))
}

// readDocument reads a file, or JSON from the standard input when path is "-".
func (m *manager) readDocument(path string) (full string, document any, err error) {
	if path == "-" {
		if full, err = filepath.Abs("stdin"); err != nil {
			return "", nil, err
		}
		text, err := io.ReadAll(os.Stdin)
		if err == nil {
			err = json.Unmarshal(text, &document)
		}
		if err != nil {
			return "", nil, fmt.Errorf("standard input: %w", err)
		}
		return full, document, nil
	}
	if full, err = filepath.Abs(path); err != nil {
		return "", nil, err
	}
	if _, err := os.Stat(full); err != nil {
		return "", nil, fmt.Errorf("File %s not found", path)
	}
	document, err = ecosystem.ReadBlocking(full, m.program)
	return full, document, err
}

// readEcosystem gives the applications of a file, those of --only.
func (m *manager) readEcosystem(path string) ([]ecosystem.App, error) {
	full, document, err := m.readDocument(path)
	if err != nil {
		return nil, err
	}
	values, warnings, err := ecosystem.Parse(document)
	for _, w := range warnings {
		m.warn("%s: %s", path, w)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	only := strings.FieldsFunc(m.flags.last("only"), func(r rune) bool { return r == ',' || r == ' ' })
	given := m.flags.options()
	delete(given, "name")
	overrides, _, err := ecosystem.ParseApp(given)
	if err != nil {
		return nil, err
	}
	var apps []ecosystem.App
	for _, v := range values {
		for name, value := range overrides {
			v[name] = value
		}
		app, err := ecosystem.New(v, m.caller(filepath.Dir(full)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(only) == 0 || slices.Contains(only, app.Name) {
			apps = append(apps, app)
		}
	}
	if len(apps) == 0 {
		return nil, fmt.Errorf("%s: no application to start", path)
	}
	return apps, nil
}

func (m *manager) startApps(apps []ecosystem.App, existing string) int {
	for _, a := range apps {
		m.say("Starting %s in %s (%d instance%s)", a.Script, a.ExecMode, a.Instances, plural(a.Instances))
	}
	p := control.Start{Apps: apps, Existing: existing, Force: m.flags.has("force"), Update: m.flags.has("update-env")}
	err := m.call(control.MethodStart, p, nil, m.told)
	if err != nil {
		return m.fail(err)
	}
	if m.flags.has("no-daemon") {
		return m.stay()
	}
	return m.list()
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// told prints how it went with one process.
func (m *manager) told(n control.Note) {
	if n.Error == "" {
		m.say("[%s](%d) ✓", n.Name, n.ID)
		return
	}
	fmt.Fprintf(m.err, "%s [%s](%d) ✘ %s\n", m.paint("31", mark+"[ERROR]"), n.Name, n.ID, n.Error)
}

func noteReader(note func(control.Note)) func(json.RawMessage) {
	return func(text json.RawMessage) {
		var n control.Note
		if note != nil && json.Unmarshal(text, &n) == nil {
			note(n)
		}
	}
}
