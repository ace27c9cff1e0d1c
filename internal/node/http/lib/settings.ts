// What a server was told: its options, under symbols that the parts of the server share.
import * as native from 'native:http';
import { clearInterval, setInterval } from 'internal:timers';
import { codes } from 'internal:errors';
import { validateBoolean, validateFunction, validateInteger } from 'internal:validators';
import { IncomingMessage } from 'internal:http/incoming';
import { kUniqueHeaders, parseUniqueHeadersOption } from 'internal:http/outgoing';
import { ServerResponse } from 'internal:http/response';

export const kIncomingMessage = Symbol('IncomingMessage');
export const kServerResponse = Symbol('ServerResponse');
export const kConnections = Symbol('http.server.connections');
export const kNative = Symbol('native');
export const kResponseOptions = Symbol('responseOptions');
export const kTimes = Symbol('times');
export const kOptimizeEmpty = Symbol('optimizeEmptyRequests');

/** Reads the options that http and https servers share. */
export function storeOptions(server: any, options: any): void {
  server[kIncomingMessage] = options.IncomingMessage || IncomingMessage;
  server[kServerResponse] = options.ServerResponse || ServerResponse;
  const { maxHeaderSize, insecureHTTPParser, requestTimeout, headersTimeout, keepAliveTimeout, keepAliveTimeoutBuffer, connectionsCheckingInterval,
    requireHostHeader, joinDuplicateHeaders, rejectNonStandardBodyWrites, shouldUpgradeCallback, optimizeEmptyRequests } = options;
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  server.maxHeaderSize = maxHeaderSize;
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  server.insecureHTTPParser = insecureHTTPParser;
  const times = { keepAliveTimeout: 5000, keepAliveTimeoutBuffer: 1000, headersTimeout: 60000, requestTimeout: 300000, check: 30000 };
  if (requestTimeout !== undefined) {
    validateInteger(requestTimeout, 'requestTimeout', 0);
    times.requestTimeout = requestTimeout;
  }
  if (headersTimeout !== undefined) {
    validateInteger(headersTimeout, 'headersTimeout', 0);
    times.headersTimeout = headersTimeout;
  } else {
    times.headersTimeout = Math.min(60000, times.requestTimeout || 60000);
  }
  if (times.requestTimeout > 0 && times.headersTimeout > 0 && times.headersTimeout > times.requestTimeout) {
    throw new codes.ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', headersTimeout);
  }
  if (keepAliveTimeout !== undefined) {
    validateInteger(keepAliveTimeout, 'keepAliveTimeout', 0);
    times.keepAliveTimeout = keepAliveTimeout;
  }
  if (keepAliveTimeoutBuffer !== undefined) {
    validateInteger(keepAliveTimeoutBuffer, 'keepAliveTimeoutBuffer', 0);
    times.keepAliveTimeoutBuffer = keepAliveTimeoutBuffer;
  }
  if (connectionsCheckingInterval !== undefined) {
    validateInteger(connectionsCheckingInterval, 'connectionsCheckingInterval', 0);
    times.check = connectionsCheckingInterval;
  }
  server[kTimes] = times;
  if (requireHostHeader !== undefined) validateBoolean(requireHostHeader, 'options.requireHostHeader');
  server.requireHostHeader = requireHostHeader ?? true;
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  server.joinDuplicateHeaders = joinDuplicateHeaders ?? false;
  if (rejectNonStandardBodyWrites !== undefined) validateBoolean(rejectNonStandardBodyWrites, 'options.rejectNonStandardBodyWrites');
  server.rejectNonStandardBodyWrites = rejectNonStandardBodyWrites ?? false;
  if (shouldUpgradeCallback !== undefined) validateFunction(shouldUpgradeCallback, 'options.shouldUpgradeCallback');
  server.shouldUpgradeCallback = shouldUpgradeCallback;
  if (optimizeEmptyRequests !== undefined) validateBoolean(optimizeEmptyRequests, 'options.optimizeEmptyRequests');
  server[kOptimizeEmpty] = optimizeEmptyRequests === true;
  server[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
  server[kResponseOptions] = { highWaterMark: options.highWaterMark, rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites };
}

/** The timer that looks for requests which take too long; programs look whether it is gone. */
export const kConnectionsCheckingInterval = Symbol('http.server.connectionsCheckingInterval');

/** Begins to watch the time of requests; a second call changes nothing. */
export function watchConnections(server: any): void {
  if (server[kConnectionsCheckingInterval] === undefined) restartWatch(server);
}

/** Begins anew: the server listens. */
export function restartWatch(server: any): void {
  clearInterval(server[kConnectionsCheckingInterval]);
  server[kConnectionsCheckingInterval] = setInterval(checkConnections, server[kTimes].check, server).unref();
}

/** Ends the watch, when the server closes. */
export function unwatchConnections(server: any): void {
  clearInterval(server[kConnectionsCheckingInterval]);
}

function checkConnections(server: any): void {
  const { headersTimeout, requestTimeout } = server[kTimes];
  const id = server[kNative];
  if (id) native.checkTimeouts(id);
  const connections = server[kConnections];
  if (connections === undefined || connections.size === 0) return;
  const now = Date.now();
  for (const conn of connections) conn.check(now, headersTimeout, requestTimeout);
}
