import { Controller, Get, Module, OnModuleInit } from '@nestjs/common';
import { LifecycleService } from './lifecycle.service.js';

@Controller('lifecycle')
class LifecycleController implements OnModuleInit {
  ready = false;

  constructor(private readonly service: LifecycleService) {}

  onModuleInit(): void {
    this.ready = true;
  }

  @Get()
  seen() {
    return { ready: this.ready, seen: this.service.seen };
  }
}

@Module({ controllers: [LifecycleController], providers: [LifecycleService] })
export class LifecycleModule {}
