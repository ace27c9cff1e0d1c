// Channels of diagnostics_channel. https://nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html#http2
import { channel } from 'internal:diagnosticschannel';

const sides = (event: string): any[] => [channel(`http2.server.stream.${event}`), channel(`http2.client.stream.${event}`)];

// By the type of the session: 0 a server's, 1 a client's.
export const created = sides('created');
export const started = sides('start');
export const failed = sides('error');
export const finished = sides('finish');
export const closed = sides('close');
export const bodyChunkSent = channel('http2.client.stream.bodyChunkSent');
export const bodySent = channel('http2.client.stream.bodySent');
