package control

import (
	"encoding/json"

	"roost/internal/supervisor/ecosystem"
	"roost/internal/vitals"
)

// Version is the protocol's: a client tells a daemon of another one to be updated.
const Version = 1

// Call is what a client sends.
type Call struct {
	Version int             `json:"v"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params,omitempty"`
}

// answer is what a server sends: notes, then a result or an error.
type answer struct {
	Note   json.RawMessage `json:"note,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
	Code   string          `json:"code,omitempty"`
	Done   bool            `json:"done,omitempty"`
}

// Codes of errors.
const (
	NotFound       = "NOT_FOUND"       // no such process
	AlreadyRunning = "ALREADY_RUNNING" // the script is launched
	Failed         = "FAILED"          // everything else
)

// Error is a refusal of the daemon.
type Error struct{ Code, Message string }

func (e *Error) Error() string { return e.Message }

// Statuses of a process, as PM2 calls them.
const (
	Online    = "online"
	Launching = "launching"
	Stopping  = "stopping"
	Stopped   = "stopped"
	Waiting   = "waiting restart"
	Errored   = "errored"
)

// Process is what is known of one process. Times are Unix milliseconds.
type Process struct {
	ID        int           `json:"id"`
	Name      string        `json:"name"`
	Namespace string        `json:"namespace"`
	Version   string        `json:"version"`
	Mode      string        `json:"mode"`
	Pid       int           `json:"pid"`
	Status    string        `json:"status"`
	Created   int64         `json:"created_at"`
	Started   int64         `json:"started_at"`
	Restarts  int           `json:"restarts"`
	Unstable  int           `json:"unstable_restarts"`
	CPU       float64       `json:"cpu"` // percent of one processor
	Memory    int64         `json:"memory"`
	User      string        `json:"user"`
	Watching  bool          `json:"watching"`
	Instance  int           `json:"instance"`
	OutLog    string        `json:"out_log"`
	ErrLog    string        `json:"err_log"`
	PidFile   string        `json:"pid_file"`
	LastExit  string        `json:"last_exit,omitempty"`  // how it ended last: "code 1", "SIGKILL"
	LastError []string      `json:"last_error,omitempty"` // the last lines of its standard error, when it is errored
	Dropped   int64         `json:"dropped,omitempty"`    // log lines
	App       ecosystem.App `json:"app"`

	Actions []Action        `json:"actions,omitempty"` // that the program has offered
	Metrics json.RawMessage `json:"metrics,omitempty"` // of the program's own: an object, as it told them
	Options json.RawMessage `json:"options,omitempty"` // of its agent: an object

	// Load is nil when the program has no page of vitals: it isn't Roost that runs it, or it has not come up yet.
	Load *Load `json:"load,omitempty"`
}

// Load is a summary of a program's vitals over the last sample, a second or so; of all its isolates that serve.
type Load struct {
	LagP50      float64 `json:"lag_p50"` // of the event loop, milliseconds
	LagP99      float64 `json:"lag_p99"`
	Utilization float64 `json:"utilization"` // of the event loop, 0 to 1
	Requests    float64 `json:"requests"`    // a second
	Connections int64   `json:"connections"`
	HeapUsed    uint64  `json:"heap_used"`
	HeapTotal   uint64  `json:"heap_total"`
	Handles     int64   `json:"handles"`
	Blocked     float64 `json:"blocked"` // for how long the turn under way has run, milliseconds
}

// Vitals are one process's figures.
type Vitals struct {
	ID       int               `json:"id"`
	Isolates []vitals.Snapshot `json:"isolates"` // that serve: one, or several in threads mode
}

// Metrics is where metrics are served.
type Metrics struct {
	URL string `json:"url"` // "": nowhere
}

// Methods and their parameters. Those with a Target answer with the processes that it names, afterwards.
const (
	MethodPing     = "ping"    // answers with a Daemon
	MethodList     = "list"    // []Process
	MethodStart    = "start"   // Start, []Process
	MethodStop     = "stop"    // Target
	MethodRestart  = "restart" // Target
	MethodReload   = "reload"  // Target
	MethodDelete   = "delete"  // Target
	MethodReset    = "reset"   // Target
	MethodScale    = "scale"   // Scale
	MethodSignal   = "signal"  // Signal
	MethodSend     = "send"    // Send
	MethodMessage  = "message" // Message
	MethodTrigger  = "trigger" // Trigger, notes are Replies; the []Process that got it
	MethodLaunch   = "launch"  // Launch, []Process
	MethodShape    = "shape"   // the list as PM2's jlist has it
	MethodBus      = "bus"     // notes are Events; ends with the connection
	MethodFlush    = "flush"   // Target, "" for all; the paths
	MethodReopen   = "reopen"
	MethodSave     = "save"     // how many
	MethodRevive   = "revive"   // Revive
	MethodFollow   = "follow"   // Target; notes are logs.Line; ends with the connection
	MethodVitals   = "vitals"   // Target; []Vitals
	MethodSettings = "settings" // what `set` keeps has changed; Metrics
	MethodKill     = "kill"     // answers when every process has ended; then the daemon ends
	MethodLeave    = "leave"    // the daemon ends, processes stay
)

// Daemon is the answer to MethodPing.
type Daemon struct {
	Pid     int    `json:"pid"`
	Version int    `json:"version"`
	Program string `json:"program"`
	Started int64  `json:"started_at"`
}

// What Start does with applications that are there already.
const (
	Refuse  = ""        // an error
	Restart = "restart" // with the new configuration
	Reload  = "reload"
)

// Start starts applications.
type Start struct {
	Apps     []ecosystem.App `json:"apps"`
	Existing string          `json:"existing"`
	Force    bool            `json:"force"` // start another process of the same script
	Update   bool            `json:"update_env"`
	Parallel int             `json:"parallel"`
}

// Target names processes: an id, a name, a namespace, /expression/ or "all".
type Target struct {
	Target   string            `json:"target"`
	Env      map[string]string `json:"env,omitempty"`         // of the caller, for restart and reload with --update-env
	EnvName  string            `json:"environment,omitempty"` // --env
	Parallel int               `json:"parallel,omitempty"`
	Watch    *bool             `json:"watch,omitempty"`   // stop --watch, restart --watch
	Options  map[string]any    `json:"options,omitempty"` // restart, reload: options that change, as an ecosystem file has them
	ByID     bool              `json:"by_id,omitempty"`   // Target is an id, not a name that looks like one
}

// Scale sets the number of an application's processes; with Relative it adds to it.
type Scale struct {
	Name     string `json:"name"`
	Count    int    `json:"count"`
	Relative bool   `json:"relative"`
}

// Signal sends a signal.
type Signal struct {
	Target string `json:"target"`
	Signal string `json:"signal"`
}

// Send writes a line to a process's standard input, or sends it a message.
type Send struct {
	ID   int    `json:"id"`
	Line string `json:"line"`
}

// Message is for a program's process.on('message').
type Message struct {
	ID   int             `json:"id"`
	Text json.RawMessage `json:"message"`
}

// Action is something that a program does when it is told to, by messages as @pm2/io has them:
// https://pm2.io/docs/plus/guide/remote-actions/
type Action struct {
	Name  string          `json:"action_name"`
	Type  string          `json:"action_type,omitempty"`
	Opts  json.RawMessage `json:"opts,omitempty"`
	Arity int             `json:"arity"`
}

// Trigger calls an action of the programs that have it.
type Trigger struct {
	Target string  `json:"target"`
	Action string  `json:"action"`
	Param  *string `json:"param,omitempty"`
	Wait   int     `json:"wait,omitempty"` // for replies, milliseconds; 0: the default
}

// Reply is what a program answers to an action.
type Reply struct {
	ID        int             `json:"id"`
	Name      string          `json:"name"`
	Namespace string          `json:"namespace"`
	Return    json.RawMessage `json:"return,omitempty"` // nothing: it was silent, or answered undefined
	Silent    bool            `json:"silent,omitempty"`
}

// Launch starts what a document describes: what an ecosystem file may hold, or the file at a path.
type Launch struct {
	Document json.RawMessage   `json:"document,omitempty"`
	File     string            `json:"file,omitempty"` // absolute
	Cwd      string            `json:"cwd"`
	Env      map[string]string `json:"env"`
	EnvName  string            `json:"environment,omitempty"`
	Only     []string          `json:"only,omitempty"`
	Existing string            `json:"existing"`
	Force    bool              `json:"force,omitempty"`
	Update   bool              `json:"update_env,omitempty"`
}

// Event is something that happens, as PM2's bus has it: 'process:event', 'process:msg' and the types that programs make up.
type Event struct {
	Channel  string          `json:"channel"`
	Event    string          `json:"event,omitempty"` // of process:event: start, online, exit, stop, restart, reload, delete, restart overlimit
	Manually bool            `json:"manually,omitempty"`
	At       int64           `json:"at"`
	Data     json.RawMessage `json:"data,omitempty"`
	Raw      json.RawMessage `json:"raw,omitempty"` // a message that has no type
	Process  any             `json:"process"`
	Lost     int             `json:"lost,omitempty"` // events that this follower has missed before this one
}

// Note tells of one process during a call.
type Note struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Error string `json:"error,omitempty"`
}
