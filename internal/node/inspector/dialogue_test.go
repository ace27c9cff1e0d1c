package inspector

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// Dialogues of a debugger with a program that runs, over a real connection.

// program is a running roost.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	out  strings.Builder // once wait has returned
	done chan struct{}
}

// run starts a program of some files, the first is the main one, with the endpoint open.
func run(t *testing.T, flag string, files ...string) *program {
	t.Helper()
	roost := os.Getenv("ROOST")
	if roost == "" {
		roost, _ = filepath.Abs("../../../roost")
	}
	if _, err := os.Stat(roost); err != nil {
		t.Skip("roost is not built")
	}
	dir := t.TempDir()
	for k, text := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.js", k)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	t.Cleanup(cancel)
	p := &program{t: t, cmd: exec.CommandContext(ctx, roost, flag+"=127.0.0.1:0", filepath.Join(dir, "0.js")), done: make(chan struct{})}
	p.cmd.Stdout = &p.out
	err, _ := p.cmd.StderrPipe()
	if e := p.cmd.Start(); e != nil {
		t.Fatal(e)
	}
	lines := bufio.NewReader(err)
	first, _ := lines.ReadString('\n')
	m := regexp.MustCompile(`ws://\S+`).FindString(first)
	if m == "" {
		t.Fatalf("no endpoint: %q", first)
	}
	p.url = m
	go func() {
		defer close(p.done)
		rest, _ := io.ReadAll(lines)
		if e := p.cmd.Wait(); e != nil && strings.Contains(string(rest), "goroutine ") {
			t.Errorf("%v: %s", e, rest)
		}
	}()
	return p
}

// wait gives the program's exit code and output.
func (p *program) wait() (int, string) {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(45 * time.Second):
		p.t.Fatal("the program does not end")
	}
	return p.cmd.ProcessState.ExitCode(), p.out.String()
}

// message is what a debugger hears.
type message struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// has tells whether the message's fields hold all of these texts.
func (m message) has(texts ...string) bool {
	for _, s := range texts {
		if !strings.Contains(string(m.Params)+string(m.Result), s) {
			return false
		}
	}
	return true
}

// debugger is the other end of an endpoint. Messages of workers are those of their own client.
type debugger struct {
	t    *testing.T
	send func(text string) error
	stop func()

	mu      sync.Mutex
	arrived *sync.Cond
	heard   []message            // guarded by mu
	workers map[string]*debugger // guarded by mu
	last    int                  // guarded by mu
	over    bool                 // guarded by mu
}

func newDebugger(t *testing.T, send func(string) error) *debugger {
	c := &debugger{t: t, send: send, workers: map[string]*debugger{}}
	c.arrived = sync.NewCond(&c.mu)
	return c
}

func (p *program) attach() *debugger {
	p.t.Helper()
	place, path, _ := strings.Cut(strings.TrimPrefix(p.url, "ws://"), "/")
	conn, err := net.Dial("tcp", place)
	if err != nil {
		p.t.Fatal(err)
	}
	fmt.Fprintf(conn, "GET /%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, place)
	in := bufio.NewReader(conn)
	for line := ""; line != "\r\n"; {
		if line, err = in.ReadString('\n'); err != nil {
			p.t.Fatal(err)
		}
	}
	c := newDebugger(p.t, func(text string) error {
		_, err := conn.Write(masked(opText, []byte(text)))
		return err
	})
	c.stop = func() { conn.Close() }
	p.t.Cleanup(c.stop)
	go c.read(in)
	return c
}

// masked is a client's frame.
func masked(op byte, payload []byte) []byte {
	head := []byte{0x80 | op, 0x80 | 126, byte(len(payload) >> 8), byte(len(payload)), 1, 2, 3, 4}
	for k, b := range payload {
		head = append(head, b^byte(k&3+1))
	}
	return head
}

func (c *debugger) read(in *bufio.Reader) {
	defer c.end()
	for {
		var head [2]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return
		}
		size := int(head[1])
		for n := map[int]int{126: 2, 127: 8}[size]; n > 0; n-- {
			b, _ := in.ReadByte()
			if n == 2 && size == 126 || n == 8 {
				size = 0
			}
			size = size<<8 | int(b)
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(in, text); err != nil {
			return
		}
		c.hear(text)
	}
}

func (c *debugger) hear(text []byte) {
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		c.t.Errorf("not JSON: %.200s", text)
	}
	var p struct{ SessionID, Message string }
	_ = json.Unmarshal(m.Params, &p)
	c.mu.Lock()
	if m.Method == "NodeWorker.attachedToWorker" {
		id := p.SessionID
		c.workers[id] = newDebugger(c.t, func(text string) error {
			inner, _ := json.Marshal(text)
			return c.write("NodeWorker.sendMessageToWorker", fmt.Sprintf(`{"sessionId":%q,"message":%s}`, id, inner))
		})
	}
	w := c.workers[p.SessionID]
	if m.Method != "NodeWorker.receivedMessageFromWorker" {
		c.heard = append(c.heard, m)
		c.arrived.Broadcast()
	}
	c.mu.Unlock()
	switch m.Method {
	case "NodeWorker.receivedMessageFromWorker":
		w.hear([]byte(p.Message))
	case "NodeWorker.detachedFromWorker":
		w.end()
	}
}

