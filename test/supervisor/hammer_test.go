package supervisor

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"roost/internal/supervisor/control"
)

// TestMain is a program of TestHammer or TestFlood when it is started as one.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_COUNTS") != "" {
		printNumbers(os.Getenv("TEST_COUNTS"))
		return
	}
	if os.Getenv("TEST_FLOODS") != "" {
		floodLines(os.Getenv("TEST_FLOODS"))
		return
	}
	os.Exit(m.Run())
}

// printNumbers prints its pid and a number, again and again, until it is told to end. How many it has printed stands in a file of its own.
func printNumbers(dir string) {
	f, err := os.Create(filepath.Join(dir, strconv.Itoa(os.Getpid())))
	if err != nil {
		os.Exit(1)
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT)
	ticker := time.NewTicker(2 * time.Millisecond)
	for n := uint64(0); ; n++ {
		fmt.Printf("%d %d\n", os.Getpid(), n)
		_, _ = f.WriteAt(binary.LittleEndian.AppendUint64(nil, n+1), 0)
		select {
		case <-end:
			return
		case <-ticker.C:
		}
	}
}

// numbersServer is the same with JavaScript, in a cluster.
const numbersServer = `
const fs = require('node:fs'), count = Buffer.alloc(8), fd = fs.openSync(process.env.TEST_COUNTS_JS + '/' + process.pid, 'w');
let n = 0;
setInterval(() => { process.stdout.write(process.pid + ' ' + n++ + '\n'); count.writeUInt32LE(n); fs.writeSync(fd, count, 0, 8, 0); }, 5).unref();
require('node:http').createServer((q, r) => r.end('x')).listen(0, '127.0.0.1');
`

// hammer is a daemon under many commands at once.
type hammer struct {
	*place
	counts string
	names  []string
}

func (h *hammer) call(method string, params any) ([]control.Process, error) {
	c, err := control.Dial(control.Home(h.home))
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var list []control.Process
	return list, c.Call(method, params, &list, nil)
}

// random does one random thing to one application. That it is refused, or undone by another, is no mistake.
func (h *hammer) random(r *rand.Rand) {
	name := h.names[r.Intn(len(h.names))]
	target := control.Target{Target: name}
	switch r.Intn(8) {
	case 0:
		_, _ = h.call(control.MethodStop, target)
	case 1, 2:
		_, _ = h.call(control.MethodRestart, target)
	case 3, 4:
		_, _ = h.call(control.MethodReload, target)
	case 5:
		_, _ = h.call(control.MethodScale, control.Scale{Name: name, Count: 1 + r.Intn(3)})
	case 6:
		_, _ = h.call(control.MethodSignal, control.Signal{Target: name, Signal: "SIGKILL"})
	default:
		if r.Intn(4) == 0 {
			h.piped("", "restart", name, "-s") // the whole way
			return
		}
		_, _ = h.call(control.MethodRestart, target)
	}
}

// descriptors are what the daemon has open, without the figures of processes in /proc: it opens those when it looks for the first time.
func descriptors(pid int) (out []string) {
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, path := range paths {
		if to, err := os.Readlink(path); err == nil && !strings.HasPrefix(to, "/proc/") {
			out = append(out, to)
		}
	}
	slices.Sort(out)
	return out
}

func zombies(parent int) (n int) {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		text, _ := os.ReadFile(path)
		f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(f) > 1 && f[0] == "Z" && f[1] == strconv.Itoa(parent) {
			n++
		}
	}
	return n
}

// bring brings every application to a number of processes, all at once; 0 is stopped.
func (h *hammer) bring(t *testing.T, want map[string]int) {
	var wg sync.WaitGroup
	for name, n := range want {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := h.call(control.MethodScale, control.Scale{Name: name, Count: max(n, 1)}); err != nil && !strings.Contains(err.Error(), "Nothing to do") {
				t.Errorf("%s: scale: %v", name, err)
			}
			method := control.MethodRestart
			if n == 0 {
				method = control.MethodStop
			}
			if _, err := h.call(method, control.Target{Target: name}); err != nil {
				t.Errorf("%s: %s: %v", name, method, err)
			}
		}()
	}
	wg.Wait()
	list, err := h.call(control.MethodList, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, pids := map[string]int{}, map[int]bool{}
	for _, p := range list {
		if p.Status == control.Online && isRunning(p.Pid) && !pids[p.Pid] {
			got[p.Name]++
			pids[p.Pid] = true
		} else if p.Status != control.Stopped || want[p.Name] != 0 {
			t.Errorf("%s(%d) is %s with pid %d", p.Name, p.ID, p.Status, p.Pid)
		}
	}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s: %d processes, %d were asked for", name, got[name], n)
		}
	}
}

