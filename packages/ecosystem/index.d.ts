// Types of ecosystem files. Made from internal/supervisor/ecosystem by its test's -update.

export type Variables = Record<string, string | number | boolean | null | undefined>;

export interface App {
  /** Name of the application. Default: the script's name. */
  name?: string | number;
  /** Path of the program. */
  script?: string;
  /** The same as {@link script}. */
  exec?: string;
  /** The same as {@link script}. */
  pm_exec_path?: string;
  /** Arguments of the program. */
  args?: string | string[];
  /** Working directory. */
  cwd?: string;
  /** The same as {@link cwd}. */
  pm_cwd?: string;
  /** Program that runs the script; 'none' runs the script itself, 'node' is Roost. Default: node. */
  interpreter?: string;
  /** The same as {@link interpreter}. */
  exec_interpreter?: string;
  /** Options of the interpreter. */
  node_args?: string | string[];
  /** The same as {@link node_args}. */
  interpreter_args?: string | string[];
  /** The same as {@link node_args}. */
  interpreterArgs?: string | string[];
  /** Group that commands can name. Default: default. */
  namespace?: string;
  /** Shown in lists. Default: that of package.json. */
  version?: string;
  /** How many processes: a number, 'max' or 0 for one a processor, -1 for one less. Default: 1. */
  instances?: number | 'max';
  /** Fork, cluster or threads. Default: fork, or cluster with several instances. */
  exec_mode?: 'fork' | 'cluster' | 'threads' | 'fork_mode' | 'cluster_mode' | 'threads_mode';
  /** Connections of one client reach the same instance; true: by its address, 'header:NAME' and 'cookie:NAME': by these of its requests. Default: false. */
  sticky?: boolean | 'address' | `header:${string}` | `cookie:${string}`;
  /** Variable with the number of the instance. Default: NODE_APP_INSTANCE. */
  instance_var?: string;
  /** Variable that grows by one from instance to instance. */
  increment_var?: string;
  /** User of the program. */
  uid?: number | string;
  /** The same as {@link uid}. */
  user?: number | string;
  /** Group of the program. */
  gid?: number | string;
  /** Shorthand for PORT in env. */
  port?: number;
  /** Start when added. Default: true. */
  autostart?: boolean;
  /** Start again after an end. Default: true. */
  autorestart?: boolean;
  /** Exit codes that are not followed by a restart. */
  stop_exit_codes?: number | number[];
  /** A shorter run counts toward max_restarts. Default: 1000. */
  min_uptime?: number | string;
  /** Short runs in a row until the application is errored. Default: 16. */
  max_restarts?: number;
  /** Time between end and restart. Default: 0. */
  restart_delay?: number | string;
  /** First delay of an exponential back-off. Default: 0. */
  exp_backoff_restart_delay?: number | string;
  /** Memory at which the program is reloaded. */
  max_memory_restart?: number | string;
  /** Times of restarts as in cron; 0: none. */
  cron_restart?: string | number;
  /** The same as {@link cron_restart}. */
  cron?: string | number;
  /** The program is up when it calls process.send('ready'). Default: false. */
  wait_ready?: boolean;
  /** How long a program may take to come up. Default: 3000. */
  listen_timeout?: number | string;
  /** Time between SIGINT and SIGKILL. Default: 1600. */
  kill_timeout?: number | string;
  /** Process.on('message') gets 'shutdown' instead of SIGINT. Default: false. */
  shutdown_with_message?: boolean;
  /** End the program's children too. Default: true. */
  treekill?: boolean;
  /** Restart when a file changes: true, or paths. Default: false. */
  watch?: boolean | string | string[];
  /** Paths or patterns whose changes don't count. Default: node_modules, .git and hidden files. */
  ignore_watch?: string | (string | RegExp)[];
  /** Time after the last change. Default: 200. */
  watch_delay?: number | string;
  /** Options of chokidar. Accepted; has no effect. */
  watch_options?: Variables;
  /** Log of the standard output. */
  out_file?: string;
  /** The same as {@link out_file}. */
  output?: string;
  /** The same as {@link out_file}. */
  out?: string;
  /** The same as {@link out_file}. */
  out_log?: string;
  /** The same as {@link out_file}. */
  pm_out_log_path?: string;
  /** Log of the standard error. */
  error_file?: string;
  /** The same as {@link error_file}. */
  error?: string;
  /** The same as {@link error_file}. */
  err?: string;
  /** The same as {@link error_file}. */
  err_file?: string;
  /** The same as {@link error_file}. */
  err_log?: string;
  /** The same as {@link error_file}. */
  pm_err_log_path?: string;
  /** Log of both. */
  log_file?: boolean | string | string[];
  /** The same as {@link log_file}. */
  log?: boolean | string | string[];
  /** File with the process id. */
  pid_file?: string;
  /** The same as {@link pid_file}. */
  pid?: string;
  /** The same as {@link pid_file}. */
  pm_pid_path?: string;
  /** Raw or json. Default: raw. */
  log_type?: 'json' | 'raw';
  /** Date before each line, in tokens of dayjs. */
  log_date_format?: string;
  /** Log_date_format: 'YYYY-MM-DDTHH:mm:ss'. Default: false. */
  time?: boolean;
  /** Instances share their log files. Default: false. */
  merge_logs?: boolean;
  /** The same as {@link merge_logs}. */
  combine_logs?: boolean;
  /** Write no log files. Default: false. */
  disable_logs?: boolean;
  /** Size at which a log is put aside; 0: never. Default: 10M. */
  log_max_size?: number | string;
  /** How many old files stay; 0: all. Default: 30. */
  log_keep?: number;
  /** Put logs aside every day. Default: true. */
  log_daily?: boolean;
  /** Compress old logs. Default: true. */
  log_compress?: boolean;
  /** --enable-source-maps. Default: true. */
  source_map_support?: boolean;
  /** The opposite. Default: false. */
  disable_source_map_support?: boolean;
  /** Environment. */
  env?: Variables;
  /** The name ends in that of --env. Default: false. */
  append_env_to_name?: boolean;
  /** The same as {@link append_env_to_name}. */
  appendEnvToName?: boolean;
  /** Variables of the caller that the program doesn't get: beginnings of names, or true for all. Default: false. */
  filter_env?: boolean | string | string[];
  /** Start a script that runs already. Default: false. */
  force?: boolean;
  /** Version control metadata. Accepted; has no effect. */
  vizion?: boolean;
  /** Version control metadata. Accepted; has no effect. */
  vizion_running?: boolean;
  /** PM2's agent in the program. Accepted; has no effect. */
  pmx?: boolean;
  /** PM2's agent in the program. Accepted; has no effect. */
  automation?: boolean;
  /** Tracing of PM2 Plus. Accepted; has no effect. */
  trace?: boolean;
  /** Tracing of PM2 Plus. Accepted; has no effect. */
  disable_trace?: boolean;
  /** Metrics of PM2 Plus. Accepted; has no effect. */
  v8?: boolean;
  /** Metrics of PM2 Plus. Accepted; has no effect. */
  event_loop_inspector?: boolean;
  /** Metrics of PM2 Plus. Accepted; has no effect. */
  deep_monitoring?: boolean;
  /** Commands after `pm2 pull`. Accepted; has no effect. */
  post_update?: string | (string | RegExp)[];
  /** Windows. Accepted; has no effect. */
  windowsHide?: boolean;
  /** PM2's polling. Accepted; has no effect. */
  kill_retry_time?: number | string;
  /** Who starts it. Accepted; has no effect. */
  username?: string;
  /** Added to `env` with `--env NAME`. */
  [environment: `env_${string}`]: Variables;
}

export interface Ecosystem {
  apps: App | App[];
  /** Not used. */
  deploy?: Record<string, unknown>;
}
