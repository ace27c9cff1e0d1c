package runtime

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"roost/internal/binding"
	"roost/internal/codecache"
	"roost/internal/engine"
	"roost/internal/node/all"
)

// builtins links the modules of the builtins, each when it is first needed.
type builtins struct {
	r       *Runtime
	sources map[string]*all.Source
	natives map[string]*binding.Module
	modules map[string]engine.Module // by specifier; native:x too
	fresh   []string                 // specifiers compiled without code cache
	cache   *codecache.Pack
}

func newBuiltins(r *Runtime) (*builtins, error) {
	sources, err := all.Sources()
	if err != nil {
		return nil, err
	}
	b := &builtins{r: r, sources: sources, natives: map[string]*binding.Module{}, modules: map[string]engine.Module{}}
	for _, m := range all.Modules {
		b.natives[m.Name] = m
	}
	b.natives["runtime"] = &binding.Module{Name: "runtime", Natives: r.natives()}
	b.cache = openCache()
	return b, nil
}

// has tells whether there is a builtin of this specifier.
func (b *builtins) has(specifier string) bool { return b.sources[specifier] != nil }

// load evaluates a builtin if it wasn't and gives its namespace. May run its top level.
func (b *builtins) load(specifier string) (engine.Value, error) {
	b.r.isolate.Hold()
	defer b.r.isolate.Unhold()
	m, err := b.module(specifier, "")
	if err != nil {
		return engine.Value{}, err
	}
	switch m.Status() {
	case engine.Uninstantiated:
		if err := m.Instantiate(); err != nil {
			return engine.Value{}, err
		}
		fallthrough
	case engine.Instantiated:
		promise, err := m.Evaluate()
		if err != nil {
			return engine.Value{}, err
		}
		if state, _ := b.r.isolate.Promise(promise); state == engine.Rejected {
			return engine.Value{}, m.Err()
		}
	case engine.Instantiating: // a debugger has paused in the middle of it, and asks
		return engine.Value{}, fmt.Errorf("%s is being linked", specifier)
	case engine.Errored:
		return engine.Value{}, m.Err()
	}
	return m.Namespace(), nil
}

// module compiles a builtin and, before it is linked, all that it imports. from is the importing source's specifier.
func (b *builtins) module(specifier, from string) (engine.Module, error) {
	if m, ok := b.modules[specifier]; ok {
		return m, nil
	}
	if name, ok := strings.CutPrefix(specifier, "native:"); ok {
		return b.native(name, specifier, from)
	}
	source := b.sources[specifier]
	if source == nil {
		return engine.Module{}, binding.Error("ERR_UNKNOWN_BUILTIN_MODULE", "No such built-in module: %s", specifier)
	}
	text, err := source.Code()
	if err != nil {
		return engine.Module{}, err
	}
	i := b.r.isolate
	cached := b.cache.Get(specifier, 0)
	toString := i.Source
	if source.Embedded() {
		toString = i.EmbeddedSource
	}
	code, err := toString(text)
	if err != nil {
		return engine.Module{}, err
	}
	m, rejected, err := i.CompileModule(code, i.String(scriptName(specifier)), cached)
	if err != nil {
		var x *engine.Exception
		if errors.As(err, &x) {
			return engine.Module{}, fmt.Errorf("%s:%d: %w", source.Path, x.Line, err)
		}
		return engine.Module{}, err
	}
	if cached == nil || rejected {
		b.fresh = append(b.fresh, specifier)
	}
	b.modules[specifier] = m
	requests := m.Requests()
	to := make([]engine.Module, len(requests))
	for k, request := range requests {
		if to[k], err = b.module(request, specifier); err != nil {
			return engine.Module{}, fmt.Errorf("%s: %w", source.Path, err)
		}
	}
	m.Link(to)
	return m, nil
}

// scriptName is what stack traces show: everything of ours begins with node:, as tools expect that hide a runtime's own frames.
func scriptName(specifier string) string {
	if name, ok := strings.CutPrefix(specifier, "internal:"); ok {
		return "node:internal/" + name
	}
	return specifier
}

// native makes the synthetic module with a builtin's natives. Only the builtin's own sources may import it; native:engine and
// native:runtime are open to all.
func (b *builtins) native(name, specifier, from string) (engine.Module, error) {
	i := b.r.isolate
	if source := b.sources[from]; name != "engine" && name != "runtime" && (source == nil || source.Module != name) {
		return engine.Module{}, fmt.Errorf("%s must not import %s", from, specifier)
	}
	if name == "engine" {
		natives := i.EngineNatives()
		var names []string
		keys, err := i.Call(b.keys(), engine.Value{}, binding.Handle(natives))
		if err != nil {
			return engine.Module{}, err
		}
		for _, k := range i.Elements(keys) {
			names = append(names, i.Text(k))
		}
		m, err := i.SyntheticModule(i.String(specifier), names)
		if err != nil {
			return engine.Module{}, err
		}
		if err := m.Instantiate(); err != nil {
			return engine.Module{}, err
		}
		for _, n := range names {
			v, err := i.Get(natives, n)
			if err != nil {
				return engine.Module{}, err
			}
			if err := m.SetExport(n, v); err != nil {
				return engine.Module{}, err
			}
		}
		b.modules[specifier] = m
		return m, nil
	}
	module := b.natives[name]
	if module == nil {
		return engine.Module{}, fmt.Errorf("there is no Go half %q for %s", name, from)
	}
	names := make([]string, 0, len(module.Natives))
	for n := range module.Natives {
		names = append(names, n)
	}
	sort.Strings(names)
	m, err := i.SyntheticModule(i.String(specifier), names)
	if err != nil {
		return engine.Module{}, err
	}
	if err := m.Instantiate(); err != nil {
		return engine.Module{}, err
	}
	for _, n := range names {
		if err := m.SetExport(n, b.r.env.Function(n, module.Natives[n])); err != nil {
			return engine.Module{}, err
		}
	}
	b.modules[specifier] = m
	return m, nil
}

// keys is Object.keys.
func (b *builtins) keys() engine.Value {
	i := b.r.isolate
	object, err := i.Get(i.Global(), "Object")
	if err != nil {
		return engine.Value{}
	}
	keys, _ := i.Get(object, "keys")
	return keys
}
