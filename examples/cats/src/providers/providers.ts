import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { Settings } from '@common/contracts.js';

export const SETTINGS = Symbol('SETTINGS');
export const CONNECTION = 'CONNECTION';
export const ALIAS = Symbol.for('cats.alias');

export abstract class Greeter {
  abstract greet(name: string): string;
}

@Injectable()
export class PoliteGreeter extends Greeter {
  constructor(@Inject(SETTINGS) protected readonly settings: Settings) {
    super();
  }

  greet(name: string): string {
    return `${this.settings.greeting}, ${name}`;
  }
}

export class Connection {
  private constructor(
    readonly attempts: number,
    public readonly state: 'open' | 'closed' = 'open',
  ) {}

  static async open(settings: Settings): Promise<Connection> {
    let attempts = 0;
    while (++attempts < settings.retries) await sleep(1);
    return new Connection(attempts);
  }
}

@Injectable()
export class Consumer {
  @Inject(Greeter)
  greeter: Greeter;

  @Optional()
  @Inject('NOT THERE')
  absent?: string;

  constructor(
    @Inject(CONNECTION) readonly connection: Connection,
    @Inject(ALIAS) readonly alias: Greeter,
    @Inject('LIST') readonly list: readonly number[],
  ) {}
}
