// util.parseArgs: groups, inline values, negation, tokens, errors.
'use strict';
const { parseArgs } = require('util');
const options = { foo: { type: 'boolean', short: 'f' }, bar: { type: 'string', short: 'b', multiple: true }, n: { type: 'string', default: '1' } };
equal(parseArgs({ args: ['-fbx', '--bar=y', 'p', '--', '-z'], options, allowPositionals: true }),
  { values: { foo: true, bar: ['x', 'y'], n: '1' }, positionals: ['p', '-z'] });
equal(parseArgs({ args: ['--no-foo'], options, allowNegative: true }), { values: { foo: false, n: '1' }, positionals: [] });
equal(parseArgs({ args: ['-b', 'v'], options, tokens: true }).tokens,
  [{ kind: 'option', name: 'bar', rawName: '-b', index: 0, value: 'v', inlineValue: false }]);
fails({ args: ['--zip'], options }, 'ERR_PARSE_ARGS_UNKNOWN_OPTION');
fails({ args: ['--bar', '-f'], options }, 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE');
fails({ args: ['x'], options }, 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL');
fails({ args: [], options: { x: { type: 'number' } } }, 'ERR_INVALID_ARG_TYPE');

function equal(got, wanted) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(`wanted ${JSON.stringify(wanted)}\ngot ${JSON.stringify(got)}`);
  }
}
function fails(config, code) {
  try {
    parseArgs(config);
  } catch (error) {
    if (error.code === code) {
      return;
    }
    throw error;
  }
  throw new Error(`no ${code}`);
}
