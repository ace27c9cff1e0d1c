package supervisor

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"roost/internal/supervisor/control"
)

func newTalker() (*instance, *worker) {
	w := &worker{}
	return &instance{d: &Daemon{}, worker: w, group: &group{active: map[*instance]bool{}}, leaving: map[*worker]bool{}}, w
}

func TestProgramMessages(t *testing.T) {
	i, w := newTalker()
	l := i.d.bus.follow()
	for _, m := range []string{
		`{"type":"axm:action","data":{"action_name":"a","arity":1}}`, `{"type":"axm:action","data":{"action_name":"a","arity":2}}`,
		`{"type":"axm:monitor","data":{"z":1}}`, `{"type":"axm:monitor","data":{"a":{"value":"x"},"z":2}}`, `{"type":"process:msg","data":5}`, `{"x":1}`, `7`,
		`{"cmd":"OTHER"}`,
	} {
		i.programMessage(w, json.RawMessage(m))
	}
	if a := w.offered.actions; len(a) != 1 || a[0].Arity != 2 {
		t.Errorf("%v", a)
	}
	if got := string(w.offered.figures.object()); got != `{"z":2,"a":{"value":"x"}}` {
		t.Error(got)
	}
	var told []string
	for len(l.c) > 0 {
		e := <-l.c
		told = append(told, e.Channel+" "+string(e.Data)+string(e.Raw))
	}
	if got := strings.Join(told, "\n"); got != "axm:monitor {\"z\":1}\naxm:monitor {\"a\":{\"value\":\"x\"},\"z\":2}\nprocess:msg 5\nprocess:msg {\"x\":1}\nprocess:msg 7" {
		t.Error(got)
	}
	// What a program can make the daemon keep is limited.
	for n := range 1000 {
		i.programMessage(w, json.RawMessage(fmt.Sprintf(`{"type":"axm:action","data":{"action_name":"a%d"}}`, n)))
		i.programMessage(w, json.RawMessage(fmt.Sprintf(`{"type":"axm:monitor","data":{"f%d":%q}}`, n, strings.Repeat("x", n*10))))
	}
	if len(w.offered.actions) > maxActions || len(w.offered.figures.names) > maxFigures || len(w.offered.figures.object()) > maxFigures*maxFigure {
		t.Errorf("%d actions, %d figures", len(w.offered.actions), len(w.offered.figures.names))
	}
	if len(l.c) != eventRoom {
		t.Errorf("%d events wait", len(l.c))
	}
	for len(l.c) > 0 {
		<-l.c
	}
	i.say("x", nil, nil)
	if e := <-l.c; e.Lost == 0 {
		t.Error("nobody says that events were lost")
	}
	i.d.bus.leave(l)
	if i.d.bus.isFollowed() {
		t.Error("nobody follows")
	}
}

func TestReplies(t *testing.T) {
	i, w := newTalker()
	other := &worker{}
	replies := make([]chan control.Reply, 4)
	for k, a := range []asked{{w: w, action: "a"}, {w: w, action: "a"}, {w: other, action: "a"}, {w: w, action: "b"}} {
		replies[k] = make(chan control.Reply, 1)
		a.reply = replies[k]
		i.asked = append(i.asked, a)
	}
	i.answered(w, json.RawMessage(`{"action_name":"a","return":1}`))
	i.answered(w, json.RawMessage(`{"action_name":"a","return":2}`))
	i.answered(w, json.RawMessage(`{"action_name":"a","return":3}`))
	i.unanswered(w)
	i.unanswered(other)
	for k, want := range []string{"1 false", "2 false", " true", " true"} {
		if r := <-replies[k]; fmt.Sprint(string(r.Return), " ", r.Silent) != want {
			t.Errorf("%d: %s %v", k, r.Return, r.Silent)
		}
	}
}

// Whatever a program sends, the daemon goes on and shows valid JSON.
func FuzzProgramMessages(f *testing.F) {
	for _, m := range []string{`{"type":"axm:monitor","data":{"a":1}}`, `{"type":"axm:action","data":{"action_name":"\ud800"}}`, `{"type":"axm:reply","data":null}`,
		`{"type":"axm:option:configuration","data":[]}`, `{"cmd":"NODE_CLUSTER","act":"queryServer","port":-1}`, `"ready"`, `[]`} {
		f.Add([]byte(m))
	}
	i, w := newTalker()
	f.Fuzz(func(t *testing.T, m []byte) {
		if !json.Valid(m) {
			return
		}
		w.offered = offered{}
		i.programMessage(w, m)
		p := control.Process{Actions: w.offered.actions, Metrics: w.offered.figures.object(), Options: w.offered.options.object()}
		if _, err := json.Marshal(control.PM2Shape(p, "v24")); err != nil {
			t.Errorf("%s: %v", m, err)
		}
	})
}
