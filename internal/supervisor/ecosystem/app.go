package ecosystem

// App is the configuration of one application: PM2's options by their names. Durations are milliseconds, sizes bytes. What New makes is
// complete: paths are absolute, defaults filled in, the environment is the one that the program gets.
type App struct {
	Name            string   `json:"name"`
	Namespace       string   `json:"namespace"`
	Script          string   `json:"script"`
	Args            []string `json:"args"`
	Cwd             string   `json:"cwd"`
	Interpreter     string   `json:"interpreter"` // "node" is this program, "none" runs the script itself
	InterpreterArgs []string `json:"node_args"`
	Version         string   `json:"version"` // of the nearest package.json

	Instances    int    `json:"instances"`        // as asked for; 0 and below: by the number of processors
	ExecMode     string `json:"exec_mode"`        // ModeFork, ModeCluster or ModeThreads
	Sticky       string `json:"sticky,omitempty"` // text of a sticky.By; "": off
	InstanceVar  string `json:"instance_var"`
	IncrementVar string `json:"increment_var,omitempty"`
	UID          *int   `json:"uid,omitempty"`
	GID          *int   `json:"gid,omitempty"`
	Port         int    `json:"port,omitempty"`

	AutoStart     bool   `json:"autostart"`
	AutoRestart   bool   `json:"autorestart"`
	StopExitCodes []int  `json:"stop_exit_codes,omitempty"`
	MinUptime     int64  `json:"min_uptime"`
	MaxRestarts   int    `json:"max_restarts"`
	RestartDelay  int64  `json:"restart_delay"`
	Backoff       int64  `json:"exp_backoff_restart_delay"`
	MaxMemory     int64  `json:"max_memory_restart"`
	CronRestart   string `json:"cron_restart,omitempty"`

	WaitReady           bool  `json:"wait_ready"`
	ListenTimeout       int64 `json:"listen_timeout"`
	KillTimeout         int64 `json:"kill_timeout"`
	ShutdownWithMessage bool  `json:"shutdown_with_message"`
	TreeKill            bool  `json:"treekill"`

	Watch      []string `json:"watch,omitempty"` // paths; none: off
	Ignore     []string `json:"ignore_watch,omitempty"`
	WatchDelay int64    `json:"watch_delay"`

	OutFile     string `json:"out_file"`
	ErrorFile   string `json:"error_file"`
	LogFile     string `json:"log_file,omitempty"`
	PidFile     string `json:"pid_file"`
	LogType     string `json:"log_type,omitempty"` // "json" or ""
	DateFormat  string `json:"log_date_format,omitempty"`
	MergeLogs   bool   `json:"merge_logs"`
	DisableLogs bool   `json:"disable_logs"`
	LogMaxSize  int64  `json:"log_max_size"`
	LogKeep     int    `json:"log_keep"`
	LogDaily    bool   `json:"log_daily"`
	LogCompress bool   `json:"log_compress"`

	SourceMapSupport bool `json:"source_map_support"`

	Env          map[string]string            `json:"env"`
	Environments map[string]map[string]string `json:"environments,omitempty"` // env_NAME
	AppendEnv    bool                         `json:"append_env_to_name"`
	FilterEnv    []string                     `json:"filter_env,omitempty"` // "*": nothing of the caller's
	Own          map[string]string            `json:"own_env,omitempty"`    // env of the file, without the caller's
}

// Modes of App.ExecMode, as PM2 shows them.
const (
	ModeFork    = "fork_mode"
	ModeCluster = "cluster_mode"
	ModeThreads = "threads_mode" // isolates of one process; for the application it looks like cluster mode
)
