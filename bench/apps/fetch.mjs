// fetch as a client: eight loops against a server that is not measured. Prints microseconds of CPU a request.
const [, , url, count] = process.argv;
let left = 0;
async function loop() {
  while (left-- > 0) await (await fetch(url)).text();
}
async function run(n) {
  left = n;
  await Promise.all(Array.from({ length: 8 }, loop));
}
await run(Number(count) / 4);
const before = process.cpuUsage();
await run(Number(count));
const used = process.cpuUsage(before);
console.log((used.user + used.system) / Number(count));
process.exit();
