export abstract class DomainError extends Error {
  abstract readonly code: string;

  override get name(): string {
    return this.constructor.name;
  }
}

export class NotFound extends DomainError {
  readonly code = 'NOT_FOUND';

  constructor(what: string, id: number) {
    super(`no ${what} with id ${id}`);
  }
}

export class Conflict extends DomainError {
  readonly code = 'CONFLICT';
}