// Commands from all sides end in the state that the last ones asked for: no process, zombie or descriptor is left, and each line that was printed is in
// the logs, once. ROOST_HAMMER is the number of commands, with ten applications instead of five.
func TestHammer(t *testing.T) {
	commands, applications := 150, 5
	if n, err := strconv.Atoi(os.Getenv("ROOST_HAMMER")); err == nil {
		commands, applications = n, 10
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := &hammer{place: newPlace(t, map[string]string{"srv.js": numbersServer}), counts: t.TempDir()}
	var apps []map[string]any
	for n := range applications {
		name := fmt.Sprint("app", n)
		h.names = append(h.names, name)
		app := map[string]any{"name": name, "script": self, "interpreter": "none", "max_restarts": 1000, "merge_logs": true, "log_max_size": "64K", "log_keep": 0, "log_compress": n%2 == 0,
			"env": map[string]string{"TEST_COUNTS": h.counts}}
		if n < 2 {
			app["script"], app["interpreter"], app["exec_mode"], app["env"] = "srv.js", "node", "cluster", map[string]string{"TEST_COUNTS_JS": h.counts}
		}
		apps = append(apps, app)
	}
	text, err := json.Marshal(map[string]any{"apps": apps})
	if err != nil {
		t.Fatal(err)
	}
	h.write("eco.json", string(text))
	h.ok("start", "eco.json")
	one := map[string]int{}
	for _, name := range h.names {
		one[name] = 1
	}
	h.bring(t, one)
	daemon := h.daemon()
	var before []string
	h.until("the servers listen", func() bool { // the control socket, and a channel and a listener of each
		before = descriptors(daemon)
		sockets := 0
		for _, d := range before {
			if strings.HasPrefix(d, "socket:") {
				sockets++
			}
		}
		return sockets == 5
	})

	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	work := make(chan int64)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for s := range work {
				h.random(rand.New(rand.NewSource(s)))
			}
		}()
	}
	for n := range commands {
		work <- seed + int64(n)
	}
	close(work)
	wg.Wait()

	r := rand.New(rand.NewSource(seed))
	want := map[string]int{}
	for _, name := range h.names {
		want[name] = r.Intn(4)
	}
	h.bring(t, want)
	h.bring(t, one)
	if now := h.daemon(); now != daemon {
		t.Errorf("the daemon is another one")
	}
	end := time.Now().Add(20 * time.Second)
	for len(descriptors(daemon)) > len(before) {
		if time.Now().After(end) {
			t.Errorf("descriptors are left; before:\n  %s\nnow:\n  %s", strings.Join(before, "\n  "), strings.Join(descriptors(daemon), "\n  "))
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	h.until("no figures of ended processes are left", func() bool {
		n := 0
		paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", daemon))
		for _, path := range paths {
			if to, err := os.Readlink(path); err == nil && strings.HasPrefix(to, "/proc/") {
				n++
			}
		}
		return n <= applications
	})
	h.until("no zombie is left", func() bool { return zombies(daemon) == 0 })
	h.until("no spool is left", func() bool {
		spools, _ := filepath.Glob(filepath.Join(h.home, "spool", "*.out"))
		return len(spools) == applications
	})
	h.ok("kill")
	h.checkLogs(t)
}

// checkLogs holds what programs have counted against what is in the logs and their archives.
func (h *hammer) checkLogs(t *testing.T) {
	seen := map[string]map[uint64]int{}
	for _, name := range h.names {
		for _, line := range h.allLines(t, name+"-out") {
			pid, number, ok := strings.Cut(line, " ")
			n, err := strconv.ParseUint(number, 10, 64)
			if !ok || err != nil {
				t.Errorf("%s: torn line %q", name, line)
				continue
			}
			if seen[pid] == nil {
				seen[pid] = map[uint64]int{}
			}
			seen[pid][n]++
		}
	}
	files, _ := os.ReadDir(h.counts)
	lines, programs := 0, 0
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(h.counts, f.Name()))
		if err != nil || len(text) < 8 {
			continue // it was killed before it had counted
		}
		programs++
		count := binary.LittleEndian.Uint64(text)
		for n := range count {
			if seen[f.Name()][n] != 1 {
				t.Errorf("pid %s printed %d lines; line %d is there %d times", f.Name(), count, n, seen[f.Name()][n])
				break
			}
		}
		lines += int(count)
		for n, times := range seen[f.Name()] {
			if n > count || times != 1 {
				t.Errorf("pid %s: line %d of %d is there %d times", f.Name(), n, count, times)
			}
		}
	}
	t.Logf("%d programs printed %d lines", programs, lines)
	if programs < len(h.names) || lines < 100 {
		t.Error("that is too little")
	}
}

// allLines are the lines of a log and of its archives, oldest first.
func (p *place) allLines(t *testing.T, base string) (out []string) {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(p.home, "logs", base+"__*"))
	slices.SortFunc(paths, func(a, b string) int { return strings.Compare(age(a), age(b)) })
	paths = append(paths, filepath.Join(p.home, "logs", base+".log"))
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var text []byte
		if strings.HasSuffix(path, ".gz") {
			z, e := gzip.NewReader(f)
			if err = e; err == nil {
				text, err = io.ReadAll(z)
			}
		} else {
			text, err = io.ReadAll(f)
		}
		f.Close()
		if err != nil {
			t.Fatal(path, err)
		}
		out = append(out, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...)
	}
	return out
}

// age is the time in an archive's name and its number within that second.
func age(path string) string {
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".log")
	if !strings.Contains(path, "~") {
		path += "~"
	}
	return path
}
