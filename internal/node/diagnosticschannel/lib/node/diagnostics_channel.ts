// node:diagnostics_channel

import { Channel, channel, hasSubscribers, subscribe, tracingChannel, unsubscribe } from 'internal:diagnosticschannel';

export default {
  channel,
  hasSubscribers,
  subscribe,
  tracingChannel,
  unsubscribe,
  Channel,
};
