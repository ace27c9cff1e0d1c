// util.parseArgs: command line arguments as options and positionals.
// https://nodejs.org/docs/latest-v24.x/api/util.html#utilparseargsconfig

import { load } from 'internal:load';
import { codes } from 'internal:errors';
import {
  validateArray, validateBoolean, validateBooleanArray, validateObject, validateString, validateStringArray, validateUnion,
} from 'internal:validators';

const { create, entries, hasOwn } = Object;

interface Option {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  default?: unknown;
}

type Token =
  | { kind: 'option'; name: string; rawName: string; index: number; value: string | undefined; inlineValue: boolean | undefined }
  | { kind: 'positional'; index: number; value: string }
  | { kind: 'option-terminator'; index: number };

// The program's own arguments: what follows the script, or the options of -e and -p.
function ownArguments(): string[] {
  const { argv, execArgv } = load('node:process').default;
  const evaluated = execArgv.some((arg: string) => arg === '-e' || arg === '--eval' || arg === '-p' || arg === '--print' || arg === '-pe');
  return argv.slice(evaluated ? 1 : 2);
}

function longOf(options: Record<string, Option>, short: string): string {
  for (const [name, option] of entries(options)) {
    if (option.short === short) {
      return name;
    }
  }
  return short;
}

const own = (options: any, name: string, key: string): any =>
  hasOwn(options, name) && hasOwn(options[name], key) ? options[name][key] : undefined;

function tokenize(args: readonly string[], options: Record<string, Option>): Token[] {
  const tokens: Token[] = [];
  // Groups of short options are spread out: -ab is -a -b. Only whole arguments count for the index.
  const queue = [...args];
  let index = -1;
  let expanded = 0;
  const takesValue = (name: string) => own(options, name, 'type') === 'string';
  const isValue = (text: string | undefined): boolean => text != null;
  while (queue.length > 0) {
    const arg = String(queue.shift());
    const next = queue[0];
    if (expanded > 0) {
      expanded--;
    } else {
      index++;
    }
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (const value of queue) {
        tokens.push({ kind: 'positional', index: ++index, value });
      }
      break;
    }
    if (arg.length === 2 && arg[0] === '-' && arg[1] !== '-') {
      // -f
      const name = longOf(options, arg[1]);
      let value: string | undefined;
      let inlineValue: boolean | undefined;
      if (takesValue(name) && isValue(next)) {
        value = queue.shift();
        inlineValue = false;
      }
      tokens.push({ kind: 'option', name, rawName: arg, index, value, inlineValue });
      if (value != null) {
        index++;
      }
      continue;
    }
    if (arg.length > 2 && arg[0] === '-' && arg[1] !== '-') {
      if (!takesValue(longOf(options, arg[1]))) {
        // -fab, up to the first that takes a value: what follows is that value.
        const group: string[] = [];
        for (let i = 1; i < arg.length; i++) {
          const short = arg[i];
          if (i === arg.length - 1 || !takesValue(longOf(options, short))) {
            group.push(`-${short}`);
          } else {
            group.push(`-${arg.slice(i)}`);
            break;
          }
        }
        queue.unshift(...group);
        expanded = group.length;
        index += expanded > 0 ? 0 : 1;
        continue;
      }
      // -fVALUE
      tokens.push({ kind: 'option', name: longOf(options, arg[1]), rawName: `-${arg[1]}`, index, value: arg.slice(2), inlineValue: true });
      continue;
    }
    if (arg.length > 2 && arg.startsWith('--')) {
      const at = arg.indexOf('=', 3);
      if (at !== -1) {
        tokens.push({ kind: 'option', name: arg.slice(2, at), rawName: arg.slice(0, at), index, value: arg.slice(at + 1), inlineValue: true });
        continue;
      }
      const name = arg.slice(2);
      let value: string | undefined;
      let inlineValue: boolean | undefined;
      if (takesValue(name) && isValue(next)) {
        value = queue.shift();
        inlineValue = false;
      }
      tokens.push({ kind: 'option', name, rawName: arg, index, value, inlineValue });
      if (value != null) {
        index++;
      }
      continue;
    }
    tokens.push({ kind: 'positional', index, value: arg });
  }
  return tokens;
}

