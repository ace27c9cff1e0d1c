package supervisor

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"

	"roost/internal/supervisor/control"
	"roost/internal/supervisor/ecosystem"
)

// launch starts the applications of a document for a client that has no way to complete their options itself.
func (d *Daemon) launch(p control.Launch, tell note) (any, error) {
	var document any
	dir := p.Cwd
	if p.File != "" {
		if !filepath.IsAbs(p.File) {
			return nil, errors.New("the file's path must be absolute")
		}
		var err error
		if document, err = ecosystem.ReadBlocking(p.File, d.program); err != nil {
			return nil, err
		}
		dir = filepath.Dir(p.File)
	} else if err := json.Unmarshal(p.Document, &document); err != nil {
		return nil, err
	}
	if !filepath.IsAbs(dir) {
		return nil, errors.New("the working directory's path must be absolute")
	}
	values, _, err := ecosystem.Parse(document)
	if err != nil {
		return nil, err
	}
	caller := ecosystem.Caller{Home: string(d.home), Cwd: dir, Environment: p.EnvName}
	for k, v := range p.Env {
		caller.Env = append(caller.Env, k+"="+v)
	}
	start := control.Start{Existing: p.Existing, Force: p.Force, Update: p.Update}
	for _, v := range values {
		app, err := ecosystem.New(v, caller)
		if err != nil {
			return nil, err
		}
		if len(p.Only) == 0 || slices.Contains(p.Only, app.Name) {
			start.Apps = append(start.Apps, app)
		}
	}
	if len(start.Apps) == 0 {
		return nil, errors.New("no application to start")
	}
	return d.start(start, tell)
}
