// Prints what a query costs, a line: name, tab, microseconds of CPU (the best of several batches, after a warm-up). Node's packages lie in MODULES.
import { createRequire } from 'node:module';

const { Client } = createRequire(`${process.env.MODULES}/`)('pg');
const clock = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const client = new Client({ host: '127.0.0.1', port: Number(process.env.PGPORT), user: 'bench', database: 'postgres' });
await client.connect();

async function measure(name, query) {
  const QUERIES = 3000;
  let best = Infinity;
  for (let batch = -2; batch < 6; batch++) {
    const began = clock();
    for (let i = 0; i < QUERIES; i++) await query();
    if (batch >= 0) best = Math.min(best, (clock() - began) / QUERIES);
  }
  console.log(`${name}\t${best}`);
}
await measure('pg: select 1', () => client.query('select 1'));
await measure('pg: prepared, 100 rows', () => client.query({ name: 'rows', text: 'select i, i::text as t from generate_series(1, $1) i', values: [100] }));
await client.end();
