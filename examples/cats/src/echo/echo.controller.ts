import { All, Body, Controller, Get, Head, Headers, HostParam, Options, Param, Post, Query, RawBodyRequest, Req } from '@nestjs/common';
import { Request } from 'express';
import { createHash } from 'node:crypto';

/** Says back what arrived. */
@Controller('echo')
export class EchoController {
  @Post('json')
  json(@Body() body: unknown) {
    return { type: body === null ? 'null' : Array.isArray(body) ? 'array' : typeof body, body };
  }

  @Post('raw')
  raw(@Req() request: RawBodyRequest<Request>) {
    const raw = request.rawBody;
    return { bytes: raw?.length ?? null, sha256: raw ? createHash('sha256').update(raw).digest('hex') : null };
  }

  @Get('query')
  query(@Query() query: Record<string, unknown>, @Query('a') a: unknown) {
    return { query, a: a ?? null };
  }

  @Get('headers')
  headers(@Headers() all: Record<string, string>, @Headers('X-Many') many?: string) {
    const { host: _host, ...rest } = all;
    return { all: rest, many: many ?? null };
  }

  @Get('path/:first/*rest')
  path(@Param() params: Record<string, unknown>) {
    return params;
  }

  @All('any')
  any(@Req() request: Request, @HostParam() _hosts: unknown) {
    return { method: request.method, url: request.url, http: request.httpVersion };
  }

  @Head('nothing')
  @Options('nothing')
  nothing(): void {}

  @Get('types')
  types() {
    return {
      date: new Date(0),
      nested: { undefined: undefined, null: null, nan: NaN, list: [undefined, () => 1, Symbol('s')] },
      unicode: 'Müesli 猫 🐈',
      big: Number.MAX_SAFE_INTEGER,
      buffer: Buffer.from('cat'),
    };
  }

  @Get('empty')
  empty(): undefined {
    return undefined;
  }

  @Get('number')
  number(): number {
    return 42;
  }

  @Get('null')
  nothingAtAll(): null {
    return null;
  }
}
