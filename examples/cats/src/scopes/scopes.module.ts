import { Controller, Get, Inject, Injectable, Module, Scope } from '@nestjs/common';
import { INQUIRER, REQUEST } from '@nestjs/core';
import { Request } from 'express';

let made = 0;

@Injectable()
class Shared {
  readonly serial = ++made;
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  readonly id: string;
  readonly #trail: string[] = [];

  constructor(
    @Inject(REQUEST) private readonly request: Request,
    readonly shared: Shared,
  ) {
    this.id = request.get('x-request-id') ?? 'none';
  }

  visit(name: string): string[] {
    this.#trail.push(`${name} ${this.request.method}`);
    return this.#trail;
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class Named {
  readonly owner: string;

  constructor(@Inject(INQUIRER) parent: object) {
    this.owner = parent.constructor.name;
  }
}

@Injectable({ scope: Scope.REQUEST })
class Helper {
  constructor(
    readonly perRequest: PerRequest,
    readonly named: Named,
  ) {}
}

@Controller('scopes')
class ScopesController {
  constructor(
    private readonly perRequest: PerRequest,
    private readonly helper: Helper,
    private readonly named: Named,
  ) {}

  @Get()
  show() {
    this.perRequest.visit('controller');
    return {
      id: this.perRequest.id,
      same: this.helper.perRequest === this.perRequest,
      trail: this.helper.perRequest.visit('helper'),
      shared: this.perRequest.shared.serial,
      owners: [this.named.owner, this.helper.named.owner],
    };
  }
}

@Module({ controllers: [ScopesController], providers: [Shared, PerRequest, Named, Helper] })
export class ScopesModule {}
