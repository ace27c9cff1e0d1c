import {
  BadGatewayException,
  CallHandler,
  ExecutionContext,
  GatewayTimeoutException,
  HttpException,
  Injectable,
  mixin,
  NestInterceptor,
  Type,
} from '@nestjs/common';
import { catchError, map, Observable, throwError, timeout, TimeoutError } from 'rxjs';

@Injectable()
export class EnvelopeInterceptor<T> implements NestInterceptor<T, { data: T }> {
  intercept(_context: ExecutionContext, next: CallHandler<T>): Observable<{ data: T }> {
    return next.handle().pipe(map((data) => ({ data })));
  }
}

@Injectable()
export class UpstreamInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) =>
        throwError(() =>
          error instanceof HttpException
            ? error
            : new BadGatewayException('upstream failed', { cause: error }),
        ),
      ),
    );
  }
}

/** Makes an interceptor class that gives up after `ms`. */
export function Within(ms: number): Type<NestInterceptor> {
  @Injectable()
  class WithinInterceptor implements NestInterceptor {
    intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
      return next.handle().pipe(
        timeout(ms),
        catchError((error: unknown) =>
          throwError(() => (error instanceof TimeoutError ? new GatewayTimeoutException() : error)),
        ),
      );
    }
  }
  return mixin(WithinInterceptor);
}
