package cli

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
)

// startup prints a unit that resurrects what was saved when the machine starts, and what to do with it.
func (m *manager) startup() int {
	name, err := m.serviceUser()
	if err != nil {
		return m.fail(err)
	}
	service := m.serviceName(name)
	platform := m.platform()
	switch platform {
	case "systemd":
		fmt.Fprint(m.out, systemdUnit(name, m.program, string(m.home), m.flags.has("wait-ip")))
		m.say("Write this to /etc/systemd/system/%s.service, then run:", service)
		m.say("systemctl daemon-reload && systemctl enable %s", service)
	case "openrc":
		fmt.Fprint(m.out, openrcScript(name, m.program, string(m.home)))
		m.say("Write this to /etc/init.d/%s, then run:", service)
		m.say("chmod +x /etc/init.d/%s && rc-update add %s default", service, service)
	case "launchd":
		fmt.Fprint(m.out, launchdPlist(name, m.program, string(m.home), service))
		m.say("Write this to ~/Library/LaunchAgents/%s.plist, then run:", service)
		m.say("launchctl load -w ~/Library/LaunchAgents/%s.plist", service)
	default:
		return m.fail(fmt.Errorf("no init system '%s': systemd, openrc or launchd", platform))
	}
	m.say("`roost save` writes down what is to be started.")
	return 0
}

func (m *manager) unstartup() int {
	name, err := m.serviceUser()
	if err != nil {
		return m.fail(err)
	}
	service := m.serviceName(name)
	switch platform := m.platform(); platform {
	case "systemd":
		m.say("Run: systemctl disable %s && rm /etc/systemd/system/%s.service && systemctl daemon-reload", service, service)
	case "openrc":
		m.say("Run: rc-update del %s default && rm /etc/init.d/%s", service, service)
	case "launchd":
		m.say("Run: launchctl unload -w ~/Library/LaunchAgents/%s.plist && rm ~/Library/LaunchAgents/%s.plist", service, service)
	default:
		return m.fail(fmt.Errorf("no init system '%s': systemd, openrc or launchd", platform))
	}
	return 0
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
Environment=PATH=%s
Environment=ROOST_HOME=%s
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
