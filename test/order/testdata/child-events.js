const { execFile, spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'console.log("out"); process.exitCode = 4']);
child.on('spawn', () => console.log('spawn'));
child.stdout.setEncoding('utf8').on('data', (text) => console.log('stdout', text.trim()));
const seen = [];
child.stdout.on('end', () => seen.push('stdout end'));
child.on('exit', (code, signal) => seen.push(`exit ${code} ${signal}`));
child.on('close', (code) => {
  console.log(seen.sort(), 'close', code);
  execFile(process.execPath, ['-e', 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 9999)'], (error) => {
    console.log(error.killed, error.code, error.signal);
    spawn('/no/such/program').on('error', (error) => console.log(error.code, error.syscall));
  });
});
console.log('main', typeof child.pid);
