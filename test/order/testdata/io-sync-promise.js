// A rejected file operation is a rejection on a later turn, never a throw; a bad argument throws or rejects at once.
const fs = require('node:fs');
try {
  fs.readFile(__filename);
} catch (error) {
  console.log('throws', error.code);
}
try {
  fs.readFile({}, () => {});
} catch (error) {
  console.log('throws', error.code);
}
fs.promises.readFile({}).catch((error) => console.log('rejects', error.code));
process.nextTick(() => console.log('tick'));
setImmediate(() => console.log('immediate'));
