// node:process
import { process } from 'internal:process';
export default process;