function checkAmbiguous(token: Token & { kind: 'option' }): void {
  if (!token.inlineValue && token.value !== undefined && token.value.length > 1 && token.value.startsWith('-')) {
    const { rawName, name } = token;
    const example = rawName.startsWith('--') ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
      `Option '${rawName}' argument is ambiguous.\nDid you forget to specify the option argument for '${rawName}'?\n` +
      `To specify an option argument starting with a dash use ${example}.`);
  }
}

function checkUsage(token: Token & { kind: 'option' }, config: { options: any; allowPositionals: boolean; allowNegative: boolean }): void {
  let { name } = token;
  if (!hasOwn(config.options, name)) {
    const positive = name.startsWith('no-') ? name.slice(3) : undefined;
    if (config.allowNegative && positive !== undefined && hasOwn(config.options, positive) && own(config.options, positive, 'type') === 'boolean') {
      name = positive;
    } else {
      throw new codes.ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, config.allowPositionals);
    }
  }
  const short = own(config.options, name, 'short');
  const shown = `${short ? `-${short}, ` : ''}--${name}`;
  const type = own(config.options, name, 'type');
  if (type === 'string' && typeof token.value !== 'string') {
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown} <value>' argument missing`);
  }
  if (type === 'boolean' && token.value != null) {
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown}' does not take an argument`);
  }
}

/** config: {args, options, strict, allowPositionals, allowNegative, tokens}. Returns {values, positionals, tokens?}. */
export function parseArgs(config: any = {}): any {
  const setting = (name: string, fallback: unknown) => hasOwn(config, name) && config[name] !== undefined ? config[name] : fallback;
  const args = setting('args', undefined) ?? ownArguments();
  const strict = setting('strict', true);
  const allowPositionals = setting('allowPositionals', !strict);
  const returnTokens = setting('tokens', false);
  const allowNegative = setting('allowNegative', false);
  const options: Record<string, Option> = setting('options', { __proto__: null });

  validateArray(args, 'args');
  validateBoolean(strict, 'strict');
  validateBoolean(allowPositionals, 'allowPositionals');
  validateBoolean(returnTokens, 'tokens');
  validateBoolean(allowNegative, 'allowNegative');
  validateObject(options, 'options');
  for (const [name, option] of entries(options) as [string, any][]) {
    validateObject(option, `options.${name}`);
    const type = hasOwn(option, 'type') ? option.type : undefined;
    validateUnion(type, `options.${name}.type`, ['string', 'boolean']);
    if (hasOwn(option, 'short')) {
      validateString(option.short, `options.${name}.short`);
      if (option.short.length !== 1) {
        throw new codes.ERR_INVALID_ARG_VALUE(`options.${name}.short`, option.short, 'must be a single character');
      }
    }
    const multiple = hasOwn(option, 'multiple') ? option.multiple : false;
    if (hasOwn(option, 'multiple')) {
      validateBoolean(multiple, `options.${name}.multiple`);
    }
    const fallback = hasOwn(option, 'default') ? option.default : undefined;
    if (fallback !== undefined) {
      const label = `options.${name}.default`;
      if (type === 'string') {
        (multiple ? validateStringArray : validateString as any)(fallback, label);
      } else {
        (multiple ? validateBooleanArray : validateBoolean as any)(fallback, label);
      }
    }
  }

  const tokens = tokenize(args, options);
  const result: any = { values: create(null), positionals: [] };
  if (returnTokens) {
    result.tokens = tokens;
  }
  const store = (name: string, value: unknown) => {
    if (name === '__proto__') {
      return;
    }
    if (own(options, name, 'multiple')) {
      (result.values[name] ??= []).push(value);
    } else {
      result.values[name] = value;
    }
  };
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (strict) {
        checkUsage(token, { options, allowPositionals, allowNegative });
        checkAmbiguous(token);
      }
      let { name } = token;
      let value: unknown = token.value ?? true;
      if (allowNegative && name.startsWith('no-') && token.value === undefined && !hasOwn(options, name)) {
        const positive = name.slice(3);
        // Without strict, --no-x of an unknown x counts too.
        if (!hasOwn(options, positive) || own(options, positive, 'type') === 'boolean') {
          name = positive;
          token.name = positive;
          value = false;
        }
      }
      store(name, value);
    } else if (token.kind === 'positional') {
      if (!allowPositionals) {
        throw new codes.ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
      }
      result.positionals.push(token.value);
    }
  }
  for (const [name, option] of entries(options)) {
    if (hasOwn(option, 'default') && option.default !== undefined && result.values[name] === undefined) {
      result.values[name] = option.default;
    }
  }
  return result;
}
