package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
)

// service is what an init system needs to know.
type service struct {
	path, text string
	mode       os.FileMode
	on, off    [][]string // commands, without a shell
}

func (m *manager) service() (service, error) {
	user, err := m.serviceUser()
	if err != nil {
		return service{}, err
	}
	home := string(m.home)
	if hp := m.flags.last("hp"); hp != "" {
		home = filepath.Join(hp, ".roost")
	}
	name := m.serviceName(user)
	switch platform := m.platform(); platform {
	case "systemd", "ubuntu", "debian", "centos", "redhat", "arch", "oracle", "amazon":
		return service{"/etc/systemd/system/" + name + ".service", systemdUnit(user, m.program, home, m.flags.has("wait-ip")), 0o644,
			[][]string{{"systemctl", "daemon-reload"}, {"systemctl", "enable", name}},
			[][]string{{"systemctl", "disable", name}, {"systemctl", "daemon-reload"}}}, nil
	case "openrc", "gentoo", "alpine":
		return service{"/etc/init.d/" + name, openrcScript(user, m.program, home), 0o755,
			[][]string{{"rc-update", "add", name, "default"}}, [][]string{{"rc-update", "del", name, "default"}}}, nil
	case "launchd", "darwin", "macos":
		dir, err := os.UserHomeDir()
		if err != nil {
			return service{}, err
		}
		path := filepath.Join(dir, "Library/LaunchAgents", name+".plist")
		return service{path, launchdPlist(user, m.program, home, name), 0o644, [][]string{{"launchctl", "load", "-w", path}}, [][]string{{"launchctl", "unload", "-w", path}}}, nil
	default:
		return service{}, fmt.Errorf("no init system '%s': systemd, openrc or launchd", platform)
	}
}

// startup prints a unit that resurrects what was saved when the machine starts, and what to do with it; with --install it does that.
func (m *manager) startup() int {
	s, err := m.service()
	if err != nil {
		return m.fail(err)
	}
	if m.flags.has("install") {
		if err := s.install(m); err != nil {
			return m.fail(err)
		}
	} else {
		fmt.Fprint(m.out, s.text)
		m.say("Write this to %s (mode %o), then run:", s.path, s.mode)
		m.say("%s", joined(s.on))
		m.say("`startup --install` does both.")
	}
	m.say("`roost save` writes down what is to be started.")
	return 0
}

func (m *manager) unstartup() int {
	s, err := m.service()
	if err != nil {
		return m.fail(err)
	}
	if !m.flags.has("install") {
		m.say("Run: %s; then delete %s", joined(s.off[:1]), s.path)
		return 0
	}
	if _, err := os.Stat(s.path); err != nil {
		return m.fail(fmt.Errorf("%s is not installed", s.path))
	}
	if err := m.runAll(s.off[:1]); err != nil {
		return m.fail(err)
	}
	if err := os.Remove(s.path); err != nil {
		return m.fail(err)
	}
	m.say("Removed %s", s.path)
	if err := m.runAll(s.off[1:]); err != nil {
		return m.fail(err)
	}
	return 0
}

func (s service) install(m *manager) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o755); err != nil {
		return err
	}
	temporary := s.path + ".tmp"
	if err := os.WriteFile(temporary, []byte(s.text), s.mode); err != nil {
		return err
	}
	if err := os.Chmod(temporary, s.mode); err != nil {
		return err
	}
	if err := os.Rename(temporary, s.path); err != nil {
		return err
	}
	m.say("Wrote %s", s.path)
	return m.runAll(s.on)
}

func (m *manager) runAll(commands [][]string) error {
	for _, c := range commands {
		m.say("%s", strings.Join(c, " "))
		cmd := exec.Command(c[0], c[1:]...)
		cmd.Stdout, cmd.Stderr = m.out, m.err
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(c, " "), err)
		}
	}
	return nil
}

func joined(commands [][]string) string {
	var out []string
	for _, c := range commands {
		out = append(out, strings.Join(c, " "))
	}
	return strings.Join(out, " && ")
}

func (m *manager) serviceUser() (string, error) {
	name := m.flags.last("user")
	if name == "" {
		u, err := user.Current()
		if err != nil {
			return "", err
		}
		name = u.Username
	}
	if strings.ContainsAny(name, " \n\t/") {
		return "", errors.New("that is no user name")
	}
	return name, nil
}

func (m *manager) serviceName(user string) string {
	if name := m.flags.last("service-name"); name != "" {
		return name
	}
	return "roost-" + user
}

func (m *manager) platform() string {
	if len(m.args) > 0 {
		return m.args[0]
	}
	switch {
	case exists("/run/systemd/system"):
		return "systemd"
	case exists("/sbin/openrc-run"):
		return "openrc"
	case exists("/bin/launchctl"):
		return "launchd"
	}
	return "systemd"
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// systemdUnit: KillMode=process, so that a daemon which is updated leaves its processes running; `kill` ends them.
func systemdUnit(user, program, home string, waitIP bool) string {
	after := "network.target"
	if waitIP {
		after = "network-online.target"
	}
	return fmt.Sprintf(`[Unit]
Description=Roost process manager
After=%s
Wants=%s

[Service]
Type=forking
User=%s
LimitNOFILE=infinity
Environment="PATH=%s"
Environment="ROOST_HOME=%s"
PIDFile=%s/daemon.pid
KillMode=process
Restart=on-failure
ExecStart=%s resurrect
ExecReload=%s reload all
ExecStop=%s kill

[Install]
WantedBy=multi-user.target
`, after, after, user, os.Getenv("PATH"), home, home, program, program, program)
}

func openrcScript(user, program, home string) string {
	return fmt.Sprintf(`#!/sbin/openrc-run
description="Roost process manager"
command=%s
command_user=%s
pidfile=%s/daemon.pid
export ROOST_HOME=%s

depend() {
	need net
}

start() {
	start-stop-daemon --start --user %s --exec %s -- resurrect
}

stop() {
	start-stop-daemon --start --user %s --exec %s -- kill
}
`, program, user, home, home, user, program, user, program)
}

func launchdPlist(user, program, home, service string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key><string>%s</string>
	<key>UserName</key><string>%s</string>
	<key>RunAtLoad</key><true/>
	<key>ProgramArguments</key><array><string>%s</string><string>resurrect</string></array>
	<key>EnvironmentVariables</key><dict><key>ROOST_HOME</key><string>%s</string></dict>
</dict>
</plist>
`, service, user, program, home)
}
