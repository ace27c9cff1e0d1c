import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common';
import { Response } from 'express';
import { Observable, tap } from 'rxjs';
import { RequestContext } from './request-context.js';

@Injectable()
export class TraceInterceptor implements NestInterceptor {
  constructor(private readonly context: RequestContext) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = execution.switchToHttp().getResponse<Response>();
    this.context.note(`before ${execution.getClass().name}.${execution.getHandler().name}`);
    return next.handle().pipe(
      tap({
        next: () => {
          this.context.note('after');
          if (!response.headersSent) response.setHeader('X-Trail', this.context.trail.join(', '));
        },
        error: (error: Error) => this.context.note(`failed ${error.constructor.name}`),
      }),
    );
  }
}
