// For the reference only: tsc leaves path-mapped specifiers as they are, so plain Node is told where they lead.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const dist = pathToFileURL(`${process.cwd()}/dist/`);

registerHooks({
  resolve(specifier, context, next) {
    return specifier.startsWith('@common/')
      ? next(new URL(specifier.replace('@', './'), dist).href, context)
      : next(specifier, context);
  },
});
