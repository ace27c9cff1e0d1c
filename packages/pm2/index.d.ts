// Types of the programmatic interface: that of PM2, where Roost has it.
import { EventEmitter } from 'node:events';

declare namespace pm2 {
  type Callback<T> = (err: Error | null, result: T) => void;

  /** A process as `roost jlist` shows it. */
  interface ProcessDescription {
    name: string;
    pid: number;
    pm_id: number;
    monit: { memory: number; cpu: number };
    pm2_env: {
      name: string;
      namespace: string;
      pm_id: number;
      status: 'online' | 'launching' | 'stopping' | 'stopped' | 'waiting restart' | 'errored';
      exec_mode: 'fork_mode' | 'cluster_mode';
      pm_uptime: number;
      created_at: number;
      restart_time: number;
      unstable_restarts: number;
      pm_cwd: string;
      pm_exec_path: string;
      pm_out_log_path: string;
      pm_err_log_path: string;
      exit_code?: number;
      env: Record<string, string>;
      [option: string]: any;
    };
  }

  /** Options of an application: those of an ecosystem file (packages/ecosystem has all of them with their types). */
  interface StartOptions {
    name?: string;
    script?: string;
    args?: string | string[];
    cwd?: string;
    instances?: number | 'max';
    sticky?: boolean | string;
    exec_mode?: 'fork' | 'cluster';
    env?: Record<string, string | number | boolean>;
    force?: boolean;
    [option: string]: any;
  }

  /** Of process events, messages and lines: whose they are. */
  interface Whose {
    pm_id: number;
    name: string;
    namespace: string;
  }

  interface LogPacket { process: Whose; data: string; at: number }
  interface EventPacket {
    event: 'start' | 'online' | 'exit' | 'stop' | 'restart' | 'reload' | 'delete' | 'restart overlimit';
    manually: boolean;
    process: ProcessDescription['pm2_env'];
    at: number;
  }
  /** data: of a message {type, data}; raw: of one without a type */
  interface MessagePacket { process: Whose; data?: any; raw?: any; at: number }

  interface Bus extends EventEmitter {
    on(event: 'log:out' | 'log:err', listener: (packet: LogPacket) => void): this;
    on(event: 'process:event', listener: (packet: EventPacket) => void): this;
    on(event: 'process:msg', listener: (packet: MessagePacket) => void): this;
    /** Lines or events were too fast for this program. */
    on(event: 'lost', listener: (packet: { what: 'log' | 'event'; count: number }) => void): this;
    on(event: '*', listener: (event: string, packet: any) => void): this;
    /** The daemon has ended. */
    on(event: 'close', listener: () => void): this;
    on(event: string, listener: (packet: any) => void): this;
    close(): void;
  }

  interface Packet {
    id?: number;
    type?: string;
    topic?: any;
    data: any;
    [name: string]: any;
  }

  type Target = string | number;

  /** Every method takes a callback; without one it gives a promise. */
  interface Manager {
    connect(noDaemon?: boolean): Promise<void>;
    connect(callback: Callback<void>): void;
    connect(noDaemon: boolean, callback: Callback<void>): void;
    disconnect(): Promise<void>;
    disconnect(callback: Callback<void>): void;

