import { Controller, Get, Header, MessageEvent, Param, Sse } from '@nestjs/common';
import { concat, finalize, interval, map, Observable, of, take, throwError } from 'rxjs';

@Controller('events')
export class EventsController {
  #opened = 0;
  #closed = 0;

  /** Ends on its own after three events. */
  @Sse('three')
  three(): Observable<MessageEvent> {
    return interval(5).pipe(
      take(3),
      map((id) => ({ id: String(id), type: 'tick', retry: 100, data: { id, text: 'two\nlines' } })),
    );
  }

  @Sse('kinds')
  @Header('X-Kinds', 'yes')
  kinds(): Observable<MessageEvent | string | object> {
    return of<(MessageEvent | string | object)[]>(
      'plain text',
      { data: 'a string\nof two lines' },
      { data: { json: true } },
      { data: [1, 2], type: 'list' },
    );
  }

  @Sse('broken')
  broken(): Observable<MessageEvent> {
    return concat(of({ data: 'before' }), throwError(() => new Error('source failed')));
  }

  /** Goes on until the client leaves. */
  @Sse('endless/:ms')
  endless(@Param('ms') ms: string): Observable<MessageEvent> {
    this.#opened++;
    return interval(Number(ms)).pipe(
      map((data) => ({ data: String(data) })),
      finalize(() => this.#closed++),
    );
  }

  @Get('state')
  state() {
    return { opened: this.#opened, closed: this.#closed };
  }
}
