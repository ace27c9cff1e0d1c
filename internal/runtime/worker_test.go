package runtime

import (
	"strings"
	"testing"
)

// Workers one after another leave nothing behind: memory, descriptors and threads stay where they were after the first hundred.
func TestWorkersLeaveNothing(t *testing.T) {
	count := "1000"
	if testing.Short() {
		count = "150"
	}
	stdout, stderr, exit := program(t, []string{"WORKERS=" + count}, "main.js", `
		const { Worker } = require('worker_threads');
		const fs = require('fs');
		const measure = () => ({ rss: process.memoryUsage.rss() / 2 ** 20, fds: fs.readdirSync('/proc/self/fd').length, tasks: fs.readdirSync('/proc/self/task').length });
		const code = "const { parentPort } = require('worker_threads'); const b = new ArrayBuffer(100000); parentPort.postMessage(b, [b]); " +
			"require('fs').stat('/', () => {}); require('net').createServer(() => {}).listen(0, '127.0.0.1', () => process.exit(0))";
		(async () => {
			let before;
			const n = +process.env.WORKERS;
			for (let i = 0; i < n; i++) {
				if (i === 100) before = measure();
				await new Promise((resolve, reject) => new Worker(code, { eval: true }).on('error', reject).on('exit', resolve));
			}
			gc();
			await new Promise((resolve) => setTimeout(resolve, 50));
			const after = measure();
			if (after.rss > before.rss * 1.25 + 10 || after.fds > before.fds + 2 || after.tasks > before.tasks + 6) console.log(JSON.stringify([before, after]));
			console.log('done');
		})();`)
	if exit != nil || stdout != "done\n" {
		t.Errorf("%v\nstdout %s\nstderr %s", exit, stdout, stderr)
	}
}

// A worker is ended at some moment of its start, several at a time.
func TestTerminateDuringStart(t *testing.T) {
	stdout, stderr, exit := program(t, nil, "main.js", `
		const { Worker } = require('worker_threads');
		const one = async (k) => {
			for (let i = 0; i < 25; i++) {
				const worker = new Worker("require('http'); require('fs').readFile('/etc/passwd', () => {}); setInterval(() => require('worker_threads').parentPort.postMessage(new Uint8Array(5e4)), 0)", { eval: true });
				worker.on('error', (err) => console.log(err));
				await new Promise((resolve) => setTimeout(resolve, (i * 7 + k * 3) % 50));
				await worker.terminate();
			}
		};
		Promise.all([0, 1, 2, 3, 4].map(one)).then(() => console.log('done'));`)
	if exit != nil || stdout != "done\n" {
		t.Errorf("%v\nstdout %s\nstderr %s", exit, stdout, stderr)
	}
}

// The main thread ends the process whatever its workers do.
func TestExitWithRunningWorkers(t *testing.T) {
	for _, delay := range []string{"0", "10", "60"} {
		stdout, stderr, exit := program(t, []string{"DELAY=" + delay}, "main.js", `
			const { Worker } = require('worker_threads');
			for (const code of ['for(;;);', 'setInterval(() => {}, 1)', "new (require('worker_threads').Worker)('for(;;);', { eval: true })",
				"const a = []; for (;;) a.length = 0, a.push(process.memoryUsage())"]) {
				new Worker(code, { eval: true }).on('error', (err) => console.log(err)).on('exit', () => console.log('exit'));
			}
			setTimeout(() => process.exit(3), +process.env.DELAY);`)
		if exit == nil || exit.ExitCode() != 3 || stdout != "" || stderr != "" {
			t.Errorf("delay %s: %v\nstdout %s\nstderr %s", delay, exit, stdout, stderr)
		}
	}
}

// Workers compile TypeScript as the main program does, several at once.
func TestTypeScriptWorkers(t *testing.T) {
	stdout, stderr, exit := program(t, nil, "main.ts", `
		import { Worker } from 'node:worker_threads';
		import { join } from 'node:path';
		const all = [1, 2, 3, 4].map((n) => new Promise<void>((resolve, reject) => {
			const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: n });
			worker.on('message', (m: string) => { if (m !== 'B' + n) console.log(m); }).on('error', reject).on('exit', () => resolve());
		}));
		await Promise.all(all);
		new Worker(join(import.meta.dirname, 'bad.ts')).on('error', (err: Error) => console.log(err.stack!.includes('bad.ts:5:')));
		`, "worker.ts", `
		import { parentPort, workerData } from 'node:worker_threads';
		enum Kind { A, B }
		class P { constructor(private readonly n: number) {} text(): string { return Kind[1] + this.n; } }
		parentPort!.postMessage(new P(workerData as number).text());`, "bad.ts", `
		interface Gone { a: string }

		const gone: Gone | undefined = undefined;
		throw new Error(String(gone));`, "package.json", `{"type":"module"}`)
	if exit != nil || stdout != "true\n" {
		t.Errorf("%v\nstdout %s\nstderr %s", exit, stdout, stderr)
	}
}

// An exception of a builtin's start is an error event, not a crash.
func TestWorkerPreload(t *testing.T) {
	stdout, _, exit := program(t, nil, "main.js", `
		const { Worker } = require('worker_threads');
		new Worker('', { eval: true, execArgv: [] }).on('exit', (code) => console.log(code));
		new Worker('/no/such/file.js').on('error', (err) => console.log(err.code));`)
	if exit != nil || !strings.Contains(stdout, "MODULE_NOT_FOUND\n") || !strings.Contains(stdout, "0\n") {
		t.Errorf("%v\nstdout %s", exit, stdout)
	}
}
