import { forwardRef, Module } from '@nestjs/common';
import { CatsModule } from '../cats/cats.module.js';
import { OwnersController } from './owners.controller.js';
import { OwnersService } from './owners.service.js';

@Module({
  imports: [forwardRef(() => CatsModule)],
  controllers: [OwnersController],
  providers: [OwnersService],
  exports: [OwnersService],
})
export class OwnersModule {}
