/** Runs a test cluster in the foreground until Ctrl-C. Usage: node test/cluster/main.ts [--scheduler] [--audit] */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startCluster } from './cluster.ts';

const { values: options } = parseArgs({ options: { scheduler: { type: 'boolean' }, audit: { type: 'boolean' } } });
const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
// Keeps this process alive: the components of the cluster do not.
const alive = setInterval(() => {}, 2 ** 30);
const cluster = await startCluster(options);
console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
console.log(`alias kubectl=${cluster.kubectl}`);
console.error(`The cluster is at ${cluster.url}, its logs are in ${cluster.dataFolder}. Ctrl-C ends it.`);
await ended;
await cluster.stop();
clearInterval(alive);
