import { setTimeout as sleep } from 'node:timers/promises';
import {
  Body,
  ClassSerializerInterceptor,
  Controller,
  DefaultValuePipe,
  Delete,
  Get,
  Header,
  HttpCode,
  HttpStatus,
  ImATeapotException,
  Inject,
  Param,
  ParseArrayPipe,
  ParseBoolPipe,
  ParseEnumPipe,
  ParseIntPipe,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
  Redirect,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { Response } from 'express';
import { delay, Observable, of, throwError } from 'rxjs';
import { Clock, Named } from '@common/contracts.js';
import { RequestContext } from '@common/request-context.js';
import { AdminByDay, CallerRole, Roles } from '@common/roles.guard.js';
import { Breed, Cat } from './cat.js';
import { CatView, CreateCatDto, ListQuery, UpdateCatDto } from './cat.dto.js';
import { EnvelopeInterceptor, UpstreamInterceptor, Within } from './cats.interceptors.js';
import { CatsService } from './cats.service.js';

@Controller('cats')
export class CatsController {
  @Inject('CLOCK')
  private readonly clock: Clock;

  @Inject()
  private readonly context: RequestContext;

  constructor(private readonly cats: CatsService) {}

  @Get()
  @UseInterceptors(EnvelopeInterceptor)
  list(@Query() query: ListQuery): Cat[] {
    return this.cats.list(query);
  }

  @Get('names')
  names(): Named[] {
    return this.cats.names().map((name) => ({ name }));
  }

  @Get('clock')
  now() {
    return { now: this.clock(), type: typeof this.clock };
  }

  @Get('slow')
  async slow(@Query('ms', new DefaultValuePipe(100), ParseIntPipe) ms: number): Promise<string> {
    await sleep(ms);
    return `slept ${ms}, still ${this.context.id}`;
  }

  @Get('late')
  @UseInterceptors(Within(20))
  late(): Observable<string> {
    return of('too late').pipe(delay(500));
  }

  @Get('upstream')
  @UseInterceptors(UpstreamInterceptor)
  upstream(@Query('teapot', new DefaultValuePipe(false), ParseBoolPipe) teapot: boolean): Observable<never> {
    return throwError(() => (teapot ? new ImATeapotException('short and stout') : new Error('socket closed')));
  }

  @Get('crash')
  crash(): never {
    throw new Error('this message stays inside');
  }

  @Get('breed/:breed')
  breed(
    @Param('breed', new ParseEnumPipe(Breed)) breed: Breed,
    @Query('tags', new ParseArrayPipe({ items: String, separator: ',', optional: true })) tags?: string[],
  ) {
    return { breed, tags: tags ?? null };
  }

  @Get('chip/:uuid')
  chip(@Param('uuid', ParseUUIDPipe) uuid: string): string {
    return uuid;
  }

  @Get('role')
  role(@CallerRole() role: string, @CallerRole((name: string) => name.length) length: number) {
    return { role, length };
  }

  @Get('best')
  @Redirect('/cats/1', HttpStatus.FOUND)
  best(@Query('id') id?: string): { url: string } | undefined {
    return id ? { url: `/cats/${id}` } : undefined;
  }

  @Get('cookie')
  @Header('Cache-Control', 'no-store')
  cookie(@Res({ passthrough: true }) response: Response): { set: boolean } {
    response.cookie('seen', 'yes', { httpOnly: true, sameSite: 'lax' });
    response.append('Set-Cookie', 'plain=1');
    return { set: true };
  }

  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number): Promise<Cat> {
    return this.cats.find(id);
  }

  @Get(':id/view')
  @UseInterceptors(ClassSerializerInterceptor)
  async view(@Param('id', ParseIntPipe) id: number): Promise<CatView> {
    return new CatView(await this.cats.find(id));
  }

  @Get(':id/owner')
  owner(@Param('id', ParseIntPipe) id: number): Promise<string> {
    return this.cats.ownerOf(id);
  }

  @Post()
  @Roles('admin')
  create(@Body() dto: CreateCatDto): Cat & { dto: string } {
    const cat = this.cats.create(dto);
    return { ...cat, dto: `${dto.constructor.name} ${dto.home?.constructor.name} ${dto.home?.rooms[0]?.constructor.name}` };
  }

  @Patch(':id')
  @AdminByDay()
  update(@Param('id', ParseIntPipe) id: number, @Body() dto: UpdateCatDto): Promise<Cat> {
    return this.cats.update(id, dto);
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Roles('admin')
  remove(@Param('id', ParseIntPipe) id: number): Promise<void> {
    return this.cats.remove(id);
  }
}
