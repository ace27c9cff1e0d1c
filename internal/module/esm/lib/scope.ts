// What an ES module is told that uses a name of CommonJS. Loaded only when a module has thrown.
import { moduleHasTopLevelAwait } from 'native:engine';
import { packageScope } from 'internal:module/cjs';

// The names that CommonJS gives a module, and what an ES module writes instead.
const instead: Record<string, string> = {
  __proto__: null as any,
  require: 'replace require() with import',
  module: 'use export instead of module.exports/exports',
  exports: 'use export instead of module.exports/exports',
  __filename: 'use import.meta.filename instead',
  __dirname: 'use import.meta.dirname instead',
};
const undefinedName = /^(require|module|exports|__filename|__dirname) is not defined$/;

/**
 * Says in the message of a ReferenceError about a name of CommonJS that this is an ES module, why it is one, and what to do.
 * `record` is the module whose evaluation was asked for; the error may have come from one that it imports.
 */
export function explainScope(err: any, record: { id: number; url: string; path: string }): void {
  if (typeof err !== 'object' || err === null || err.name !== 'ReferenceError' || typeof err.message !== 'string') {
    return;
  }
  const before: string = err.message;
  const name = undefinedName.exec(before)?.[1];
  if (name === undefined) {
    return;
  }
  if (moduleHasTopLevelAwait(record.id)) {
    const shown = name === 'require' ? 'require()' : `'${name}'`;
    err.message = `Cannot determine intended module format because both ${shown} and top-level await are present. If the code is intended to be CommonJS, ` +
      `wrap await in an async function. If the code is intended to be an ES module, ${instead[name]}.`;
    err.code = 'ERR_AMBIGUOUS_MODULE_SYNTAX';
  } else {
    err.message += ' in ES module scope';
    if (name === 'require') {
      err.message += ', you can use import instead';
    }
    const scope = record.path.endsWith('.js') ? packageScope(record.path) : undefined;
    if (scope?.[1] === 'module') {
      err.message += `\nThis file is being treated as an ES module because it has a '.js' file extension and '${scope[0]}' contains "type": "module". ` +
        `To treat it as a CommonJS script, rename it to use the '.cjs' file extension.`;
    }
  }
  // Nobody has read the stack yet, as a rule, so it will begin with the new message. It isn't read here: V8 forgets the place of an error with it.
}
