import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  Post,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { createGzip } from 'node:zlib';

const MADE = 20_000;

function bigFile(): string {
  const path = process.env.BIG_FILE;
  if (!path) throw new NotFoundException('BIG_FILE is not set');
  return path;
}

@Controller('download')
export class DownloadsController {
  @Get('buffer')
  buffer(): StreamableFile {
    return new StreamableFile(Buffer.from('file from a buffer\n'), {
      type: 'text/plain; charset=utf-8',
      disposition: 'attachment; filename="buffer.txt"',
    });
  }

  @Get('bytes')
  bytes(): StreamableFile {
    return new StreamableFile(Uint8Array.from({ length: 256 }, (_, index) => index));
  }

  @Get('stream')
  stream(): StreamableFile {
    return new StreamableFile(createReadStream(join(__dirname, '..', 'public', 'lines.txt')));
  }

  @Get('part')
  part(): StreamableFile {
    return new StreamableFile(
      createReadStream(join(__dirname, '..', 'public', 'lines.txt'), { start: 4, end: 20, highWaterMark: 5 }),
      { length: 17 },
    );
  }

  @Get('missing')
  missing(): StreamableFile {
    return new StreamableFile(createReadStream('/no/such/file'));
  }

  @Get('generated')
  generated(): StreamableFile {
    async function* lines() {
      for (let index = 0; index < MADE; index++) yield `line ${index}\n`;
    }
    return new StreamableFile(Readable.from(lines(), { objectMode: false }));
  }

  @Get('big')
  async big(): Promise<StreamableFile> {
    const path = bigFile();
    const { size } = await stat(path);
    return new StreamableFile(createReadStream(path), { length: size, type: 'application/octet-stream' });
  }

  @Get('gzip')
  @Header('Content-Type', 'application/gzip')
  gzip(@Res() response: Response): void {
    Readable.from(['packed ', 'by ', 'hand']).pipe(createGzip()).pipe(response);
  }

  @Get('static/:name')
  send(@Param('name') name: string, @Res() response: Response): void {
    response.sendFile(name, { root: join(__dirname, '..', 'public') });
  }

  @Get('attachment')
  attachment(@Res() response: Response): void {
    response.download(join(__dirname, '..', 'public', 'lines.txt'), 'Zeilen – lines.txt');
  }

  /** Takes a body of any size straight to disk. */
  @Post('sink')
  async sink(@Req() request: Request) {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await pipeline(request, createWriteStream('/dev/null'));
    return { bytes };
  }
}
