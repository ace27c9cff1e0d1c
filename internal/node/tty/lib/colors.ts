// How many colors a terminal shows, as its environment tells. Values: 1, 4, 8 or 24 bits.
// https://nodejs.org/docs/latest-v24.x/api/tty.html#writestreamgetcolordepthenv
// A list of witnesses is asked in turn; the first that knows an answer decides.
import { load } from 'internal:load';

type Env = Record<string, string | undefined>;
type Witness = (env: Env) => number | undefined;

/** A table from text like "8: a b c". */
function table(...rows: string[]): Map<string | undefined, number> {
  const result = new Map<string | undefined, number>();
  for (const row of rows) {
    const [depth, ...names] = row.split(' ');
    for (const name of names) result.set(name, parseInt(depth, 10));
  }
  return result;
}

const byForce = new Map<string | undefined, number>([['', 4], ['1', 4], ['true', 4], ['2', 8], ['3', 24]]);
const byService = table('8: APPVEYOR BUILDKITE', '24: CIRCLECI', '8: DRONE', '24: GITEA_ACTIONS GITHUB_ACTIONS', '8: GITLAB_CI TRAVIS');
const byProgram = table('8: Apple_Terminal', '24: HyperTerm MacTerm');
const byTerminal = table(
  '24: mosh rxvt-unicode-24bit terminator xterm-kitty',
  '4: cons25 console cygwin dtterm eterm gnome hurd jfbterm konsole kterm mlterm putty st',
);
const sixteenColors = /ansi|color|direct|linux|^(?:con\d*x\d|rxvt|screen|vt100|vt220|xterm)/;

const refusals = ['NODE_DISABLE_COLORS', 'NO_COLOR'];
const refused = (env: Env): string[] => refusals.filter((name) => (env[name] ?? '') !== '');

let warned = false;
const force: Witness = (env) => {
  if (env.FORCE_COLOR === undefined) return undefined;
  const depth = byForce.get(env.FORCE_COLOR);
  if (depth === undefined) return 1;
  const ignored = warned ? [] : refused(env);
  if (ignored.length > 0) {
    warned = true;
    const text = `The '${ignored.join("' and '")}' env is ignored due to the 'FORCE_COLOR' env being set.`;
    load('internal:process').process.emitWarning(text, 'Warning');
  }
  return depth;
};

const continuousIntegration: Witness = (env) => {
  if ('TF_BUILD' in env && 'AGENT_NAME' in env) return 4;
  if ('CI' in env) {
    for (const [name, depth] of byService) if (name as string in env) return depth;
    return env.CI_NAME === 'codeship' ? 8 : 1;
  }
  if (!('TEAMCITY_VERSION' in env)) return undefined;
  // Colors came with version 9.1.
  const [major, minor, rest] = (env.TEAMCITY_VERSION ?? '').split('.');
  const able = Number(major) > 9 ? minor !== undefined : major === '9' && Number(minor) > 0 && rest !== undefined;
  return able ? 4 : 1;
};

const emulator: Witness = (env) => {
  if (env.TERM_PROGRAM !== 'iTerm.app') return byProgram.get(env.TERM_PROGRAM);
  const [major, minor] = (env.TERM_PROGRAM_VERSION || '0.').split('.');
  return minor !== undefined && ['0', '1', '2'].includes(major) ? 8 : 24;
};

const terminal: Witness = ({ TERM: term }) => {
  if (!term) return undefined;
  if (term.includes('truecolor')) return 24;
  if (term.startsWith('xterm-256')) return 8;
  const name = term.toLowerCase();
  return byTerminal.get(name) ?? (sixteenColors.test(name) ? 4 : undefined);
};

const witnesses: Witness[] = [
  force,
  (env) => (refused(env).length > 0 || env.TERM === 'dumb' ? 1 : undefined),
  (env) => (env.TMUX ? 24 : undefined),
  continuousIntegration,
  emulator,
  ({ COLORTERM: value }) => (value === '24bit' || value === 'truecolor' ? 24 : undefined),
  terminal,
  (env) => (env.COLORTERM ? 4 : 1),
];

export function getColorDepth(env: any = load('internal:process').process.env): number {
  for (const witness of witnesses) {
    const depth = witness(env);
    if (depth !== undefined) return depth;
  }
  return 1;
}
