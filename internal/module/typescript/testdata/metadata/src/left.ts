import { D } from './decorate.js';
import { Right } from './right.js';

@D()
export class Left {
  constructor(@D() right: Right, @D(() => Right) again: Right) {}
}
