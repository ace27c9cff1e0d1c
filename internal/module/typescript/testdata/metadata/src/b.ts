import { D } from './decorate.js';
import { Options, Service } from './a.js';

@D()
export class Consumer {
  constructor(private readonly options: Options, private readonly service: Service) {}
}
