console.log('waits: before');
process.nextTick(() => console.log('waits: tick'));
await new Promise((resolve) => setTimeout(resolve, 5));
console.log('waits: after');
export const waited = true;
