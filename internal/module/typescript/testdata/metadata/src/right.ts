import { D } from './decorate.js';
import { Left } from './left.js';

@D()
export class Right {
  constructor(left: Left) {}
  @D() left!: Left;
}
