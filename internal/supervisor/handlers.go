package supervisor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
	"roost/internal/supervisor/logs"
)

type note func(any) error

// handle answers the calls of package control.
func (d *Daemon) handle(ctx context.Context, c control.Call, tell func(any) error) (any, error) {
	switch c.Method {
	case control.MethodPing:
		return control.Daemon{Pid: os.Getpid(), Version: control.Version, Program: d.program, Started: d.started.UnixMilli()}, nil
	case control.MethodList:
		return views(d.all()), nil
	case control.MethodStart:
		return with(c, func(p control.Start) (any, error) { return d.start(p, tell) })
	case control.MethodStop, control.MethodRestart, control.MethodReload, control.MethodDelete:
		return with(c, func(p control.Target) (any, error) { return d.operate(c.Method, p, tell) })
	case control.MethodReset:
		return with(c, d.reset)
	case control.MethodScale:
		return with(c, func(p control.Scale) (any, error) { return d.scale(p, tell) })
	case control.MethodSignal:
		return with(c, d.signal)
	case control.MethodSend:
		return with(c, d.send)
	case control.MethodMessage:
		return with(c, d.message)
	case control.MethodTrigger:
		return with(c, func(p control.Trigger) (any, error) { return d.trigger(p, tell) })
	case control.MethodLaunch:
		return with(c, func(p control.Launch) (any, error) { return d.launch(p, tell) })
	case control.MethodShape:
		list := views(d.all())
		out := make([]map[string]any, len(list))
		for k, p := range list {
			out[k] = control.PM2Shape(p, d.node)
		}
		return out, nil
	case control.MethodBus:
		return nil, d.followBus(ctx, tell)
	case control.MethodFlush:
		return with(c, d.flush)
	case control.MethodReopen:
		d.files.Reopen()
		return nil, nil
	case control.MethodSave:
		return d.save()
	case control.MethodRevive:
		return d.revive(tell)
	case control.MethodFollow:
		return with(c, func(p control.Target) (any, error) { return nil, d.follow(ctx, p, tell) })
	case control.MethodSettings:
		return d.applySettings()
	case control.MethodVitals:
		return with(c, d.allVitals)
	case control.MethodKill:
		list := d.all()
		d.report(list, d.each(list, len(list)+1, func(i *instance) error { return i.do(doDelete, nil) }), tell)
		return control.After{Then: func() { d.end(killAll) }}, nil
	case control.MethodLeave:
		return control.After{Then: func() { d.end(leaveAll) }}, nil
	}
	return nil, fmt.Errorf("unknown method '%s'", c.Method)
}

// with reads the parameters of a call.
func with[P, R any](c control.Call, do func(P) (R, error)) (any, error) {
	var p P
	if err := json.Unmarshal(c.Params, &p); err != nil {
		return nil, err
	}
	return do(p)
}

func (d *Daemon) end(how ending) {
	select {
	case d.ending <- how:
	default:
	}
}

func views(list []*instance) []control.Process {
	out := make([]control.Process, 0, len(list))
	for _, i := range list {
		if v := i.view.Load(); v.Status != "" {
			out = append(out, *v)
		}
	}
	return out
}

