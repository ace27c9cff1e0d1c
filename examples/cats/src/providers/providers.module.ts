import { Controller, DynamicModule, Get, Module } from '@nestjs/common';
import { LazyModuleLoader, ModuleRef } from '@nestjs/core';
import { Settings } from '@common/contracts.js';
import { ALIAS, Connection, CONNECTION, Consumer, Greeter, PoliteGreeter, SETTINGS } from './providers.js';

@Controller('providers')
class ProvidersController {
  constructor(
    private readonly consumer: Consumer,
    private readonly moduleRef: ModuleRef,
    private readonly lazy: LazyModuleLoader,
  ) {}

  @Get()
  show() {
    const { connection, alias, greeter, list, absent } = this.consumer;
    return {
      connection,
      isConnection: connection instanceof Connection,
      sameGreeter: alias === greeter,
      greeting: greeter.greet('Tom'),
      greeterClass: greeter.constructor.name,
      list,
      absent: absent ?? null,
      found: this.moduleRef.get(Greeter) === greeter,
    };
  }

  @Get('created')
  async created() {
    class Made {
      readonly how = 'on the spot';
    }
    return this.moduleRef.create(Made);
  }

  @Get('lazy')
  async lazily() {
    const { LazyModule, LazyService } = await import('./lazy.module.js');
    const module = await this.lazy.load(() => LazyModule);
    return { loads: module.get(LazyService).bump() };
  }
}

@Module({})
export class ProvidersModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ProvidersModule,
      controllers: [ProvidersController],
      providers: [
        Consumer,
        { provide: SETTINGS, useValue: settings },
        { provide: Greeter, useClass: PoliteGreeter },
        { provide: ALIAS, useExisting: Greeter },
        { provide: CONNECTION, useFactory: (found: Settings) => Connection.open(found), inject: [SETTINGS] },
        {
          provide: 'LIST',
          useFactory: (connection: Connection, missing?: string) => [connection.attempts, missing ? 1 : 0],
          inject: [CONNECTION, { token: 'MISSING', optional: true }],
        },
      ],
    };
  }
}
