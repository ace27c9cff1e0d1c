package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"roost/internal/supervisor/control"
)

// Action is something to do to processes.
type Action struct {
	Method string `json:"method"`          // of control: restart, reload, stop, delete, reset or scale
	Target string `json:"target"`          // an id, or a name; of scale a name
	Count  int    `json:"count,omitempty"` // of scale
}

var done = map[string]string{
	control.MethodRestart: "restarted", control.MethodReload: "reloaded", control.MethodStop: "stopped", control.MethodDelete: "deleted",
	control.MethodReset: "reset", control.MethodScale: "scaled",
}

// scaleLimit is how many processes of one application a dashboard makes: a slip of the finger shall not bring the machine down.
const scaleLimit = 64

// DoBlocking does it and says in a sentence what was done.
func DoBlocking(ctx context.Context, home control.Home, a Action) (string, error) {
	if done[a.Method] == "" {
		return "", fmt.Errorf("unknown action '%s'", a.Method)
	}
	if a.Target == "" {
		return "", errors.New("no process is named")
	}
	var params any = control.Target{Target: a.Target}
	if a.Method == control.MethodScale {
		if a.Count < 1 || a.Count > scaleLimit {
			return "", fmt.Errorf("an application has 1 to %d processes here, not %d", scaleLimit, a.Count)
		}
		params = control.Scale{Name: a.Target, Count: a.Count}
	}
	c, err := control.Dial(home)
	if err != nil {
		return "", explain(err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, c.Close)()
	var good []string
	err = c.Call(a.Method, params, nil, func(text json.RawMessage) {
		var n control.Note
		if json.Unmarshal(text, &n) == nil && n.Error == "" {
			good = append(good, fmt.Sprintf("%s (%d)", n.Name, n.ID))
		}
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", err
	case a.Method == control.MethodScale:
		return fmt.Sprintf("scaled %s to %d", a.Target, a.Count), nil
	case len(good) == 0:
		return fmt.Sprintf("%s %s", done[a.Method], a.Target), nil
	}
	slices.Sort(good)
	return fmt.Sprintf("%s %s", done[a.Method], strings.Join(good, ", ")), nil
}

func idText(id int) string { return strconv.Itoa(id) }
