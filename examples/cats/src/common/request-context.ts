import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

interface Store {
  id: string;
  trail: string[];
}

// One storage for the process: the middleware enters it, whoever runs below reads it.
const storage = new AsyncLocalStorage<Store>();

@Injectable()
export class RequestContext {
  run<T>(id: string, body: () => T): T {
    return storage.run({ id, trail: [] }, body);
  }

  get id(): string {
    return storage.getStore()?.id ?? 'none';
  }

  get trail(): readonly string[] {
    return storage.getStore()?.trail ?? [];
  }

  note(what: string): void {
    storage.getStore()?.trail.push(what);
  }
}
