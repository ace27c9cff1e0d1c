// An application whose provider cannot be resolved: NestFactory prints why and ends the process.
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

class Missing {}

@Injectable()
class NeedsMissing {
  constructor(readonly missing: Missing) {}
}

@Module({ providers: [NeedsMissing] })
class BrokenModule {}

const app = await NestFactory.create(BrokenModule);
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
