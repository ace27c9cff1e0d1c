import { randomUUID } from 'node:crypto';
import { Injectable, NestMiddleware } from '@nestjs/common';
import { NextFunction, Request, Response } from 'express';
import { RequestContext } from './request-context.js';

@Injectable()
export class RequestIdMiddleware implements NestMiddleware {
  constructor(private readonly context: RequestContext) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const id = request.get('x-request-id') ?? randomUUID();
    response.setHeader('X-Request-Id', id);
    this.context.run(id, () => {
      this.context.note('middleware');
      next();
    });
  }
}

export function stamp(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('X-Stamp', 'cats');
  next();
}
