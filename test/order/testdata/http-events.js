const http = require('node:http');
const seen = { server: [], client: [] };
const watch = (who, name, emitter, events) => {
  for (const event of events) emitter.on(event, () => seen[who].push(`${name} ${event}`));
};
const server = http.createServer((request, response) => {
  seen.server.push('request');
  watch('server', 'request', request, ['end', 'close']);
  watch('server', 'response', response, ['finish', 'close']);
  request.resume();
  request.on('end', () => {
    response.write('a');
    response.end('b', () => seen.server.push('end callback'));
  });
});
server.listen(0, '127.0.0.1', () => {
  const request = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', agent: false }, (response) => {
    seen.client.push(`callback ${response.statusCode}`);
    let text = '';
    response.setEncoding('utf8').on('data', (data) => (text += data));
    watch('client', 'response', response, ['end', 'close']);
    response.on('end', () => seen.client.push(text));
  });
  watch('client', 'request', request, ['socket', 'response', 'finish', 'close']);
  request.on('close', () => server.close(() => console.log(seen)));
  request.end('body');
});
