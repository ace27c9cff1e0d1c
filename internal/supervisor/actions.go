package supervisor

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"roost/internal/supervisor/control"
)

// Programs offer actions and tell figures by messages as @pm2/io sends them: {type: 'axm:action', data: {action_name, ...}}. An action is called by a
// message that is its name, or {msg, opts}; {type: 'axm:reply', data: {action_name, return}} answers.
// https://pm2.io/docs/plus/guide/remote-actions/ https://pm2.io/docs/plus/guide/custom-metrics/

// Limits of what one program can make the daemon keep.
const (
	maxActions = 200
	maxFigures = 200
	maxFigure  = 4 << 10 // bytes of one
	maxWaiting = 1000    // replies that are waited for
)

// replyLimit is how long a reply is waited for when nobody says.
const replyLimit = 10 * time.Second

// figures are values by name, in the order in which they came.
type figures struct {
	names  []string
	values map[string]json.RawMessage
	text   json.RawMessage // all of them as an object; nil: to be made
}

// merge takes what an object has.
func (f *figures) merge(data json.RawMessage) {
	var more map[string]json.RawMessage
	if json.Unmarshal(data, &more) != nil {
		return
	}
	if f.values == nil {
		f.values = map[string]json.RawMessage{}
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if len(more[name]) > maxFigure || len(name) > maxFigure {
			continue
		}
		if f.values[name] == nil {
			if len(f.names) >= maxFigures {
				continue
			}
			f.names = append(f.names, name)
		}
		f.values[name] = more[name]
	}
	f.text = nil
}

func (f *figures) object() json.RawMessage {
	if len(f.names) == 0 {
		return nil
	}
	if f.text == nil {
		b := []byte{'{'}
		for k, name := range f.names {
			if k > 0 {
				b = append(b, ',')
			}
			key, _ := json.Marshal(name)
			b = append(append(append(b, key...), ':'), f.values[name]...)
		}
		f.text = append(b, '}')
	}
	return f.text
}

// offered is what a program has told of itself.
type offered struct {
	actions []control.Action
	figures figures
	options figures
}

func (o *offered) add(data json.RawMessage) {
	var a control.Action
	if len(data) > maxFigure || json.Unmarshal(data, &a) != nil || a.Name == "" {
		return
	}
	k := slices.IndexFunc(o.actions, func(b control.Action) bool { return b.Name == a.Name })
	switch {
	case k >= 0:
		o.actions = slices.Clone(o.actions) // the view has the old one
		o.actions[k] = a
	case len(o.actions) < maxActions:
		o.actions = append(slices.Clip(o.actions), a)
	}
}

// asked is a trigger that waits for its reply.
type asked struct {
	w      *worker
	action string
	reply  chan<- control.Reply // has room for one
}

type (
	triggerEvent struct {
		param  json.RawMessage // of {msg, opts}; nil: the name alone
		action string
		reply  chan<- control.Reply
		taken  chan bool // has room for one: whether the program has the action and has got the message
	}
	messageTo struct {
		text json.RawMessage
		done chan error // has room for one
	}
)

