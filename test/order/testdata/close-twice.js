const server = require('node:net').createServer();
server.close((error) => console.log('never listened:', error.code));
server.listen(0, '127.0.0.1', () => {
  server.close(() => console.log('closed'));
  server.close((error) => console.log('again:', error?.code));
  console.log(server.listening, server.address());
});
