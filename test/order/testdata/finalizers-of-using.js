const timer = setTimeout(() => console.log('never'), 5);
timer[Symbol.dispose]();
const interval = setInterval(() => console.log('never'), 5);
clearTimeout(interval);
const immediate = setImmediate(() => console.log('never'));
immediate[Symbol.dispose]();
console.log(timer._destroyed, String(typeof timer[Symbol.toPrimitive]()));
setTimeout(() => console.log('end'), 10);
