// What the command line asks for: a script, -e, -p, standard input.
import { evaluate } from 'native:engine';
import { load } from 'internal:load';

export function run(config: any): void {
  if (config.hasEval) {
    const value = evaluate(config.eval, '[eval]');
    if (config.print) {
      load('internal:console').globalConsole.log(value);
    }
  }
}
export function unsettledMain(): string | undefined {
  return undefined;
}
export function sourceLine(_file: string, _line: number): string | undefined {
  return undefined;
}
