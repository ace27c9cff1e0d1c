import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import helmet from 'helmet';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create<NestExpressApplication>(AppModule);
  app.use(helmet());
  app.use(compression({ threshold: 512 }));
  app.useStaticAssets(`${__dirname}/../public`, { prefix: '/public/', maxAge: '1h' });
  app.enableCors({ origin: ['http://cats.example'], credentials: true, exposedHeaders: ['X-Many'] });
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
}
void bootstrap();
