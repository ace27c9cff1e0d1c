import { Controller, Get, Header, Query } from '@nestjs/common';

@Controller('text')
export class TextController {
  /** `size` bytes of text: below the threshold it goes out as it is, above it compressed. */
  @Get()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  text(@Query('size') size: string): string {
    return 'All work and no play makes Jack a dull boy.\n'.repeat(1 + Number(size) / 45).slice(0, Number(size));
  }

  @Get('untouched')
  @Header('Content-Type', 'text/plain')
  @Header('Cache-Control', 'no-transform')
  untouched(): string {
    return 'x'.repeat(2000);
  }

  @Get('json')
  json() {
    return Array.from({ length: 100 }, (_, id) => ({ id, name: `item ${id}` }));
  }
}
