/** Packs every night on real parts: an apiserver, S3 with object lock behind a proxy that causes faults, and the operator in this process with a clock that is moved. */
import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import { openStores } from '../../operator/connect/objectStore/openStores.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { openSigning } from '../../operator/connect/signing/openSigning.ts';
import { clusterBaseline } from '../../operator/drift/clusterBaseline/index.ts';
import { evidenceExport } from '../../operator/evidence/evidenceExport/index.ts';
import { exportJournal } from '../../operator/evidence/evidenceExport/exportJournal.ts';
import { packJournal } from '../../operator/evidence/evidencePack/packJournal.ts';
import { packParts } from '../../operator/evidence/evidencePack/parts.ts';
import { evidencePack } from '../../operator/evidence/evidencePack/index.ts';
import { evidenceStore } from '../../operator/evidence/evidenceStore/index.ts';
import { clusterId } from '../../operator/evidence/cluster.ts';
import type { Kind } from '../../operator/api/kind.ts';
import { findingSources } from '../../operator/findingSources.ts';
import { keyedDigest } from '../../operator/lib/digest.ts';
import { notifiers } from '../../operator/notifiers.ts';
import { Client } from '../../operator/runtime/client.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { openAll } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { createMetrics } from '../../operator/runtime/metrics.ts';
import { startRuntime, type Runtime } from '../../operator/runtime/runtime.ts';
import { approvalPolicies } from '../../operator/wiring/approvalPolicies.ts';
import { openJournals } from '../../operator/wiring/journals.ts';
import { openBucket } from '../objectStore/bucket.ts';
import { startFaultProxy, type FaultProxy, type Seen } from '../objectStore/faultProxy.ts';
import { serverAt, startGateway, type Gateway } from '../objectStore/gateway.ts';
import { operatorAccount } from '../operator/bed.ts';
import { home, startClusterOnly, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { movedClock, type MovedClock } from '../operator/movedClock.ts';
import { until } from '../operator/until.ts';

export const bucket = 'audit';
export const root = `prod/holdfast.dev/${home}/main`;

export interface NightlyBed {
  readonly cluster: ClusterOnlyBed;
  readonly clock: MovedClock;
  readonly folder: string;
  /** Before the store of the operator that runs. */
  readonly proxy: FaultProxy;
  readonly key: { readonly private: string; readonly public: string };
  start(): Promise<void>;
  /** Nothing of it reaches the store or the apiserver from now on, and what its disk has is what the next one finds. */
  kill(): Promise<void>;
  /** The store as it is, without the proxy. */
  readonly store: ObjectStore;
  /** All that is below the root, copied to a new folder. */
  download(): Promise<string>;
  /** Each version of each object, by its key below the root. */
  versions(): Promise<string[]>;
  pack(name?: string): Promise<EvidencePack | undefined>;
  stop(): Promise<void>;
}

interface Running {
  readonly proxy: FaultProxy;
  readonly client: Client;
  readonly runtime: Runtime;
  readonly journals: ReturnType<typeof openJournals>;
  readonly state: string;
}

export async function startNightlyBed(): Promise<NightlyBed> {
  const [cluster, gateway] = await Promise.all([startClusterOnly(), startGateway()]);
  await gateway.createBucket(bucket, 'locked');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-nightly-'));
  const clock = movedClock();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const found = openBucket(gateway, bucket, root);
  const dead: Promise<unknown>[] = [];
  let count = 0;
  let state = '';
  let running: Running | undefined;
  const current = (): Running => {
    if (!running) throw new Error('no operator runs');
    return running;
  };

  async function start(): Promise<void> {
    const next = join(folder, `state-${++count}`);
    await (state === ''
      ? mkdir(next, { mode: 0o700 })
      : cp(state, next, { recursive: true, preserveTimestamps: true }));
    state = next;
    running = await startOperator({ gateway, cluster, clock, state: next });
  }

  async function kill(): Promise<void> {
    const { proxy, client, runtime, journals } = current();
    running = undefined;
    const gone = [proxy.stop(), client.close()];
    const copied = join(folder, `state-${++count}`);
    await cp(state, copied, { recursive: true });
    state = copied;
    dead.push(
      ...gone,
      runtime.stop().catch(() => undefined),
      journals.stop(),
    );
  }

  return {
    cluster,
    clock,
    folder,
    get proxy() {
      return current().proxy;
    },
    key: {
      private: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      public: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    start,
    kill,
    store: found.store,
    download: () => found.download(join(folder, `copy-${++count}`)),
    versions: () => found.versions(),
    pack: (name = 'nightly') => cluster.kubectl.get<EvidencePack>('evidencepack', name, home),
    async stop() {
      if (running) await kill();
      await Promise.allSettled(dead);
      found.close();
      await Promise.all([cluster.stop(), gateway.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startOperator({
  gateway,
  cluster: { cluster },
  clock,
  state,
}: {
  gateway: Gateway;
  cluster: ClusterOnlyBed;
  clock: MovedClock;
  state: string;
}): Promise<Running> {
  const proxy = await startFaultProxy(gateway.url);
  const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  const client = new Client(await connect({ clock, environment: {}, kubeconfig }));
  const log = createLog('silent');
  const metrics = createMetrics();
  const openStore = openStores({
    servers: [serverAt(proxy.url, { silenceSeconds: 1, requestSeconds: 5 })],
    quota: Infinity,
    folder: join(state, 'evidence'),
  });
  const seal = (text: string): string => keyedDigest(Buffer.from('seal'), text);
  const conceal = (text: string): string => `hmac:${keyedDigest(Buffer.from('key'), text).slice(0, 16)}`;
  let runtime: Runtime | undefined = undefined;
  let id: string | undefined;
  let nonces = 0;
  const journals = openJournals({
    folder: join(state, 'journal'),
    spoolBytes: 64 << 20,
    openStore,
    read: () => runtime?.reader,
    lookAgain: (namespace) => runtime?.lookAgain(namespace),
    cluster: () => id,
    ...{ seal, clock, log, registry: metrics.registry },
  });
  const [packs, exported] = [join(state, 'packs'), join(state, 'exports')];
  await mkdir(packs, { recursive: true, mode: 0o700 });
  await mkdir(exported, { recursive: true, mode: 0o700 });
  const features = openAll([evidenceStore, evidencePack, evidenceExport, clusterBaseline], {
    ...{ seal, conceal, openStore },
    nonce: () => `n${state.slice(-4).replaceAll(/\W/g, '')}-${++nonces}`,
    elapsed: () => clock.elapsed(),
    approvalPolicies: approvalPolicies(),
    journalOf: (store) => journals.standing(store),
    record: packJournal(journals).append,
    signing: openSigning([]),
    packParts: {
      ...packParts(conceal),
      journal: packJournal(journals),
      sources: findingSources,
      folder: packs,
      version: '0.1.0',
      now: () => clock.now(),
    },
    exportParts: { journal: exportJournal(journals), folder: exported, now: () => clock.now() },
  });
  runtime = await startRuntime({
    ...{ client, features, notifiers, log, metrics, clock },
    recorder: journals,
    beforePasses: async () => {
      const fetch = (kind: unknown, key: { namespace: string; name: string }, signal: AbortSignal) =>
        client.get(kind as Kind, key, signal);
      id = await clusterId({ tryFetch: fetch } as Parameters<typeof clusterId>[0], AbortSignal.timeout(10_000));
    },
    // It is no process of its own.
    exit: () => undefined,
  });
  await runtime.leading;
  return { proxy, client, runtime, journals, state };
}

/** The next 02:00 of UTC after an instant, and some seconds. */
export function nextNight(now: Date, nights = 1): Date {
  const night = new Date(now);
  night.setUTCHours(2, 0, 5, 0);
  if (night <= now) night.setUTCDate(night.getUTCDate() + 1);
  night.setUTCDate(night.getUTCDate() + nights - 1);
  return night;
}

/** The pack of that number, once it is stored and told. */
export async function untilStored(bed: NightlyBed, sequence: number, name?: string): Promise<EvidencePack> {
  let last: EvidencePack | undefined;
  return until(
    `pack ${sequence} is stored`,
    async () => {
      last = await bed.pack(name);
      return last?.status?.last?.sequence === sequence && !last.status.making ? last : undefined;
    },
    { seconds: 40, seen: () => last?.status },
  );
}

/** What of a pack is written by that request. */
export function partOf({ method, path }: Pick<Seen, 'method' | 'path'>): string | undefined {
  if (method !== 'PUT') return undefined;
  const [, part] =
    /\/packs\/nightly\/(?:\d{8}-\w+\/(\w+)-\d{8}\.json)/.exec(path) ??
    /\/packs\/nightly\/\d{8}\.(sigstore)\.json/.exec(path) ??
    /\/(journal)\/\d+\.ndjson/.exec(path) ??
    /\/keys\/(manifest|[0-9a-f]{64})/.exec(path) ??
    [];
  return part;
}