func (c *debugger) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	c.arrived.Broadcast()
}

// write sends a command whose answer nobody waits for.
func (c *debugger) write(method, params string) error {
	c.mu.Lock()
	c.last++
	id := c.last
	c.mu.Unlock()
	return c.send(fmt.Sprintf(`{"id":%d,"method":%q,"params":%s}`, id, method, params))
}

// post sends a command and gives the answer.
func (c *debugger) post(method, params string) message {
	c.t.Helper()
	if err := c.write(method, params); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	id := c.last
	c.mu.Unlock()
	return c.next(method, func(m message) bool { return m.ID == id })
}

// event waits for a notification.
func (c *debugger) event(method string, texts ...string) message {
	c.t.Helper()
	return c.next(method, func(m message) bool { return m.Method == method && m.has(texts...) })
}

// next takes the first message that fits, which may have come already.
func (c *debugger) next(what string, fits func(message) bool) message {
	c.t.Helper()
	late := time.AfterFunc(30*time.Second, c.end)
	defer late.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		for k, m := range c.heard {
			if fits(m) {
				c.heard = append(c.heard[:k:k], c.heard[k+1:]...)
				return m
			}
		}
		if c.over {
			c.t.Fatalf("%s does not come; the last of %d messages are %s", what, len(c.heard), lastOf(c.heard))
		}
		c.arrived.Wait()
	}
}

// ended waits for the end of the session.
func (c *debugger) ended() {
	c.t.Helper()
	late := false
	timer := time.AfterFunc(30*time.Second, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		late = true
		c.arrived.Broadcast()
	})
	defer timer.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.over {
		if late {
			c.t.Fatalf("the session does not end; the last of %d messages are %s", len(c.heard), lastOf(c.heard))
		}
		c.arrived.Wait()
	}
}

// worker waits for one and gives the session with it.
func (c *debugger) worker(texts ...string) *debugger {
	c.t.Helper()
	var p struct{ SessionID string }
	_ = json.Unmarshal(c.event("NodeWorker.attachedToWorker", texts...).Params, &p)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.workers[p.SessionID]
}

// begin lets a program of --inspect-wait run, with workers that wait for it. A worker shows itself before its constructor returns, so begin waits
// for the program's word that it has all it speaks of.
func (p *program) begin() *debugger {
	c := p.attach()
	c.post("NodeRuntime.enable", "{}")
	c.event("NodeRuntime.waitingForDebugger")
	c.post("NodeWorker.enable", `{"waitForDebuggerOnStart":true}`)
	c.post("Runtime.enable", "{}")
	c.post("Runtime.runIfWaitingForDebugger", "{}")
	c.event("Runtime.consoleAPICalled", "begun")
	return c
}

// pause lets a worker run to its first statement.
func (c *debugger) pause() {
	c.t.Helper()
	c.post("Runtime.enable", "{}")
	c.post("Debugger.enable", "{}")
	c.post("Runtime.runIfWaitingForDebugger", "{}")
	c.event("Debugger.paused", `"Break on start"`)
}

