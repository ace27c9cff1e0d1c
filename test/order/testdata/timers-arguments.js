setTimeout(function (...all) { console.log(all, typeof this, this.constructor.name); }, 1, 'a', 2);
setImmediate(function (...all) { console.log(all, this.constructor.name); }, 'b', 3);
for (const bad of ['text', null, undefined, 7]) {
  try {
    setTimeout(bad, 1);
  } catch (error) {
    console.log(error.code, error.name);
  }
}
process.on('warning', (warning) => console.log(warning.name, warning.message));
const odd = [setTimeout(() => {}, -5), setTimeout(() => {}, NaN), setTimeout(() => {}, 2 ** 31)];
console.log(odd.map((timer) => timer._idleTimeout));
odd.forEach(clearTimeout);
