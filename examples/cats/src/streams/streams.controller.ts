import { Controller, Get } from '@nestjs/common';
import { EventEmitter, once } from 'node:events';
import { concat, defer, EMPTY, from, interval, map, Observable, of, scan, take } from 'rxjs';

/** Answers that come from observables: the last value is what is sent. */
@Controller('streams')
export class StreamsController {
  @Get('last')
  last(): Observable<number> {
    return interval(1).pipe(take(5), scan((sum, value) => sum + value, 0));
  }

  @Get('empty')
  empty(): Observable<never> {
    return EMPTY;
  }

  @Get('mixed')
  mixed(): Observable<unknown> {
    return concat(of(1), from(Promise.resolve(2)), defer(() => of({ three: 3 }))).pipe(map((value) => ({ value })));
  }

  @Get('event')
  async event(): Promise<unknown[]> {
    const emitter = new EventEmitter();
    setImmediate(() => emitter.emit('ready', 'steady', 'go'));
    return once(emitter, 'ready');
  }
}