// programMessage takes what a program tells that isn't node:cluster's. True when it changes what others see.
func (i *instance) programMessage(w *worker, text json.RawMessage) bool {
	var m struct {
		Type string          `json:"type"`
		Cmd  string          `json:"cmd"`
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(text, &m) != nil || m.Type == "" {
		if m.Cmd == "" {
			i.say("process:msg", nil, text)
		}
		return false
	}
	switch m.Type {
	case "axm:action":
		w.offered.add(m.Data)
		return w == i.worker
	case "axm:monitor":
		w.offered.figures.merge(m.Data)
		i.say(m.Type, m.Data, nil)
		return w == i.worker
	case "axm:option:configuration":
		w.offered.options.merge(m.Data)
		return w == i.worker
	case "axm:reply":
		i.answered(w, m.Data)
	}
	i.say(m.Type, m.Data, nil)
	return false
}

// answered gives a reply to the one who has waited longest for it.
func (i *instance) answered(w *worker, data json.RawMessage) {
	var r struct {
		Action string          `json:"action_name"`
		Return json.RawMessage `json:"return"`
	}
	if json.Unmarshal(data, &r) != nil {
		return
	}
	k := slices.IndexFunc(i.asked, func(a asked) bool { return a.w == w && a.action == r.Action })
	if k < 0 {
		return
	}
	i.asked[k].reply <- control.Reply{Return: r.Return}
	i.asked = slices.Delete(i.asked, k, k+1)
}

// unanswered tells those who wait for a worker that has ended.
func (i *instance) unanswered(w *worker) {
	i.asked = slices.DeleteFunc(i.asked, func(a asked) bool {
		if a.w == w {
			a.reply <- control.Reply{Silent: true}
		}
		return a.w == w
	})
}

func (i *instance) trigger(e triggerEvent) {
	has := i.worker != nil && slices.ContainsFunc(i.worker.offered.actions, func(a control.Action) bool { return a.Name == e.action })
	if !has || i.worker.ipc == nil || len(i.asked) >= maxWaiting {
		e.taken <- false
		return
	}
	var message any = e.action
	if e.param != nil {
		message = map[string]any{"msg": e.action, "opts": e.param, "name": i.app.Name}
	}
	if i.worker.ipc.send(message, -1) != nil {
		e.taken <- false
		return
	}
	i.asked = append(i.asked, asked{i.worker, e.action, e.reply})
	e.taken <- true
}

// trigger calls an action and tells the replies as they come.
func (d *Daemon) trigger(p control.Trigger, tell note) (any, error) {
	list, err := d.find(p.Target)
	if err != nil {
		list = nil
	}
	e := triggerEvent{action: p.Action}
	if p.Param != nil {
		e.param, _ = json.Marshal(*p.Param)
	}
	type waiting struct {
		i     *instance
		reply chan control.Reply
	}
	var got []waiting
	var took []*instance
	for _, i := range list {
		reply := make(chan control.Reply, 1)
		e := e
		e.reply, e.taken = reply, make(chan bool, 1)
		i.post(e)
		select {
		case ok := <-e.taken:
			if ok {
				got, took = append(got, waiting{i, reply}), append(took, i)
			}
		case <-i.closed:
		}
	}
	if len(got) == 0 {
		return nil, &control.Error{Code: control.NotFound, Message: "Not any process has received a command (offline or unexistent)"}
	}
	limit := replyLimit
	if p.Wait > 0 {
		limit = time.Duration(p.Wait) * time.Millisecond
	}
	late := time.After(limit)
	isLate := false
	for _, w := range got {
		r := control.Reply{Silent: true}
		if isLate {
			select {
			case r = <-w.reply:
			default:
			}
		} else {
			select {
			case r = <-w.reply:
			case <-late:
				isLate = true
			}
		}
		v := w.i.view.Load()
		r.ID, r.Name, r.Namespace = w.i.id, v.Name, v.Namespace
		_ = tell(r)
	}
	return views(took), nil
}

// message gives a message to a program's process.on('message').
func (d *Daemon) message(p control.Message) (any, error) {
	d.mu.Lock()
	i := d.instances[p.ID]
	d.mu.Unlock()
	if i == nil {
		return nil, unknownID(p.ID)
	}
	e := messageTo{p.Text, make(chan error, 1)}
	i.post(e)
	select {
	case err := <-e.done:
		return views([]*instance{i}), err
	case <-i.closed:
		return nil, unknownID(p.ID)
	}
}

func unknownID(id int) error {
	return &control.Error{Code: control.NotFound, Message: fmt.Sprintf("Process with ID <%d> unknown.", id)}
}

func (i *instance) messageProgram(e messageTo) {
	switch {
	case i.worker == nil:
		e.done <- &control.Error{Code: control.Failed, Message: fmt.Sprintf("Process with ID <%d> offline.", i.id)}
	case i.worker.ipc == nil:
		e.done <- fmt.Errorf("[%s] takes no messages", i.app.Name)
	default:
		if err := i.worker.ipc.send(e.text, -1); err != nil {
			e.done <- errors.New("Error while sending data: " + err.Error())
			return
		}
		e.done <- nil
	}
}