const starts = `
const { Worker } = require('node:worker_threads');
const worker = globalThis.worker = new Worker(__dirname + '/1.js', { name: 'bob', execArgv: [] });
worker.on('exit', (code) => console.log('worker', code));
worker.on('message', (message) => console.log(message));
console.error('begun');
`

const counts = `const { parentPort } = require('node:worker_threads');
let n = 20;
function add(m) {
  return n + m;
}
parentPort.postMessage('sum ' + add(1));
`

func (p *program) expect(code int, out string) {
	p.t.Helper()
	if c, o := p.wait(); c != code || o != out {
		p.t.Errorf("ended with %d and %q, not %d and %q", c, o, code, out)
	}
}

func TestWorkerBreakpoint(t *testing.T) {
	t.Parallel()
	p := run(t, "--inspect-wait", starts, counts)
	c := p.begin()
	w := c.worker(`"title":"[worker 1] bob"`, `"waitingForDebugger":true`, `/1.js"`)
	w.pause()
	if m := w.post("Debugger.setBreakpointByUrl", `{"lineNumber":3,"urlRegex":"1\\.js$"}`); !m.has(`"lineNumber":3`) {
		t.Errorf("no breakpoint: %s", m.Result)
	}
	w.post("Debugger.resume", "{}")
	var paused struct {
		CallFrames []struct{ CallFrameID, FunctionName string }
	}
	_ = json.Unmarshal(w.event("Debugger.paused").Params, &paused)
	frame := paused.CallFrames[0]
	if frame.FunctionName != "add" {
		t.Errorf("paused in %q", frame.FunctionName)
	}
	if m := w.post("Debugger.evaluateOnCallFrame", fmt.Sprintf(`{"callFrameId":%q,"expression":"n += m * 2"}`, frame.CallFrameID)); !m.has(`"value":22`) {
		t.Errorf("evaluated %s", m.Result)
	}
	// The main thread is not concerned.
	if m := c.post("Runtime.evaluate", `{"expression":"worker.threadId"}`); !m.has(`"value":1`) {
		t.Errorf("evaluated %s", m.Result)
	}
	w.post("Debugger.resume", "{}")
	c.event("NodeWorker.detachedFromWorker")
	w.event("Runtime.executionContextDestroyed")
	c.stop()
	p.expect(0, "sum 23\nworker 0\n")
}

// A worker that ends, or whose debugger leaves, in each of its phases.
func TestWorkerEnds(t *testing.T) {
	t.Parallel()
	terminate := `{"expression":"worker.terminate()"}`
	for name, f := range map[string]func(p *program, c, w *debugger){
		"terminated while it waits": func(p *program, c, w *debugger) {
			c.post("Runtime.evaluate", terminate)
			w.ended()
			c.stop()
			p.expect(0, "worker 1\n")
		},
		"terminated while it is paused": func(p *program, c, w *debugger) {
			w.pause()
			c.post("Runtime.evaluate", terminate)
			w.ended()
			c.stop()
			p.expect(0, "worker 1\n")
		},
		"left while it waits": func(p *program, c, w *debugger) {
			c.stop()
			p.expect(0, "sum 21\nworker 0\n")
		},
		"left while it is paused": func(p *program, c, w *debugger) {
			w.pause()
			c.stop()
			p.expect(0, "sum 21\nworker 0\n")
		},
		"detached while it is paused": func(p *program, c, w *debugger) {
			w.pause()
			c.post("NodeWorker.detach", `{"sessionId":"1"}`)
			w.ended()
			c.event("Runtime.consoleAPICalled", "worker")
			c.stop()
			p.expect(0, "sum 21\nworker 0\n")
		},
		"disabled while it waits": func(p *program, c, w *debugger) {
			c.post("NodeWorker.disable", "{}")
			w.ended()
			c.event("Runtime.consoleAPICalled", "worker")
			c.stop()
			p.expect(0, "sum 21\nworker 0\n")
		},
		"process.exit while it is paused": func(p *program, c, w *debugger) {
			w.pause()
			_ = c.write("Runtime.evaluate", `{"expression":"process.exit(3)"}`)
			c.stop()
			p.expect(3, "")
		},
		"its own process.exit from a pause": func(p *program, c, w *debugger) {
			w.pause()
			w.post("NodeRuntime.notifyWhenWaitingForDisconnect", `{"enabled":true}`)
			_ = w.write("Runtime.evaluate", `{"expression":"process.exit(4)","includeCommandLineAPI":true}`)
			_ = w.write("Debugger.resume", "{}")
			w.event("NodeRuntime.waitingForDisconnect")
			if m := w.post("Runtime.evaluate", `{"expression":"6 * 7"}`); !m.has("42") {
				p.t.Errorf("after its end: %s", m.Result)
			}
			c.post("NodeWorker.detach", `{"sessionId":"1"}`)
			c.event("Runtime.consoleAPICalled", "worker")
			c.stop()
			p.expect(0, "worker 4\n")
		},
		"terminated while it waits to be left": func(p *program, c, w *debugger) {
			w.pause()
			w.post("NodeRuntime.notifyWhenWaitingForDisconnect", `{"enabled":true}`)
			w.post("Debugger.resume", "{}")
			w.event("NodeRuntime.waitingForDisconnect")
			c.post("Runtime.evaluate", terminate)
			w.ended()
			c.stop()
			if code, out := p.wait(); code != 0 || !strings.HasPrefix(out, "sum 21\nworker ") {
				p.t.Errorf("ended with %d and %q", code, out)
			}
		},
		"killed while it is paused": func(p *program, c, w *debugger) {
			w.pause()
			_ = p.cmd.Process.Kill()
			c.ended()
			p.expect(-1, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := run(t, "--inspect-wait", starts, counts)
			c := p.begin()
			f(p, c, c.worker())
		})
	}
}

