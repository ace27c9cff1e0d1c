// The first module: wires the engine's hooks to the builtins and makes the global scope. Go calls what it exports.
// Keep its imports few: everything here is paid at every start.
import * as engine from 'native:engine';
import { settle } from 'internal:request';
import { dispatch, setTicks } from 'internal:handle';
import { processTicks } from 'internal:process/task';
import { onReject } from 'internal:process/rejections';
import { processImmediates, processTimers } from 'internal:timers';
import { makeError } from 'internal:bootstrap/errorfactory';
import { prepareStackTrace } from 'internal:bootstrap/stack';
import { load } from 'internal:load';
import { installGlobals } from 'internal:globals';
import { beforeExit, exit, main, onHandlerFailure, onUncaught } from 'internal:process/lifecycle';

// Numbers of rt.h's RT_CB_*.
engine.setCallback(0, processTicks);
setTicks(processTicks);
engine.setCallback(1, onReject);
engine.setCallback(2, prepareStackTrace);
engine.setCallback(3, (hostDefined: any, resource: any, specifier: any, attributes: any) =>
  load('internal:module/esm').importDynamically(hostDefined, resource, specifier, attributes));
engine.setCallback(4, (id: number, meta: any) => load('internal:module/esm').initialiseMeta(id, meta));
engine.setCallback(5, makeError);
installGlobals(globalThis);

/** Debuggers want something of the program; see binding.Env. */
function watched(why: string): void {
  if (why === 'console') load('internal:inspector/console').forwardConsole();
  else if (why === 'signal') load('internal:inspector/start').openBySignal();
  else load('internal:inspector/network').watchNetwork(why === 'network');
}

export { settle, dispatch, processTimers, processImmediates, onUncaught, onHandlerFailure, main, beforeExit, exit, watched };
