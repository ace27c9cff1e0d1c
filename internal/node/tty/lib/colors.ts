// How many colors a terminal shows, as its environment tells. Values: 1, 4, 8 or 24 bits.
// https://nodejs.org/docs/latest-v24.x/api/tty.html#writestreamgetcolordepthenv
import { load } from 'internal:load';

const terminals: Record<string, number> = {
  __proto__: null as never,
  eterm: 4, cons25: 4, console: 4, cygwin: 4, dtterm: 4, gnome: 4, hurd: 4, jfbterm: 4, konsole: 4, kterm: 4, mlterm: 4, mosh: 24, putty: 4, st: 4,
  'rxvt-unicode-24bit': 24, terminator: 24, 'xterm-kitty': 24,
};
const sixteenColors = [/ansi/, /color/, /linux/, /direct/, /^con[0-9]*x[0-9]/, /^rxvt/, /^screen/, /^xterm/, /^vt100/, /^vt220/];
const services: Record<string, number> = {
  __proto__: null as never,
  APPVEYOR: 8, BUILDKITE: 8, CIRCLECI: 24, DRONE: 8, GITEA_ACTIONS: 24, GITHUB_ACTIONS: 24, GITLAB_CI: 8, TRAVIS: 8,
};

let warned = false;
function warnIgnored(env: any): void {
  if (warned) {
    return;
  }
  let name = '';
  if (env.NODE_DISABLE_COLORS !== undefined && env.NODE_DISABLE_COLORS !== '') {
    name = 'NODE_DISABLE_COLORS';
  }
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') {
    name += `${name === '' ? '' : "' and '"}NO_COLOR`;
  }
  if (name !== '') {
    warned = true;
    load('internal:process').process.emitWarning(`The '${name}' env is ignored due to the 'FORCE_COLOR' env being set.`, 'Warning');
  }
}

export function getColorDepth(env: any = load('internal:process').process.env): number {
  if (env.FORCE_COLOR !== undefined) {
    switch (env.FORCE_COLOR) {
      case '': case '1': case 'true':
        warnIgnored(env);
        return 4;
      case '2':
        warnIgnored(env);
        return 8;
      case '3':
        warnIgnored(env);
        return 24;
      default:
        return 1;
    }
  }
  if ((env.NODE_DISABLE_COLORS !== undefined && env.NODE_DISABLE_COLORS !== '') || (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.TERM === 'dumb') {
    return 1;
  }
  if (env.TMUX) {
    return 24;
  }
  if ('TF_BUILD' in env && 'AGENT_NAME' in env) {
    return 4;
  }
  if ('CI' in env) {
    for (const name in services) {
      if (name in env) {
        return services[name];
      }
    }
    return env.CI_NAME === 'codeship' ? 8 : 1;
  }
  if ('TEAMCITY_VERSION' in env) {
    return /^(9\.0*[1-9][0-9]*\.|[0-9]{2,}\.)/.test(env.TEAMCITY_VERSION) ? 4 : 1;
  }
  switch (env.TERM_PROGRAM) {
    case 'iTerm.app':
      return !env.TERM_PROGRAM_VERSION || /^[0-2]\./.test(env.TERM_PROGRAM_VERSION) ? 8 : 24;
    case 'HyperTerm':
    case 'MacTerm':
      return 24;
    case 'Apple_Terminal':
      return 8;
  }
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') {
    return 24;
  }
  if (env.TERM) {
    if (env.TERM.includes('truecolor')) {
      return 24;
    }
    if (env.TERM.startsWith('xterm-256')) {
      return 8;
    }
    const name = env.TERM.toLowerCase();
    if (terminals[name] !== undefined) {
      return terminals[name];
    }
    if (sixteenColors.some((pattern) => pattern.test(name))) {
      return 4;
    }
  }
  return env.COLORTERM ? 4 : 1;
}