// A main thread that never comes to itself keeps nobody from its workers.
func TestWorkerOfBlockedMain(t *testing.T) {
	t.Parallel()
	p := run(t, "--inspect-wait", starts+`
const shared = new Int32Array(new SharedArrayBuffer(4));
worker.postMessage(shared);
Atomics.wait(shared, 0, 0);
worker.terminate();
`, `require('node:worker_threads').parentPort.on('message', (shared) => { globalThis.shared = shared; console.log('got'); });`)
	c := p.begin()
	w := c.worker()
	w.pause()
	w.post("Debugger.resume", "{}")
	w.event("Runtime.consoleAPICalled", "got")
	if m := w.post("Runtime.evaluate", `{"expression":"Atomics.store(shared, 0, 5), Atomics.notify(shared, 0)"}`); !m.has(`"value":1`) {
		t.Errorf("evaluated %s", m.Result)
	}
	w.ended()
	c.stop()
	if code, _ := p.wait(); code != 0 {
		t.Errorf("ended with %d", code)
	}
}

// Workers of workers are reported by the main thread, and debuggers come and go while workers do.
func TestWorkersHammer(t *testing.T) {
	t.Parallel()
	p := run(t, "--inspect", `
const { Worker } = require('node:worker_threads');
const text = 'const { Worker } = require("node:worker_threads"); if (DEPTH > 0) new Worker(TEXT.replace("DEPTH > 0", "false"), { eval: true }); else setTimeout(() => {}, 5);';
(async () => {
  for (let round = 0; round < 40; round++) {
    const w = new Worker(text.replace('TEXT', JSON.stringify(text)).replace('DEPTH', '1'), { eval: true });
    if (round % 2 === 0) setTimeout(() => w.terminate(), round);
    await new Promise((resolve) => w.on('exit', resolve));
  }
  console.log('done');
})();
`)
	var all sync.WaitGroup
	for k := range 3 {
		all.Go(func() {
			for range 20 {
				select {
				case <-p.done:
					return
				default:
				}
				place, path, _ := strings.Cut(strings.TrimPrefix(p.url, "ws://"), "/")
				conn, err := net.Dial("tcp", place)
				if err != nil {
					return
				}
				fmt.Fprintf(conn, "GET /%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, place)
				_, _ = conn.Write(masked(opText, fmt.Appendf(nil, `{"id":1,"method":"NodeWorker.enable","params":{"waitForDebuggerOnStart":%v}}`, k == 0)))
				for id := range 5 {
					_, _ = conn.Write(masked(opText, fmt.Appendf(nil, `{"id":2,"method":"NodeWorker.sendMessageToWorker","params":{"sessionId":"%d","message":"{\"id\":1,\"method\":\"Debugger.enable\"}"}}`, id)))
					_, _ = conn.Write(masked(opText, fmt.Appendf(nil, `{"id":2,"method":"NodeWorker.sendMessageToWorker","params":{"sessionId":"%d","message":"{\"id\":2,\"method\":\"Debugger.pause\"}"}}`, id)))
				}
				_ = conn.SetReadDeadline(time.Now().Add(time.Duration(20*(k+1)) * time.Millisecond))
				_, _ = io.Copy(io.Discard, conn)
				conn.Close()
			}
		})
	}
	all.Wait()
	p.expect(0, "done\n")
}

// What a debugger asks comes at the entry of functions, whose contexts aren't there yet: what pauses then must not look for them.
func TestPauseAtEntry(t *testing.T) {
	t.Parallel()
	p := run(t, "--inspect-wait", `
let n = 0, over = false;
globalThis.finish = () => { over = true; };
function called(a) { const inner = () => a; n += inner(); return () => n; }
class Counter { #n = 0; add(k) { const f = () => { this.#n += k; }; f(); return this; } }
function* numbers() { for (let i = 0; i < 3; i++) { const j = i; yield () => j; } }
while (!over) {
  called(1)();
  new Counter().add(2);
  for (const f of numbers()) { const g = () => f; g()(); }
}
console.log('done');
`)
	c := p.attach()
	c.post("Runtime.enable", "{}")
	c.post("Debugger.enable", "{}")
	c.post("Runtime.runIfWaitingForDebugger", "{}")
	for round := range 60 {
		_ = c.write("Debugger.pause", "{}")
		_ = c.write("Debugger.pause", "{}") // V8 pauses at once for the second of two
		_ = c.write("Runtime.evaluate", `{"expression":"called2 = () => { debugger; return 1; }; called2()"}`)
		c.event("Debugger.paused")
		if round%3 == 0 {
			_ = c.write("Debugger.stepInto", "{}")
			_ = c.write("Debugger.pause", "{}")
			c.event("Debugger.paused")
		}
		// However many pauses are left over, none holds the program back.
		_ = c.write("Debugger.setSkipAllPauses", `{"skip":true}`)
		_ = c.write("Debugger.resume", "{}")
		c.post("Debugger.setSkipAllPauses", `{"skip":false}`)
	}
	c.post("Debugger.disable", "{}")
	c.post("Runtime.evaluate", `{"expression":"finish()"}`)
	c.stop()
	p.expect(0, "done\n")
}

// lastOf shows the last messages.
func lastOf(all []message) (out []string) {
	for _, m := range all[max(0, len(all)-5):] {
		out = append(out, fmt.Sprintf("%d %s %.300s%.300s", m.ID, m.Method, m.Params, m.Result))
	}
	return out
}

// The first word of several debuggers counts; the one that wants to be told of the end holds it back, and then the others.
func TestSeveralDebuggers(t *testing.T) {
	t.Parallel()
	p := run(t, "--inspect-wait", "console.log('ran')")
	a, b := p.attach(), p.attach()
	b.post("Runtime.enable", "{}")
	a.post("NodeRuntime.notifyWhenWaitingForDisconnect", `{"enabled":true}`)
	a.post("Runtime.runIfWaitingForDebugger", "{}")
	a.event("NodeRuntime.waitingForDisconnect")
	a.stop()
	b.event("Runtime.executionContextDestroyed")
	b.stop()
	p.expect(0, "ran\n")
}

// A worker of --inspect-wait waits although no debugger is there, and can be ended meanwhile.
func TestWorkerWaitsForDebugger(t *testing.T) {
	t.Parallel()
	p := run(t, "--inspect", strings.Replace(starts, "execArgv: []", "execArgv: ['--inspect-wait']", 1)+"setTimeout(() => {}, 1e6);", counts)
	c := p.attach()
	c.post("Runtime.enable", "{}")
	c.event("Runtime.consoleAPICalled", "begun")
	c.post("NodeWorker.enable", `{"waitForDebuggerOnStart":false}`)
	w := c.worker()
	w.pause()
	c.post("Runtime.evaluate", `{"expression":"worker.terminate().then(() => process.exit(6))"}`)
	w.ended()
	c.stop()
	p.expect(6, "worker 1\n")
}
