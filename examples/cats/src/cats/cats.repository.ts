import { Injectable } from '@nestjs/common';
import { Repository } from '@common/contracts.js';
import { Conflict } from '@common/errors.js';
import { Breed, Cat, Mood } from './cat.js';

@Injectable()
export class CatsRepository implements Repository<Cat> {
  private static count: number;
  readonly #cats = new Map<number, Cat>();
  #last = 0;

  static {
    CatsRepository.count = 0;
  }

  constructor() {
    CatsRepository.count++;
    this.add({ name: 'Tom', age: 5, breed: Breed.Stray, mood: Mood.Hungry, tags: ['grey'] });
    this.add({ name: 'Minka', age: 2, breed: Breed.Siamese, mood: Mood.Sleepy, tags: [] });
  }

  static get made(): number {
    return CatsRepository.count;
  }

  all(): Cat[] {
    return [...this.#cats.values()];
  }

  get(id: number): Cat | undefined {
    return this.#cats.get(id);
  }

  add(item: Omit<Cat, 'id'>): Cat {
    if (this.all().some((cat) => cat.name === item.name)) {
      throw new Conflict(`there is a ${item.name} already`, { cause: new Error('names are unique') });
    }
    const cat = { id: ++this.#last, ...item };
    this.#cats.set(cat.id, cat);
    return cat;
  }

  remove(id: number): boolean {
    return this.#cats.delete(id);
  }
}
