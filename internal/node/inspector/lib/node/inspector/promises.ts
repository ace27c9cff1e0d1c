// node:inspector/promises. https://nodejs.org/docs/latest-v24.x/api/inspector.html#promises-api
import { face, PromiseSession } from 'internal:inspector';

const promises = face(PromiseSession);
Object.defineProperty(PromiseSession, 'name', { value: 'Session', configurable: true });
export default promises;
