// node:inspector. https://nodejs.org/docs/latest-v24.x/api/inspector.html
import { face, Session } from 'internal:inspector';

export default face(Session);
