import {
  BadRequestException,
  MiddlewareConsumer,
  Module,
  NestModule,
  RequestMethod,
  ValidationError,
  ValidationPipe,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { CatsModule } from './cats/cats.module.js';
import { EchoController } from './echo/echo.controller.js';
import { DomainFilter } from '@common/domain.filter.js';
import { RequestContext } from '@common/request-context.js';
import { RequestIdMiddleware, stamp } from '@common/request-id.middleware.js';
import { RolesGuard } from '@common/roles.guard.js';
import { TraceInterceptor } from '@common/trace.interceptor.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { OwnersModule } from './owners/owners.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { ScopesModule } from './scopes/scopes.module.js';
import { StreamsController } from './streams/streams.controller.js';

function flatten(errors: ValidationError[], parent = ''): string[] {
  return errors.flatMap((error) => [
    ...Object.keys(error.constraints ?? {}).map((rule) => `${parent}${error.property}:${rule}`),
    ...flatten(error.children ?? [], `${parent}${error.property}.`),
  ]);
}

@Module({
  imports: [
    CatsModule,
    OwnersModule,
    LifecycleModule,
    ProvidersModule.forRoot({ greeting: 'meow', retries: 3 }),
    ScopesModule,
  ],
  controllers: [EchoController, StreamsController],
  providers: [
    RequestContext,
    { provide: APP_GUARD, useClass: RolesGuard },
    { provide: APP_INTERCEPTOR, useClass: TraceInterceptor },
    { provide: APP_FILTER, useClass: DomainFilter },
    {
      provide: APP_PIPE,
      useFactory: () =>
        new ValidationPipe({
          transform: true,
          whitelist: true,
          forbidNonWhitelisted: true,
          exceptionFactory: (errors) =>
            new BadRequestException({ statusCode: 400, failed: flatten(errors) }),
        }),
    },
  ],
})
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(RequestIdMiddleware)
      .forRoutes('*path')
      .apply(stamp)
      .exclude({ path: 'cats/:id', method: RequestMethod.GET })
      .forRoutes('cats');
  }
}
