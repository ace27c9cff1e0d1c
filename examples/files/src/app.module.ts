import { Module } from '@nestjs/common';
import { DownloadsController } from './downloads.controller';
import { EventsController } from './events.controller';
import { TextController } from './text.controller';
import { UploadsController } from './uploads.controller';

@Module({
  controllers: [DownloadsController, UploadsController, EventsController, TextController],
})
export class AppModule {}
