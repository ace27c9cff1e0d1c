// node:child_process: https://nodejs.org/docs/latest-v24.x/api/child_process.html
import { ChildProcess, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from 'internal:childprocess';
import { setupChannelFromDescriptor } from 'internal:childprocess/channel';

export default { _forkChild: setupChannelFromDescriptor, ChildProcess, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync };
