/**
 * The program measured: the runtime with one feature that does what ../go does, and speaks the same lines.
 * Usage: node ours.ts KUBECONFIG whole|projected. A projected cache keeps the digest of a spec instead of the spec.
 * Without a kubeconfig it ends at once.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import { digestOf } from '../../../operator/lib/digest.ts';
import { Client } from '../../../operator/runtime/client.ts';
import { systemClock } from '../../../operator/runtime/clock.ts';
import { connect } from '../../../operator/runtime/connection.ts';
import type { Kind } from '../../../operator/api/kind.ts';
import type { OpenFeature } from '../../../operator/runtime/feature.ts';
import { createLog } from '../../../operator/runtime/log.ts';
import { startRuntime } from '../../../operator/runtime/runtime.ts';
import { outcome } from './widgets.ts';

const [kubeconfig, mode] = process.argv.slice(2);
if (kubeconfig === undefined) process.exit();
const widgets: Kind = {
  group: 'bench.holdfast.dev',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};

const last = new Map<string, string>();
const counts = { decisions: 0, changes: 0 };

/** Decides whether the object is another than it was when last looked at. */
const feature: OpenFeature<Resource, boolean> = {
  kind: widgets,
  workers: 1,
  ...(mode === 'projected' && { keeps: (object) => ({ ...object, spec: digestOf(object.spec) }) }),
  observe({ metadata: { name }, spec }) {
    const digest = typeof spec === 'string' ? spec : digestOf(spec);
    counts.decisions++;
    if (last.get(name) === digest) return false;
    last.set(name, digest);
    counts.changes++;
    return true;
  },
  decide: () => ({ outcome: { is: 'ready', ...outcome }, status: {}, actions: [] }),
};

const client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }));
const runtime = await startRuntime({
  client,
  features: [feature],
  notifiers: [],
  log: createLog('warn', process.stderr),
});

await runtime.synced;
const { user, system } = process.cpuUsage();
say({ event: 'synced', cpuSeconds: (user + system) / 1e6 });
const asked = createInterface({ input: process.stdin });
asked.on('line', () => say({ event: 'count', objects: last.size, ...counts }));
await once(asked, 'close');
await runtime.stop();
await client.close();

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
