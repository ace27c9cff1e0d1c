import { forwardRef, Module } from '@nestjs/common';
import { RequestContext } from '@common/request-context.js';
import { OwnersModule } from '../owners/owners.module.js';
import { CatsController } from './cats.controller.js';
import { CatsRepository } from './cats.repository.js';
import { CatsService } from './cats.service.js';

@Module({
  imports: [forwardRef(() => OwnersModule)],
  controllers: [CatsController],
  providers: [CatsService, CatsRepository, RequestContext, { provide: 'CLOCK', useValue: () => 1700000000000 }],
  exports: [CatsService],
})
export class CatsModule {}
