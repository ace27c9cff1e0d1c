package dashboard

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"roost/internal/dashboard/feed"
	"roost/internal/supervisor/control"
	"roost/internal/vitals"
)

const (
	recentStep = 5 * time.Second
	recentSpan = time.Minute
)

// store is what the page can ask for. Any goroutine may call it.
type store struct {
	mu        sync.Mutex
	state     feed.State          // guarded by mu; the last one that was answered
	histories map[string]*history // guarded by mu
	isolates  map[int][]*isolate  // guarded by mu; by process
}

func newStore() *store {
	return &store{histories: map[string]*history{}, isolates: map[int][]*isolate{}}
}

// isolate is the page of vitals of one isolate: now, and each five seconds of the last minute.
type isolate struct {
	now   vitals.Snapshot
	older []vitals.Snapshot
}

func (i *isolate) add(s vitals.Snapshot) {
	if s.Pid != i.now.Pid || !s.StartedAt.Equal(i.now.StartedAt) {
		*i = isolate{now: s}
	}
	i.now = s
	if n := len(i.older); n == 0 || s.At.Sub(i.older[n-1].At) >= recentStep {
		i.older = append(i.older, s)
	}
	for len(i.older) > 1 && s.At.Sub(i.older[1].At) >= recentSpan {
		i.older = i.older[1:]
	}
}

// add takes what the daemon said. While it is gone nothing is added, so that the plots have a gap.
func (s *store) add(st feed.State) {
	if st.Err != nil {
		return
	}
	slices.SortFunc(st.Processes, func(a, b control.Process) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = st
	for key, spot := range spots(st) {
		h := s.histories[key]
		if h == nil {
			if len(s.histories) >= mostHistories && key != allKey {
				continue // more than anybody looks at
			}
			h = &history{}
			s.histories[key] = h
		}
		h.add(spot)
		h.seen = st.At
	}
	forget(s.histories, st.At)
	s.addVitals(st.Vitals)
}

func (s *store) addVitals(list []control.Vitals) {
	there := map[int]bool{}
	for _, v := range list {
		there[v.ID] = true
		old := s.isolates[v.ID]
		for len(old) < len(v.Isolates) {
			old = append(old, &isolate{})
		}
		old = old[:len(v.Isolates)]
		for k, snapshot := range v.Isolates {
			old[k].add(snapshot)
		}
		s.isolates[v.ID] = old
	}
	for id := range s.isolates {
		if !there[id] {
			delete(s.isolates, id)
		}
	}
}

// history gives the hour of a key.
func (s *store) history(key string) (columns, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.histories[key]
	if h == nil {
		return columns{}, false
	}
	return h.columns(), true
}

// members are the processes that a key names.
func members(key string, list []control.Process) []control.Process {
	var out []control.Process
	for _, p := range list {
		if key == allKey || key == appKey(p.Name) || key == processKey(p.ID) {
			out = append(out, p)
		}
	}
	return out
}

// --- what the page gets each second ---------------------------------------------------------------------------------

// page is the state as the page gets it. The environment of applications is not in it: it holds secrets.
type page struct {
	At        int64           `json:"at"`
	Error     string          `json:"error,omitempty"`
	Daemon    *control.Daemon `json:"daemon,omitempty"`
	Processes []process       `json:"processes"`
	Spots     map[string]any  `json:"spots"` // the newest of each history
}

type process struct {
	ID        int           `json:"id"`
	Name      string        `json:"name"`
	Namespace string        `json:"namespace"`
	Version   string        `json:"version"`
	Mode      string        `json:"mode"`
	Pid       int           `json:"pid"`
	Status    string        `json:"status"`
	Started   int64         `json:"started"`
	Restarts  int           `json:"restarts"`
	Watching  bool          `json:"watching"`
	Script    string        `json:"script"`
	LastExit  string        `json:"lastExit,omitempty"`
	LastError []string      `json:"lastError,omitempty"`
	CPU       float64       `json:"cpu"`
	Memory    int64         `json:"memory"`
	Load      *control.Load `json:"load"`
}

// page makes it of a state; of one without an answer it is the last one that had one, and why there is none now.
func (s *store) page(st feed.State) page {
	if st.Err != nil {
		s.mu.Lock()
		last := s.state
		s.mu.Unlock()
		p := s.page(last)
		p.At, p.Error, p.Spots = st.At.UnixMilli(), st.Err.Error(), nil
		return p
	}
	out := page{At: st.At.UnixMilli(), Processes: []process{}, Spots: map[string]any{}}
	if !st.At.IsZero() {
		d := st.Daemon
		out.Daemon = &d
	}
	for _, p := range st.Processes {
		out.Processes = append(out.Processes, process{ID: p.ID, Name: p.Name, Namespace: p.Namespace, Version: p.Version, Mode: p.Mode, Pid: p.Pid, Status: p.Status,
			Started: p.Started, Restarts: p.Restarts, Watching: p.Watching, Script: p.App.Script, LastExit: p.LastExit, LastError: p.LastError, CPU: p.CPU,
			Memory: p.Memory, Load: p.Load})
	}
	for key, spot := range spots(st) {
		figures := map[string]*number{}
		for name, v := range spot.figures() {
			if n := known(v); n != nil {
				figures[name] = n
			}
		}
		out.Spots[key] = figures
	}
	return out
}
