import { Controller, Get } from '@nestjs/common';
import { OwnersService } from './owners.service.js';

@Controller({ path: ['owners', 'people'] })
export class OwnersController {
  constructor(private readonly owners: OwnersService) {}

  @Get('count')
  count() {
    return { cats: this.owners.catCount() > 0 };
  }
}
