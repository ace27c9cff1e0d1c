import { forwardRef, Inject, Injectable } from '@nestjs/common';
import { Deferred } from '@common/contracts.js';
import { CatsService } from '../cats/cats.service.js';

@Injectable()
export class OwnersService {
  constructor(@Inject(forwardRef(() => CatsService)) private readonly cats: Deferred<CatsService>) {}

  ownerOf(cat: string): string {
    return cat === 'Tom' ? 'Jerry' : 'nobody';
  }

  catCount(): number {
    return this.cats.names().length;
  }
}
