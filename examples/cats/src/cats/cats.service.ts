import { forwardRef, Inject, Injectable } from '@nestjs/common';
import { Deferred, Repository } from '@common/contracts.js';
import { NotFound } from '@common/errors.js';
import { OwnersService } from '../owners/owners.service.js';
import { Cat, Mood } from './cat.js';
import { CreateCatDto, ListQuery, UpdateCatDto } from './cat.dto.js';
import { CatsRepository } from './cats.repository.js';

@Injectable()
export class CatsService {
  constructor(
    @Inject(CatsRepository) private readonly repository: Repository<Cat>,
    @Inject(forwardRef(() => OwnersService)) private readonly owners: Deferred<OwnersService>,
  ) {}

  list({ breed, limit }: ListQuery): Cat[] {
    return this.repository
      .all()
      .filter((cat) => breed === undefined || cat.breed === breed)
      .slice(0, limit);
  }

  async find(id: number): Promise<Cat> {
    await null;
    const cat = this.repository.get(id);
    if (!cat) throw new NotFound('cat', id);
    return cat;
  }

  create(dto: CreateCatDto): Cat {
    return this.repository.add({ ...dto, mood: dto.mood ?? Mood.Sleepy, tags: dto.tags ?? [] });
  }

  async update(id: number, dto: UpdateCatDto): Promise<Cat> {
    return Object.assign(await this.find(id), dto);
  }

  async remove(id: number): Promise<void> {
    await this.find(id);
    this.repository.remove(id);
  }

  async ownerOf(id: number): Promise<string> {
    const cat = await this.find(id);
    return `${cat.name} belongs to ${this.owners.ownerOf(cat.name)}`;
  }

  names(): string[] {
    return this.repository.all().map((cat) => cat.name);
  }
}
