/** Runtimes on a real control plane, each with a client of its own whose requests are counted. */
import { systemClock } from '../../operator/runtime/clock.ts';
import { Client } from '../../operator/runtime/client.ts';
import { connect } from '../../operator/runtime/connection.ts';
import type { Kind } from '../../operator/api/kind.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { notifiers } from '../../operator/notifiers.ts';
import type { OpenFeature } from '../../operator/runtime/feature.ts';
import { createLog, type LogLevel } from '../../operator/runtime/log.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../operator/runtime/runtime.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { requireSoundStatus } from '../soundStatus.ts';
import { until } from '../operator/until.ts';
import { DROP, VALVE, manifest, valve, type Valve, type ValveSpec } from './valves.ts';

export class ClusterBed {
  readonly cluster: Cluster;
  /** With all rights. */
  readonly client: Client;
  /** `verb code` of each request of the runtimes since the last start. */
  requests: string[] = [];
  readonly #running: { runtime: Runtime; client: Client }[] = [];

  static async open(): Promise<ClusterBed> {
    const cluster = await startCluster({ manifests: [manifest] });
    return new ClusterBed(cluster, new Client(await connectTo(cluster.kubeconfig)));
  }

  constructor(cluster: Cluster, client: Client) {
    this.cluster = cluster;
    this.client = client;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.cluster.stop();
  }

  /** Stops all runtimes and removes all Valves and Drops. */
  async clear(): Promise<void> {
    while (this.#running.length > 0) await this.stopFirst();
    for (const kind of [VALVE, DROP]) await this.#removeAll(kind);
  }

  async start(
    features: readonly unknown[],
    { kubeconfig, ...options }: Partial<RuntimeOptions> & { kubeconfig?: string } = {},
  ): Promise<Runtime> {
    this.requests = [];
    const onRequest = (verb: string, code: string): void => void this.requests.push(`${verb} ${code}`);
    const client = new Client(await connectTo(kubeconfig ?? this.cluster.kubeconfig), { onRequest });
    const log = createLog((process.env.LOG_LEVEL as LogLevel | undefined) ?? 'silent');
    const runtime = await startRuntime({ client, features: features as OpenFeature[], notifiers, log, ...options });
    this.#running.push({ runtime, client });
    return runtime;
  }

  /** Stops the runtime that was started first. */
  async stopFirst(): Promise<void> {
    const first = this.#running.shift();
    await first?.runtime.stop();
    await first?.client.close();
  }

  async create(name: string, spec: ValveSpec = { level: 1 }): Promise<Valve> {
    return (await this.client.create(VALVE, valve(name, spec), { manager: 'test' })) as unknown as Valve;
  }

  /** Every status that is read on the way is looked over. */
  async get<R extends Resource>(kind: Kind<R>, name: string): Promise<R | undefined> {
    const seen = await this.client.get<R>(kind, { namespace: 'default', name });
    if (seen) requireSoundStatus(seen);
    return seen;
  }

  /** The Valve when it is ready for its newest generation, or for that given. */
  readyValve(name: string, generation?: number): Promise<Valve> {
    return until(`${name} is ready`, async () => {
      const seen = await this.get<Valve>(VALVE, name);
      const is = seen?.status?.conditions?.find(({ type }) => type === 'Ready');
      const isObserved = seen?.status?.observedGeneration === (generation ?? seen?.metadata.generation);
      return is?.status === 'True' && isObserved ? seen : undefined;
    });
  }

  async #removeAll(kind: Kind): Promise<void> {
    for (;;) {
      const { items } = await this.client.list(kind, 'default', '');
      if (items.length === 0) return;
      for (const { metadata } of items) {
        const key = { namespace: 'default', name: metadata.name };
        const free = { metadata: { finalizers: null } };
        if (metadata.finalizers)
          await this.client.mergePatch(kind, key, free, { manager: 'test' }).catch(() => undefined);
        await this.client.delete(kind, key, metadata.uid ?? '').catch(() => undefined);
      }
    }
  }
}

async function connectTo(kubeconfig: string) {
  return connect({ clock: systemClock, environment: {}, kubeconfig });
}
