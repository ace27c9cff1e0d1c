// What the program prints with console, told to debuggers too: V8's own console hands it to the inspector.
import { consoleBoth } from 'native:engine';
import { engineConsole } from 'internal:globals';
import { load } from 'internal:load';

let forwarding = false;

/** Makes the methods of the global console call V8's as well. Once is enough; before a debugger was there nobody would listen. */
export function forwardConsole(): void {
  if (forwarding) {
    return;
  }
  forwarding = true;
  const { globalConsole } = load('internal:console');
  for (const name of Object.keys(engineConsole)) {
    const engine = engineConsole[name];
    const own = Object.getOwnPropertyDescriptor(globalConsole, name)?.value;
    if (typeof engine !== 'function') {
      continue;
    }
    if (typeof own !== 'function') {
      if (!(name in globalConsole)) {
        globalConsole[name] = engine;
      }
      continue;
    }
    const both = consoleBoth(own, engine);
    Object.defineProperty(both, 'name', { value: name, configurable: true });
    Object.defineProperty(both, 'length', { value: own.length, configurable: true });
    globalConsole[name] = both;
  }
}
