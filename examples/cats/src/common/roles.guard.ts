import { setTimeout as sleep } from 'node:timers/promises';
import {
  applyDecorators,
  CanActivate,
  createParamDecorator,
  ExecutionContext,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Request } from 'express';
import { Role } from './contracts.js';
import { RequestContext } from './request-context.js';

const ROLES = Symbol('roles');

export const Roles = (...roles: Role[]) => SetMetadata(ROLES, roles);

/** The role that the caller claims, or what `pick` makes of it. */
export const CallerRole = createParamDecorator(
  (pick: ((role: string) => unknown) | undefined, context: ExecutionContext) => {
    const role = context.switchToHttp().getRequest<Request>().get('x-role') ?? 'guest';
    return pick ? pick(role) : role;
  },
);

@Injectable()
export class RolesGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const wanted = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    if (!wanted) return true;
    const role = execution.switchToHttp().getRequest<Request>().get('x-role');
    await sleep(2);
    this.context.note(`guard ${role}`);
    if (role === 'banned') throw new UnauthorizedException('banned for life');
    if (role === 'broken') throw new TypeError('the role store is down');
    return wanted.some((one) => one === role);
  }
}

@Injectable()
class NightGuard implements CanActivate {
  canActivate(execution: ExecutionContext): Promise<boolean> {
    const hour = Number(execution.switchToHttp().getRequest<Request>().get('x-hour') ?? '12');
    return new Promise((resolve, reject) =>
      setImmediate(() => (Number.isNaN(hour) ? reject(new RangeError('no such hour')) : resolve(hour < 22))),
    );
  }
}

export const AdminByDay = () => applyDecorators(Roles('admin'), UseGuards(NightGuard));
