const fs = require('node:fs');
fs.open(__filename, 'r', (error, fd) => {
  console.log('open', error);
  process.nextTick(() => console.log('tick after open'));
  fs.read(fd, Buffer.alloc(2), 0, 2, 0, (error, bytes) => {
    console.log('read', error, bytes);
    setImmediate(() => console.log('immediate after read'));
    fs.close(fd, (error) => {
      console.log('close', error);
      fs.readFile('/no/such/file', (error) => console.log(error.code, error.syscall));
    });
  });
});
console.log('main');
