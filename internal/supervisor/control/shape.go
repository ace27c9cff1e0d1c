package control

import (
	"encoding/json"
	"strings"
)

// PM2Shape is a process as PM2's jlist has it: variables of the environment stand beside the options. node is the version of Node's API.
func PM2Shape(p Process, node string) map[string]any {
	a := p.App
	env := map[string]any{}
	for k, v := range a.Env {
		env[k] = v
	}
	for k, v := range map[string]any{
		"name": p.Name, "namespace": p.Namespace, "version": p.Version, "env": a.Env, "args": a.Args, "node_args": nonNil(a.InterpreterArgs),
		"pm_exec_path": a.Script, "pm_cwd": a.Cwd, "exec_interpreter": a.Interpreter, "exec_mode": a.ExecMode, "instances": a.Instances, "sticky": stickiness(a.Sticky),
		"pm_out_log_path": p.OutLog, "pm_err_log_path": p.ErrLog, "pm_pid_path": p.PidFile, "pm_id": p.ID, "status": p.Status,
		"pm_uptime": p.Started, "created_at": p.Created, "restart_time": p.Restarts, "unstable_restarts": p.Unstable, "autorestart": a.AutoRestart,
		"autostart": a.AutoStart, "watch": p.Watching, "merge_logs": a.MergeLogs, "instance_var": a.InstanceVar, a.InstanceVar: p.Instance,
		"kill_timeout": a.KillTimeout, "listen_timeout": a.ListenTimeout, "wait_ready": a.WaitReady, "treekill": a.TreeKill,
		"max_memory_restart": a.MaxMemory, "cron_restart": a.CronRestart, "max_restarts": a.MaxRestarts, "min_uptime": a.MinUptime,
		"restart_delay": a.RestartDelay, "exp_backoff_restart_delay": a.Backoff, "username": p.User, "node_version": strings.TrimPrefix(node, "v"),
		"filter_env": nonNil(a.FilterEnv), "axm_monitor": p.Monitor(), "axm_actions": p.Actions, "axm_options": orObject(p.Options),
	} {
		env[k] = v
	}
	if p.Actions == nil {
		env["axm_actions"] = []Action{}
	}
	if n, ok := strings.CutPrefix(p.LastExit, "code "); ok {
		env["exit_code"] = json.Number(n)
	}
	if p.LastExit != "" {
		env["last_exit"] = p.LastExit
	}
	if len(p.LastError) > 0 {
		env["last_error"] = p.LastError
	}
	return map[string]any{"pid": p.Pid, "name": p.Name, "pm2_env": env, "pm_id": p.ID, "monit": map[string]any{"memory": p.Memory, "cpu": p.CPU}}
}

// stickiness is the option as its file would have it.
func stickiness(by string) any {
	switch by {
	case "":
		return false
	case "address":
		return true
	}
	return by
}

func orObject(text json.RawMessage) json.RawMessage {
	if text == nil {
		return json.RawMessage("{}")
	}
	return text
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
