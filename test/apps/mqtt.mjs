// MQTT through mqtt: the three qualities of service, retained messages, wildcards, wills, version 5, over TCP, WebSocket and TLS.
import mqtt from 'mqtt';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const { APPS_MQTT_PORT: port, APPS_MQTT_WS_PORT: wsPort, APPS_MQTT_TLS_PORT: tlsPort } = process.env;
const id = process.pid;
const take = (client, count) => new Promise((resolve) => {
  const got = [];
  client.on('message', function heard(topic, payload, packet) {
    got.push({ topic, payload, qos: packet.qos, retain: packet.retain, properties: packet.properties });
    if (got.length === count) {
      client.off('message', heard);
      resolve(got);
    }
  });
});
const short = (t) => t.replace(`${id}/`, '');

for (const [name, url, options] of [
  ['tcp', `mqtt://127.0.0.1:${port}`, {}],
  ['ws', `ws://127.0.0.1:${wsPort}`, {}],
  ['tls', `mqtts://localhost:${tlsPort}`, { ca: process.env.APPS_CERT }],
  ['v5', `mqtt://127.0.0.1:${port}`, { protocolVersion: 5 }],
]) {
  const base = `${id}/${name}`;
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options });
  print(name, 'granted', (await client.subscribeAsync([`${base}/#`], { qos: 2 })).map((g) => [short(g.topic), g.qos]));
  const waiting = take(client, 4);
  for (const qos of [0, 1, 2]) await client.publishAsync(`${base}/qos${qos}`, `é猫 ${qos}`, { qos });
  const blob = bytes(name === 'ws' ? 10_000 : 500_000); // Mosquitto takes seconds for half a megabyte over WebSocket
  await client.publishAsync(`${base}/blob`, blob, { qos: 1 });
  const got = await waiting;
  print(name, 'received', got.slice(0, 3).map((m) => [short(m.topic), m.payload.toString(), m.qos]), digest(got[3].payload), got[3].payload.equals(blob));
  await client.unsubscribeAsync(`${base}/#`);

  await client.publishAsync(`${base}/kept`, 'still here', { qos: 1, retain: true });
  const kept = take(client, 1);
  await client.subscribeAsync(`${base}/+`, { qos: 2 });
  print(name, 'retained', (await kept).map((m) => [short(m.topic), m.payload.toString(), m.retain]));
  await client.publishAsync(`${base}/kept`, '', { retain: true, qos: 1 });

  if (name === 'v5') {
    const withProperties = take(client, 1);
    await client.publishAsync(`${base}/props`, 'p', { qos: 1, properties: { userProperties: { a: 'b' }, contentType: 'text/x', responseTopic: 'r' } });
    print(name, 'properties', (await withProperties)[0].properties);
  }
  const wills = take(client, 1);
  const dying = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options, will: { topic: `${base}/will`, payload: Buffer.from('gone'), qos: 1, retain: false } });
  dying.on('error', () => {});
  dying.stream.destroy();
  print(name, 'will', (await wills).map((m) => [short(m.topic), m.payload.toString()]));

  const many = take(client, 60);
  for (let i = 0; i < 60; i += 20) await Promise.all(Array.from({ length: 20 }, (_, j) => client.publishAsync(`${base}/n`, String(i + j), { qos: 1 + (j % 2) })));
  print(name, 'many', (await many).reduce((sum, m) => sum + Number(m.payload), 0));
  await client.endAsync();
}
await mqtt.connectAsync('mqtt://127.0.0.1:1', { reconnectPeriod: 0 }, false).catch((error) => print('nobody there', error.code));
print('bye');
