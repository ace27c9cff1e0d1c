import { Injectable, Module } from '@nestjs/common';

@Injectable()
export class LazyService {
  #count = 0;

  bump(): number {
    return ++this.#count;
  }
}

@Module({ providers: [LazyService], exports: [LazyService] })
export class LazyModule {}
