// Package os is the Go half of node:os: facts about the machine and its users. All of it is quick, so nothing here leaves the
// isolate's thread. It keeps no state.
package os

import (
	"bufio"
	"errors"
	"net"
	stdos "os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"roost/internal/binding"
	"roost/internal/sys"
)

// Module is the os builtin.
var Module = binding.Module{Name: "os", Natives: binding.Natives{
	"uname":                uname,
	"hostname":             hostname,
	"cpus":                 cpus,
	"availableParallelism": func(c *binding.Call) { c.Return(binding.Int(runtime.NumCPU())) },
	"freemem":              func(c *binding.Call) { number(c, "uv_get_free_memory", sys.FreeMemory) },
	"totalmem":             func(c *binding.Call) { number(c, "uv_get_total_memory", sys.TotalMemory) },
	"loadavg":              loadavg,
	"uptime":               uptime,
	"networkInterfaces":    networkInterfaces,
	"homedir":              homedir,
	"userInfo":             userInfo,
	"getPriority":          getPriority,
	"setPriority":          setPriority,
}}

func uname(c *binding.Call) {
	n, err := sys.Uname()
	if err != nil {
		c.Throw(binding.Syscall("uv_os_uname", err))
		return
	}
	c.Return(binding.Strings([]string{n.System, n.Release, n.Version, n.Machine}))
}

func hostname(c *binding.Call) {
	name, err := stdos.Hostname()
	if err != nil {
		c.Throw(binding.Syscall("uv_os_gethostname", err))
		return
	}
	c.Return(binding.String(name))
}

// cpus gives model and six numbers for each processor.
func cpus(c *binding.Call) {
	list, err := sys.CPUs()
	if err != nil {
		c.Throw(binding.Syscall("uv_cpu_info", err))
		return
	}
	var out []binding.Result
	for _, p := range list {
		out = append(out, binding.String(p.Model), binding.Int(p.MHz), binding.Int(p.User.Milliseconds()), binding.Int(p.Nice.Milliseconds()),
			binding.Int(p.System.Milliseconds()), binding.Int(p.Idle.Milliseconds()), binding.Int(p.IRQ.Milliseconds()))
	}
	c.Return(binding.List(out...))
}

func number(c *binding.Call, name string, read func() (uint64, error)) {
	n, err := read()
	if err != nil {
		c.Throw(binding.Syscall(name, err))
		return
	}
	c.Return(binding.Number(float64(n)))
}

func loadavg(c *binding.Call) {
	l, _ := sys.LoadAverage() // zeros where the system has none
	c.Return(binding.List(binding.Number(l[0]), binding.Number(l[1]), binding.Number(l[2])))
}

func uptime(c *binding.Call) {
	d, err := sys.Uptime()
	if err != nil {
		c.Throw(binding.Syscall("uv_uptime", err))
		return
	}
	// Hundredths of a second, as /proc/uptime has it.
	c.Return(binding.Number(float64(d.Milliseconds()/10) / 100))
}

// networkInterfaces gives name, address, netmask, family, mac, internal, scope id and prefix length (-1: not contiguous) for each
// address of an interface that is up.
func networkInterfaces(c *binding.Call) {
	interfaces, err := net.Interfaces()
	if err != nil {
		c.Throw(binding.Syscall("uv_interface_addresses", err))
		return
	}
	var v4, v6 []binding.Result
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagRunning == 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		mac := i.HardwareAddr.String()
		if mac == "" {
			mac = "00:00:00:00:00:00"
		}
		for _, a := range addresses {
			ipnet, ok := a.(*net.IPNet)
			if !ok {
				continue
			}
			ones, bits := ipnet.Mask.Size()
			if bits == 0 {
				ones = -1
			}
			loopback := binding.Bool(i.Flags&net.FlagLoopback != 0)
			if ip4 := ipnet.IP.To4(); ip4 != nil {
				v4 = append(v4, binding.String(i.Name), binding.String(ip4.String()), binding.String(net.IP(ipnet.Mask).String()), binding.Int(4),
					binding.String(mac), loopback, binding.Int(0), binding.Int(ones))
				continue
			}
			scope := 0
			if ipnet.IP.IsLinkLocalUnicast() {
				scope = i.Index
			}
			v6 = append(v6, binding.String(i.Name), binding.String(ipnet.IP.String()), binding.String(net.IP(ipnet.Mask).String()), binding.Int(6),
				binding.String(mac), loopback, binding.Int(scope), binding.Int(ones))
		}
	}
	// As getifaddrs(3) lists them: all IPv4 addresses first.
	c.Return(binding.List(append(v4, v6...)...))
}

// homedir is $HOME, else the home directory of the user.
func homedir(c *binding.Call) {
	if home, ok := stdos.LookupEnv("HOME"); ok {
		c.Return(binding.String(home))
		return
	}
	u, err := lookupUser(stdos.Getuid())
	if err != nil {
		c.Throw(binding.Syscall("uv_os_homedir", err))
		return
	}
	c.Return(binding.String(u.home))
}

// userInfo gives uid, gid, name, home and shell of the effective user.
func userInfo(c *binding.Call) {
	u, err := lookupUser(stdos.Geteuid())
	if err != nil {
		c.Throw(binding.Syscall("uv_os_get_passwd", err))
		return
	}
	c.Return(binding.List(binding.Int(u.uid), binding.Int(u.gid), binding.String(u.name), binding.String(u.home), binding.String(u.shell)))
}

type user struct {
	uid, gid          int
	name, home, shell string
}

// lookupUser reads /etc/passwd. Differs from Node: users of NSS modules (LDAP and the like) are not found.
func lookupUser(uid int) (user, error) {
	f, err := stdos.Open("/etc/passwd")
	if err != nil {
		if errors.Is(err, stdos.ErrNotExist) {
			err = syscall.ENOENT
		}
		return user{}, err
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if u, ok := parsePasswd(lines.Text()); ok && u.uid == uid {
			return u, nil
		}
	}
	if err := lines.Err(); err != nil {
		return user{}, err
	}
	return user{}, syscall.ENOENT
}

// parsePasswd reads one line of passwd(5).
func parsePasswd(line string) (user, bool) {
	fields := strings.Split(line, ":")
	if len(fields) < 7 {
		return user{}, false
	}
	uid, err1 := strconv.Atoi(fields[2])
	gid, err2 := strconv.Atoi(fields[3])
	if err1 != nil || err2 != nil {
		return user{}, false
	}
	return user{uid, gid, fields[0], fields[5], fields[6]}, true
}

func getPriority(c *binding.Call) {
	n, err := unix.Getpriority(unix.PRIO_PROCESS, c.Int(0))
	if err != nil {
		c.Throw(binding.Syscall("uv_os_getpriority", err))
		return
	}
	c.Return(binding.Int(nice(n)))
}

func setPriority(c *binding.Call) {
	if err := unix.Setpriority(unix.PRIO_PROCESS, c.Int(0), c.Int(1)); err != nil {
		c.Throw(binding.Syscall("uv_os_setpriority", err))
		return
	}
	c.Return(binding.Undefined)
}
