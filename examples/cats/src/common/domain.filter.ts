import { ArgumentsHost, Catch, ExceptionFilter, HttpStatus } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Request, Response } from 'express';
import { DomainError } from './errors.js';
import { RequestContext } from './request-context.js';

@Catch(DomainError)
export class DomainFilter implements ExceptionFilter<DomainError> {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly context: RequestContext,
  ) {}

  catch(error: DomainError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    response.setHeader('X-Error-Code', error.code);
    this.adapterHost.httpAdapter.reply(
      response,
      {
        code: error.code,
        message: error.message,
        cause: error.cause instanceof Error ? error.cause.message : undefined,
        path: request.url,
        requestId: this.context.id,
      },
      error.code === 'NOT_FOUND' ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT,
    );
  }
}