    start(what: string | StartOptions | StartOptions[] | { apps: StartOptions[] }, options?: StartOptions): Promise<ProcessDescription[]>;
    start(what: string | StartOptions | StartOptions[] | { apps: StartOptions[] }, callback: Callback<ProcessDescription[]>): void;
    start(script: string, options: StartOptions, callback: Callback<ProcessDescription[]>): void;
    stop(target: Target): Promise<ProcessDescription[]>;
    stop(target: Target, callback: Callback<ProcessDescription[]>): void;
    restart(target: Target, options?: { updateEnv?: boolean }): Promise<ProcessDescription[]>;
    restart(target: Target, callback: Callback<ProcessDescription[]>): void;
    restart(target: Target, options: { updateEnv?: boolean }, callback: Callback<ProcessDescription[]>): void;
    reload(target: Target, options?: { updateEnv?: boolean }): Promise<ProcessDescription[]>;
    reload(target: Target, callback: Callback<ProcessDescription[]>): void;
    reload(target: Target, options: { updateEnv?: boolean }, callback: Callback<ProcessDescription[]>): void;
    gracefulReload: Manager['reload'];
    delete(target: Target): Promise<ProcessDescription[]>;
    delete(target: Target, callback: Callback<ProcessDescription[]>): void;
    scale(name: string, number: number | string): Promise<ProcessDescription[]>;
    scale(name: string, number: number | string, callback: Callback<ProcessDescription[]>): void;
    reset(target: Target): Promise<ProcessDescription[]>;
    reset(target: Target, callback: Callback<ProcessDescription[]>): void;

    list(): Promise<ProcessDescription[]>;
    list(callback: Callback<ProcessDescription[]>): void;
    describe(target: Target): Promise<ProcessDescription[]>;
    describe(target: Target, callback: Callback<ProcessDescription[]>): void;
    getProcessIdByName(name: string): Promise<number[]>;
    getProcessIdByName(name: string, callback: Callback<number[]>): void;
    getPID(name?: string): Promise<number[]>;
    getPID(name: string, callback: Callback<number[]>): void;
    getVersion(): Promise<string>;
    getVersion(callback: Callback<string>): void;
    ping(): Promise<{ msg: 'pong' }>;
    ping(callback: Callback<{ msg: 'pong' }>): void;

    launchBus(): Promise<Bus>;
    launchBus(callback: Callback<Bus>): void;
    sendDataToProcessId(id: number, packet: Packet): Promise<{ success: true; data: Packet }>;
    sendDataToProcessId(packet: Packet & { id: number }): Promise<{ success: true; data: Packet }>;
    sendDataToProcessId(id: number, packet: Packet, callback: Callback<{ success: true; data: Packet }>): void;
    sendDataToProcessId(packet: Packet & { id: number }, callback: Callback<{ success: true; data: Packet }>): void;
    sendLineToStdin(id: number, line: string, separator?: string): Promise<{ pm_id: number; line: string }>;
    sendLineToStdin(id: number, line: string, callback: Callback<{ pm_id: number; line: string }>): void;
    sendSignalToProcessName(signal: string | number, name: string): Promise<ProcessDescription[]>;
    sendSignalToProcessName(signal: string | number, name: string, callback: Callback<ProcessDescription[]>): void;
    sendSignalToProcessId(signal: string | number, id: number): Promise<ProcessDescription[]>;
    sendSignalToProcessId(signal: string | number, id: number, callback: Callback<ProcessDescription[]>): void;
    trigger(target: Target, action: string, parameter?: string): Promise<{ process: Whose; return: any }[]>;
    trigger(target: Target, action: string, callback: Callback<{ process: Whose; return: any }[]>): void;
    trigger(target: Target, action: string, parameter: string, callback: Callback<{ process: Whose; return: any }[]>): void;

    dump(): Promise<{ success: true }>;
    dump(callback: Callback<{ success: true }>): void;
    resurrect(): Promise<ProcessDescription[]>;
    resurrect(callback: Callback<ProcessDescription[]>): void;
    flush(target?: Target): Promise<ProcessDescription[]>;
    flush(target: Target, callback: Callback<ProcessDescription[]>): void;
    reloadLogs(): Promise<{ success: true }>;
    reloadLogs(callback: Callback<{ success: true }>): void;
    killDaemon(): Promise<{ success: true }>;
    killDaemon(callback: Callback<{ success: true }>): void;
  }
}

declare const pm2: pm2.Manager & { custom: new (options?: { roost_home?: string; pm2_home?: string }) => pm2.Manager };
export = pm2;
