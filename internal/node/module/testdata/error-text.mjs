// Errors of the loader name their code when they are made to text.
import assert from 'node:assert';
await assert.rejects(import('./'), /^Error \[ERR_UNSUPPORTED_DIR_IMPORT\]: Directory import/);
await assert.rejects(import('no-such-package'), /^Error \[ERR_MODULE_NOT_FOUND\]: Cannot find package 'no-such-package'/);
await assert.rejects(import('node:nope'), /^Error \[ERR_UNKNOWN_BUILTIN_MODULE\]/);
assert.throws(() => process.getBuiltinModule(1), /^TypeError \[ERR_INVALID_ARG_TYPE\]/);
