// nodemailer to smtp-server: STARTTLS, TLS from the start, logging in, attachments, several recipients, a pool, refusals.
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { bytes, digest, ends, print } from './ends.mjs';

// The test gives a certificate for localhost; without one smtp-server takes its own, and says so.
const { APPS_CERT: cert, APPS_KEY: key } = process.env;

async function serve() {
  const received = [];
  const handlers = {
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    onAuth(auth, session, done) {
      const good = auth.method === 'CRAM-MD5' ? auth.validatePassword('secret') : auth.password === 'secret';
      done(good ? null : new Error('Invalid username or password'), good ? { user: auth.username } : undefined);
    },
    onRcptTo: (address, session, done) => done(address.address.startsWith('unknown') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (stream.sizeExceeded) return done(Object.assign(new Error('too large'), { responseCode: 552 }));
        const subject = /^Subject: (.*)/m.exec(text)?.[1];
        const file = /filename=a\.bin\r\n[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(text)?.[1] ?? /a\.bin[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(text)?.[1];
        received.push({ from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((r) => r.address), secure: session.secure, user: session.user });
        done(null, JSON.stringify({ n: received.at(-1), subject, dots: /^\.{2,}$/m.test(text), file: file && digest(Buffer.from(file, 'base64')), tls: session.tlsOptions?.version }));
      });
    },
  };
  const open = (options) => new Promise((resolve) => {
    const server = new SMTPServer({ ...handlers, size: 2_000_000, closeTimeout: 100, cert, key, ...options });
    server.on('error', () => {});
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
  const starttls = await open({});
  const tls = await open({ secure: true });
  // One number names both ports.
  return { port: starttls.server.address().port * 65536 + tls.server.address().port, close: () => Promise.all([starttls, tls].map((s) => new Promise((resolve) => s.close(resolve)))) };
}

async function client(ports) {
  const [port, tlsPort] = [Math.floor(ports / 65536), ports % 65536];
  const auth = { user: 'me', pass: 'secret' };
  const tls = cert ? { ca: cert, servername: 'localhost' } : { rejectUnauthorized: false };
  const send = async (label, transport, message) => {
    const info = await transport.sendMail({ from: 'Sender é <from@example.org>', to: 'to@example.org', subject: 'Hello', text: 'text', ...message });
    print(label, info.accepted, info.rejected, info.response);
  };
  const starttls = nodemailer.createTransport({ host: '127.0.0.1', port, auth, tls, requireTLS: true });
  print('verified', await starttls.verify());
  await send('STARTTLS', starttls, {});
  await send('subject', starttls, { subject: 'Ünïcode 猫 '.repeat(5).trim() });
  await send('dots', starttls, { text: 'one\n.\n..\nend' });
  await send('attachment', starttls, { html: '<b>é</b>', attachments: [{ filename: 'a.bin', content: bytes(500_000) }, { filename: 'b.txt', content: 'text' }] });
  await send('many', starttls, { to: ['a@example.org', 'B <b@example.org>'], cc: 'c@example.org', bcc: 'd@example.org' });
  await send('one unknown', starttls, { to: ['unknown@example.org', 'known@example.org'] });
  await send('unknown', starttls, { to: 'unknown@example.org' }).catch((error) => print('unknown', error.code, error.responseCode, error.rejected));
  await send('too large', starttls, { attachments: [{ content: Buffer.alloc(3_000_000) }] }).catch((error) => print('too large', error.code, error.responseCode));
  starttls.close();
  const secure = nodemailer.createTransport({ host: '127.0.0.1', port: tlsPort, secure: true, auth, tls });
  await send('TLS', secure, {});
  secure.close();
  const plain = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  await send('no login', plain, {}).catch((error) => print('no login', error.code, error.responseCode));
  const cram = nodemailer.createTransport({ host: '127.0.0.1', port, tls, auth, authMethod: 'CRAM-MD5' });
  await send('CRAM-MD5', cram, {});
  const wrong = nodemailer.createTransport({ host: '127.0.0.1', port, tls, auth: { user: 'me', pass: 'wrong' } });
  await send('wrong', wrong, {}).catch((error) => print('wrong password', error.code, error.responseCode));
  const strict = nodemailer.createTransport({ host: '127.0.0.1', port: tlsPort, secure: true, auth });
  await send('strict', strict, {}).catch((error) => print('untrusted', error.code, error.message));
  const pool = nodemailer.createTransport({ host: '127.0.0.1', port, auth, tls, pool: true, maxConnections: 3, maxMessages: 10 });
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => pool.sendMail({ from: 'f@example.org', to: `t${i}@example.org`, subject: `n ${i}`, text: 'x'.repeat(i * 100) })));
  print('pool', all.length, all.every((info, i) => info.accepted[0] === `t${i}@example.org`));
  pool.close();
  await nodemailer.createTransport({ host: '127.0.0.1', port: 1 }).sendMail({ to: 'x@example.org' }).catch((error) => print('nobody there', error.code));
  print('bye');
}

await ends({ serve, client });
