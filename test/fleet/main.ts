/**
 * Runs a fleet until it is told to stop: `node test/fleet/main.ts [count]`, three hosts when no count is given.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startFleet } from './fleet.ts';

const count = Number(process.argv[2] ?? 3);
if (!Number.isInteger(count) || count < 1) {
  console.error('usage: node test/fleet/main.ts [count of hosts]');
  process.exit(2);
}

const started = Date.now();
const fleet = await startFleet({ names: count });
const knownHosts = path.join(fleet.folder, 'known_hosts');
await writeFile(knownHosts, fleet.hosts.map((host) => `${host.address} ${host.hostKey}\n`).join(''));

console.log(`${count} hosts are up after ${((Date.now() - started) / 1000).toFixed(1)} s. Log in with:`);
for (const { name, address } of fleet.hosts) {
  console.log(`  ssh -i ${fleet.privateKey} -o UserKnownHostsFile=${knownHosts} ${fleet.user}@${address}   # ${name}`);
}
console.log('Ctrl-C stops them.');

const stayAlive = setInterval(() => undefined, 60_000);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
clearInterval(stayAlive);
await fleet.stop();
