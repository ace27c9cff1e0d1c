// The URL parser: canonical and odd input, bases, hosts, opaque paths.
const assert = require('assert');
const cases = [
  ['http://a/b/../c/./d', undefined, 'http://a/c/d'], ['HTTP://USER:p@EXAMPLE.com:80/%7e', undefined, 'http://USER:p@example.com/%7e'],
  ['//x/y', 'https://a/b', 'https://x/y'], ['?q', 'http://a/b?c#d', 'http://a/b?q'], ['#f', 'http://a/b?c#d', 'http://a/b?c#f'],
  ['../x', 'http://a/b/c/d', 'http://a/b/x'], ['http://0x7f.1', undefined, 'http://127.0.0.1/'], ['http://[::0:1]:8080', undefined, 'http://[::1]:8080/'],
  ['mailto:a@b', undefined, 'mailto:a@b'], ['file:///C|/x/..', undefined, 'file:///C:/'], ['https://español.com/ñ', undefined, 'https://xn--espaol-zwa.com/%C3%B1'],
  ['http://a/b c?d e#f g', undefined, 'http://a/b%20c?d%20e#f%20g'], ['/.well-known/x', 'http://h:81/p', 'http://h:81/.well-known/x'],
  [' \thttp://a\n/ ', undefined, 'http://a/'], ['/%2e%2E/a', 'http://h', 'http://h/a'],
];
for (const [input, base, href] of cases) assert.strictEqual(new URL(input, base).href, href, input);
for (const bad of ['', 'x', 'http://', 'http://a:99999', 'http://a b', 'http://[::1', 'http://1.2.3.256', 'http://a%00b']) {
  assert.throws(() => new URL(bad), { code: 'ERR_INVALID_URL', input: bad });
  assert.strictEqual(URL.parse(bad), null);
  assert.ok(!URL.canParse(bad));
}
