import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeforeApplicationShutdown,
  Injectable,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
  OnModuleInit,
} from '@nestjs/common';

/** Prints each hook when it starts and when what it waited for is done. */
@Injectable()
export class LifecycleService
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly seen: string[] = [];

  async onModuleInit(): Promise<void> {
    await this.#step('onModuleInit');
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#step('onApplicationBootstrap');
  }

  async onModuleDestroy(): Promise<void> {
    await this.#step('onModuleDestroy');
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    await this.#step(`beforeApplicationShutdown ${signal}`);
  }

  async onApplicationShutdown(signal?: string): Promise<void> {
    await this.#step(`onApplicationShutdown ${signal}`);
  }

  async #step(name: string): Promise<void> {
    console.log(`lifecycle: ${name}`);
    await sleep(5);
    this.seen.push(name);
    console.log(`lifecycle: ${name} done`);
  }
}
