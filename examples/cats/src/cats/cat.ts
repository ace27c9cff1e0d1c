import { Named } from '@common/contracts.js';

export enum Breed {
  Siamese = 'siamese',
  Persian = 'persian',
  Stray = 'stray',
}

export enum Mood {
  Sleepy,
  Hungry,
  Playful = Hungry << 2,
}

export interface Cat extends Named {
  id: number;
  age: number;
  breed: Breed;
  mood: Mood;
  tags: string[];
  born?: Date;
  home?: { street: string; city: string; rooms: { name: string; size: number }[] };
}

export namespace Cat {
  export const legs = 4;
  export function describe(cat: Cat): string {
    return `${cat.name}, ${cat.breed}, ${legs} legs, ${Mood[cat.mood]}`;
  }
}
