// Express's JSON parser: a POST of 1 KB, a small answer.
import { createRequire } from 'node:module';

const express = createRequire(`${process.env.PACKAGES}/`)('express');
const app = express();
app.use(express.json());
app.get('/', (request, response) => response.send('up'));
app.post('/', (request, response) => response.json({ id: request.body.id, items: request.body.items.length }));
app.listen(Number(process.env.PORT), '127.0.0.1');
