// MongoDB through its driver: documents and BSON types, cursors, indexes, aggregation, bulk writes, errors.
import { MongoClient, ObjectId, Long, Binary } from 'mongodb';
import { bytes, digest, limit, print } from './ends.mjs';

limit();
const client = new MongoClient(`mongodb://127.0.0.1:${process.env.APPS_MONGO_PORT}/?directConnection=true`, { maxPoolSize: 10 });
await client.connect();
const db = client.db(`apps${process.pid}`);
const items = db.collection('items');
const id = new ObjectId('65e0a0a0a0a0a0a0a0a0a0a0');
const blob = bytes(200_000);
await items.insertOne({ _id: id, name: 'é猫', n: 1, long: Long.fromString('9007199254740993'), at: new Date(Date.UTC(2024, 1, 29)), data: new Binary(blob), nested: { list: [1, 'two', null] } });
const one = await items.findOne({ _id: id });
print('one', one._id, one.name, one.n, String(one.long), one.at, digest(one.data.buffer), one.nested);
await items.insertMany(Array.from({ length: 1000 }, (_, i) => ({ name: `item ${i}`, n: i, even: i % 2 === 0 })));
print('count', await items.countDocuments({ even: true }));
let sum = 0;
for await (const item of items.find({ even: true }).sort({ n: 1 }).batchSize(50)) sum += item.n;
print('cursor', sum);
print('update', (await items.updateMany({ n: { $lt: 10 }, even: true }, { $inc: { n: 1000 } })).modifiedCount, (await items.deleteMany({ even: false })).deletedCount);
await items.createIndex({ name: 1 }, { unique: true });
await items.insertOne({ name: 'item 2' }).catch((error) => print('duplicate', error.constructor.name, error.code));
print('aggregate', await items.aggregate([{ $match: { even: true } }, { $group: { _id: '$even', total: { $sum: '$n' } } }]).toArray());
print('parallel', (await Promise.all(Array.from({ length: 100 }, (_, i) => items.findOne({ name: `item ${i * 2}` })))).filter(Boolean).length);
await db.dropDatabase();
await client.close();
await new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 100 }).connect().catch((error) => print('nobody there', error.name));
print('bye');