// find gives the instances that a target names.
func (d *Daemon) find(target string) ([]*instance, error) {
	var match func(*control.Process) bool
	if id, err := strconv.Atoi(target); err == nil {
		match = func(p *control.Process) bool { return p.ID == id || p.Name == target }
	} else if len(target) > 2 && target[0] == '/' && target[len(target)-1] == '/' {
		re, err := regexp.Compile(target[1 : len(target)-1])
		if err != nil {
			return nil, err
		}
		match = func(p *control.Process) bool { return re.MatchString(p.Name) }
	} else {
		match = func(p *control.Process) bool { return target == "all" || p.Name == target || p.Namespace == target }
	}
	var out []*instance
	for _, i := range d.all() {
		if match(i.view.Load()) {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		if target == "all" {
			return nil, &control.Error{Code: control.NotFound, Message: "No process found"}
		}
		return nil, &control.Error{Code: control.NotFound, Message: fmt.Sprintf("Process or Namespace %s not found", target)}
	}
	return out, nil
}

// report tells how it went with each instance, and gives one error for all.
func (d *Daemon) report(list []*instance, errs map[*instance]error, tell note) error {
	var all []error
	for _, i := range list {
		n := control.Note{ID: i.id, Name: i.view.Load().Name}
		if err := errs[i]; err != nil {
			n.Error = err.Error()
			all = append(all, err)
		}
		_ = tell(n)
	}
	return errors.Join(all...)
}

func (d *Daemon) operate(method string, p control.Target, tell note) (any, error) {
	list, err := d.find(p.Target)
	if err != nil {
		return nil, err
	}
	verbs := map[string]verb{control.MethodStop: doStop, control.MethodRestart: doRestart, control.MethodReload: doReload, control.MethodDelete: doDelete}
	v := verbs[method]
	parallel := p.Parallel
	if parallel <= 0 {
		parallel = 2
		if v == doReload {
			parallel = 1 // one after the other: the others serve meanwhile
		} else if v == doStop || v == doDelete {
			parallel = len(list)
		}
	}
	c := &change{env: p.Env, envName: p.EnvName, watch: p.Watch}
	if len(p.Options) > 0 {
		if c.options, _, err = ecosystem.ParseApp(p.Options); err != nil {
			return nil, err
		}
		if err := ecosystem.CanAmend(c.options); err != nil {
			return nil, err
		}
		if cron, _ := c.options["cron_restart"].(string); cron != "" && cron != "0" {
			if _, err := cronParser.Parse(cron); err != nil {
				return nil, fmt.Errorf("option 'cron_restart': '%s': %v", cron, err)
			}
		}
	}
	if v == doReload {
		parallel = min(parallel, max(1, len(list)/2))
	}
	// After a reload that failed the others are left as they are.
	var failed error
	errs := d.each(list, parallel, func(i *instance) error {
		if failed != nil && v == doReload && parallel == 1 {
			return errors.New("not reloaded")
		}
		err := i.do(v, c)
		if parallel == 1 && err != nil {
			failed = err
		}
		return err
	})
	err = d.report(list, errs, tell)
	if failed != nil && v == doReload {
		err = failed
	}
	return views(list), err
}

// start adds applications. Those that are there already are restarted, reloaded or refused.
func (d *Daemon) start(p control.Start, tell note) (any, error) {
	var all []*instance
	var problems []error
	for _, app := range p.Apps {
		list, err := d.startApp(app, p, tell)
		all = append(all, list...)
		if err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) == 1 {
		return views(all), problems[0]
	}
	return views(all), errors.Join(problems...)
}

func (d *Daemon) startApp(app ecosystem.App, p control.Start, tell note) ([]*instance, error) {
	if app.CronRestart != "" {
		if _, err := cronParser.Parse(app.CronRestart); err != nil {
			return nil, fmt.Errorf("option 'cron_restart': '%s': %v", app.CronRestart, err)
		}
	}
	var list []*instance
	for _, i := range d.all() {
		if v := i.view.Load(); v.Name == app.Name && v.Namespace == app.Namespace {
			list = append(list, i)
		}
	}
	if len(list) > 0 && p.Existing == control.Refuse && !p.Force {
		return nil, &control.Error{Code: control.AlreadyRunning, Message: "Script already launched, add -f option to force re-execution"}
	}
	if len(list) > 0 && !p.Force {
		v, parallel := doRestart, 2
		if p.Existing == control.Reload {
			v, parallel = doReload, 1
		}
		errs := d.each(list, parallel, func(i *instance) error {
			next := app
			if !p.Update {
				old := i.view.Load().App
				next.Env = mergeEnv(old.Env, app)
			}
			return i.do(v, &change{app: &next})
		})
		return list, d.report(list, errs, tell)
	}
	list = nil
	for range app.Instances {
		list = append(list, d.add(app))
	}
	if !app.AutoStart {
		return list, nil
	}
	errs := d.each(list, len(list), func(i *instance) error { return i.do(doStart, nil) })
	return list, d.report(list, errs, tell)
}

// mergeEnv is the environment of a restart without --update-env: that of before, with what the file says now.
func mergeEnv(before map[string]string, app ecosystem.App) map[string]string {
	out := map[string]string{}
	for k, v := range before {
		out[k] = v
	}
	for k := range app.Own {
		out[k] = app.Env[k]
	}
	for _, vars := range app.Environments {
		for k := range vars {
			if v, ok := app.Env[k]; ok {
				out[k] = v
			}
		}
	}
	return out
}

func (d *Daemon) reset(p control.Target) (any, error) {
	list, err := d.find(p.Target)
	for _, i := range list {
		done := make(chan struct{})
		i.post(resetEvent{done})
		select {
		case <-done:
		case <-i.closed:
		}
	}
	return views(list), err
}

func (d *Daemon) scale(p control.Scale, tell note) (any, error) {
	var list []*instance
	for _, i := range d.all() {
		if i.view.Load().Name == p.Name {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return nil, &control.Error{Code: control.NotFound, Message: fmt.Sprintf("Application %s not found", p.Name)}
	}
	count := p.Count
	if p.Relative {
		count += len(list)
	}
	if count < 0 {
		count = 0
	}
	if count == len(list) {
		return nil, fmt.Errorf("Nothing to do")
	}
	app := list[0].view.Load().App
	var changed []*instance
	v := doStart
	if count > len(list) {
		for range count - len(list) {
			changed = append(changed, d.add(app))
		}
	} else {
		v = doDelete
		changed = list[count:]
	}
	errs := d.each(changed, len(changed), func(i *instance) error { return i.do(v, nil) })
	return views(changed), d.report(changed, errs, tell)
}

func (d *Daemon) signal(p control.Signal) (any, error) {
	list, err := d.find(p.Target)
	if err != nil {
		return nil, err
	}
	number := unix.SignalNum(p.Signal)
	if number == 0 {
		number = unix.SignalNum("SIG" + p.Signal)
	}
	if n, err := strconv.Atoi(p.Signal); err == nil && n > 0 && n < 65 {
		number = unix.Signal(n)
	}
	if number == 0 {
		return nil, fmt.Errorf("unknown signal '%s'", p.Signal)
	}
	var problems []error
	for _, i := range list {
		done := make(chan error, 1)
		i.post(signalEvent{number, done})
		select {
		case err := <-done:
			problems = append(problems, err)
		case <-i.closed:
		}
	}
	return views(list), errors.Join(problems...)
}

// send writes a line to the standard input of a process.
func (d *Daemon) send(p control.Send) (any, error) {
	d.mu.Lock()
	i := d.instances[p.ID]
	d.mu.Unlock()
	if i == nil {
		return nil, unknownID(p.ID)
	}
	v := i.view.Load()
	path := filepath.Join(d.home.Spools(), strconv.Itoa(p.ID)+".in")
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil || v.Pid == 0 {
		if err == nil {
			_ = unix.Close(fd)
		}
		return nil, &control.Error{Code: control.Failed, Message: fmt.Sprintf("Process with ID <%d> offline.", p.ID)}
	}
	defer unix.Close(fd)
	for rest := []byte(p.Line); len(rest) > 0; {
		n, err := unix.Write(fd, rest)
		if err != nil && err != unix.EINTR {
			return nil, fmt.Errorf("[%s] doesn't read its input: %w", v.Name, err)
		}
		rest = rest[max(n, 0):]
	}
	return nil, nil
}

// flush empties logs and gives their paths.
func (d *Daemon) flush(p control.Target) ([]string, error) {
	target := p.Target
	if target == "" {
		target = "all"
	}
	list, err := d.find(target)
	if control.IsCode(err, control.NotFound) {
		list, err = nil, nil // nothing to flush, as PM2 has it
	}
	if err != nil {
		return nil, err
	}
	paths := []string{}
	for _, v := range views(list) {
		for _, path := range []string{v.OutLog, v.ErrLog, v.App.LogFile} {
			if path == "" || path == "/dev/null" || slices.Contains(paths, path) {
				continue
			}
			paths = append(paths, path)
			f := d.files.Open(path, logs.Rotation{MaxSize: v.App.LogMaxSize, Daily: v.App.LogDaily, Keep: v.App.LogKeep, Compress: v.App.LogCompress})
			if e := f.Flush(); e != nil && err == nil {
				err = e
			}
			d.files.Release(f)
		}
	}
	if p.Target == "" {
		err = os.Truncate(d.home.DaemonLog(), 0)
		paths = append([]string{d.home.DaemonLog()}, paths...)
	}
	return paths, err
}

// dump is what `save` writes.
type dump struct {
	Version int             `json:"version"`
	Apps    []ecosystem.App `json:"apps"`
	Stopped []bool          `json:"stopped"`
}

// save writes the applications down, each process as one of them.
func (d *Daemon) save() (any, error) {
	s := dump{Version: stateVersion, Apps: []ecosystem.App{}}
	for _, v := range views(d.all()) {
		v.App.Instances = 1
		s.Apps = append(s.Apps, v.App)
		s.Stopped = append(s.Stopped, v.Status == control.Stopped)
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	if old, err := os.ReadFile(d.home.Dump()); err == nil {
		_ = writeAtomic(d.home.Dump()+".bak", old)
	}
	return len(s.Apps), writeAtomic(d.home.Dump(), text)
}

// revive starts what was saved and isn't there.
func (d *Daemon) revive(tell note) (any, error) {
	s, err := readDump(d.home.Dump())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		aside := d.home.Dump() + ".corrupt"
		_ = os.Rename(d.home.Dump(), aside)
		d.log("%s could not be read and is kept as %s: %v", d.home.Dump(), aside, err)
		old, e := readDump(d.home.Dump() + ".bak")
		if e != nil {
			return nil, fmt.Errorf("%s could not be read and is kept as %s: %w", d.home.Dump(), aside, err)
		}
		s, err = old, nil
	}
	if err != nil {
		return nil, &control.Error{Code: control.NotFound, Message: "No processes saved; DUMP file doesn't exist"}
	}
	there := map[string]int{}
	for _, v := range views(d.all()) {
		there[v.Namespace+"\x00"+v.Name]++
	}
	var list []*instance
	for k, app := range s.Apps {
		key := app.Namespace + "\x00" + app.Name
		if there[key]--; there[key] >= 0 {
			continue
		}
		i := d.add(app)
		list = append(list, i)
		if k < len(s.Stopped) && s.Stopped[k] {
			continue
		}
		if err := i.do(doStart, nil); err != nil {
			_ = tell(control.Note{ID: i.id, Name: app.Name, Error: err.Error()})
			continue
		}
		_ = tell(control.Note{ID: i.id, Name: app.Name})
	}
	return views(list), nil
}

func readDump(path string) (dump, error) {
	var s dump
	text, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, err
	}
	if s.Version != stateVersion {
		return s, fmt.Errorf("version %d is not known", s.Version)
	}
	return s, nil
}

// follow hands lines on until the client leaves.
func (d *Daemon) follow(ctx context.Context, p control.Target, tell note) error {
	f := d.hub.Follow(func(id int, _ logs.Kind) bool {
		if p.ByID {
			return strconv.Itoa(id) == p.Target
		}
		if p.Target == "" || p.Target == "all" {
			return true
		}
		d.mu.Lock()
		i := d.instances[id]
		d.mu.Unlock()
		if i == nil {
			return false
		}
		v := i.view.Load()
		return v.Name == p.Target || v.Namespace == p.Target || strconv.Itoa(v.ID) == p.Target ||
			strings.HasPrefix(p.Target, "/") && matches(p.Target, v.Name)
	})
	defer d.hub.Leave(f)
	if err := tell(nil); err != nil { // from here on nothing is missed
		return err
	}
	for {
		select {
		case l := <-f.C:
			if err := tell(l); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func matches(expression, name string) bool {
	re, err := regexp.Compile(strings.Trim(expression, "/"))
	return err == nil && re.MatchString(name)
}
