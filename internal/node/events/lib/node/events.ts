// node:events. https://nodejs.org/docs/latest-v24.x/api/events.html
import { EventEmitter } from 'internal:events/emitter';

export default EventEmitter;
