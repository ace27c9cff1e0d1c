import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { readFile, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import {
  Body,
  Controller,
  FileTypeValidator,
  HttpStatus,
  MaxFileSizeValidator,
  ParseFilePipe,
  ParseFilePipeBuilder,
  Post,
  UploadedFile,
  UploadedFiles,
  UseInterceptors,
} from '@nestjs/common';
import {
  AnyFilesInterceptor,
  FileFieldsInterceptor,
  FileInterceptor,
  FilesInterceptor,
  NoFilesInterceptor,
} from '@nestjs/platform-express';
import { diskStorage, memoryStorage } from 'multer';

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

const show = (file?: Express.Multer.File) =>
  file && {
    field: file.fieldname,
    name: file.originalname,
    type: file.mimetype,
    size: file.size,
    sha256: file.buffer ? sha256(file.buffer) : undefined,
  };

let directory: string | undefined;

@Controller('upload')
export class UploadsController {
  @Post('memory')
  @UseInterceptors(FileInterceptor('file', { storage: memoryStorage(), limits: { fileSize: 4 << 20 } }))
  memory(@UploadedFile() file: Express.Multer.File, @Body() body: Record<string, unknown>) {
    return { file: show(file) ?? null, body };
  }

  @Post('disk')
  @UseInterceptors(
    FileInterceptor('file', {
      storage: diskStorage({
        destination: (_request, _file, done) =>
          done(null, (directory ??= mkdtempSync(join(tmpdir(), 'files-example-')))),
        filename: (_request, file, done) => done(null, `upload${extname(file.originalname)}`),
      }),
    }),
  )
  async disk(@UploadedFile() file: Express.Multer.File) {
    const data = await readFile(file.path);
    await unlink(file.path);
    return { ...show(file), sha256: sha256(data), filename: file.filename };
  }

  @Post('several')
  @UseInterceptors(FilesInterceptor('files', 2))
  several(@UploadedFiles() files: Express.Multer.File[]) {
    return files.map(show);
  }

  @Post('fields')
  @UseInterceptors(FileFieldsInterceptor([{ name: 'avatar', maxCount: 1 }, { name: 'papers' }]))
  fields(@UploadedFiles() files: Record<string, Express.Multer.File[]>, @Body() body: object) {
    return {
      files: Object.fromEntries(Object.entries(files).map(([name, list]) => [name, list.map(show)])),
      body,
    };
  }

  @Post('any')
  @UseInterceptors(AnyFilesInterceptor())
  any(@UploadedFiles() files: Express.Multer.File[]) {
    return files.map(show);
  }

  @Post('none')
  @UseInterceptors(NoFilesInterceptor())
  none(@Body() body: object) {
    return body;
  }

  @Post('checked')
  @UseInterceptors(FileInterceptor('file'))
  checked(
    @UploadedFile(
      new ParseFilePipe({
        validators: [
          new MaxFileSizeValidator({ maxSize: 2048 }),
          new FileTypeValidator({ fileType: 'image/png' }),
        ],
      }),
    )
    file: Express.Multer.File,
  ) {
    return show(file);
  }

  @Post('optional')
  @UseInterceptors(FileInterceptor('file'))
  optional(
    @UploadedFile(
      new ParseFilePipeBuilder()
        .addMaxSizeValidator({ maxSize: 10 })
        .build({ fileIsRequired: false, errorHttpStatusCode: HttpStatus.UNPROCESSABLE_ENTITY }),
    )
    file?: Express.Multer.File,
  ) {
    return { file: show(file) ?? null };
  }
}
