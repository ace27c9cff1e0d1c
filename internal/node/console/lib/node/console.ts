// node:console

import { globalConsole } from 'internal:console';

export default globalConsole;
