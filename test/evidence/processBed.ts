/**
 * Packs of the operator as a process of its own, on real parts: an apiserver, S3 with object lock, and a proxy before it that causes faults. What was drifted
 * and put right by turns is counted, so that the journal can be counted against it.
 */
import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { EvidencePack, EvidencePackSpec } from '../../operator/api/v1alpha1/evidencePack.ts';
import { openBucket, type Bucket } from '../objectStore/bucket.ts';
import { startFaultProxy, type FaultProxy } from '../objectStore/faultProxy.ts';
import { gatewayCredentials, startGateway, type Gateway } from '../objectStore/gateway.ts';
import { apiVersion, conditionOf, operatorAccount } from '../operator/bed.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { startOperator, type Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';

export const bucket = 'audit';
export const root = `prod/holdfast.dev/${home}/main`;

export interface Pem {
  readonly private: string;
  readonly public: string;
}

export interface ProcessBed {
  readonly cluster: ClusterOnlyBed;
  readonly gateway: Gateway;
  readonly proxy: FaultProxy;
  readonly bucket: Bucket;
  readonly folder: string;
  readonly key: Pem;
  /** How often the drift was opened and ended. */
  readonly turns: number;
  start(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** With its disk gone as well, as a pod that comes to another node. */
  killWithDisk(): Promise<void>;
  operator(): Operator;
  /** The drift comes, or goes, and the operator has seen it. */
  turn(): Promise<void>;
  /** The same while no operator runs. */
  turnUnseen(): Promise<void>;
  /** Declares that a pack is due now, of the time since the one before. */
  due(name?: string, spec?: Partial<EvidencePackSpec>): Promise<void>;
  pack(name?: string): Promise<EvidencePack | undefined>;
  /** Resolves when the pack of that number is stored and told. */
  stored(sequence: number, name?: string): Promise<EvidencePack>;
  /** The store as an auditor copies it. */
  download(): Promise<string>;
  stop(): Promise<void>;
}

export interface ProcessBedOptions {
  /** Variables of the operator. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** More object stores, in its configuration. */
  readonly stores?: (gateway: Gateway) => Promise<Readonly<Record<string, object>>>;
  readonly silenceSeconds?: number;
  /** Of each pack; the usual ones, if undefined. */
  readonly sections?: EvidencePackSpec['sections'];
}

export function newPem(namedCurve = 'P-256'): Pem {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    private: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    public: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

export function secretOf(name: string, stringData: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: home }, stringData };
}

export function storeOf(name: string, endpoint = 'main'): object {
  return {
    apiVersion,
    kind: 'EvidenceStore',
    metadata: { name, namespace: home },
    spec: {
      s3: {
        ...{ endpoint, bucket, prefix: 'prod', credentialsRef: { name: 'bucket-keys' } },
        objectLock: { mode: 'Governance', retentionDays: 400 },
      },
    },
  };
}

const banner = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'banner', namespace: home },
  data: { text: 'Authorized use only.' },
};

const baseline = {
  apiVersion,
  kind: 'ClusterBaseline',
  metadata: { name: 'platform' },
  spec: {
    serviceAccountRef: { namespace: home, name: writer },
    mode: 'Inform',
    objects: [{ name: 'banner', severity: 'High', controls: ['NIST-800-53:AC-8'], template: banner }],
  },
};

/** With a store that is ready, a key, and a drift that is there. */
export async function startProcessBed(options: ProcessBedOptions = {}): Promise<ProcessBed> {
  const { environment, flags = [], stores, silenceSeconds = 2, sections } = options;
  const [cluster, gateway] = await Promise.all([startClusterOnly(), startGateway()]);
  await gateway.createBucket(bucket, 'locked');
  const proxy = await startFaultProxy(gateway.url);
  const { folder, kubectl } = cluster;
  const found = openBucket(gateway, bucket, root);
  const key = newPem();
  const limits = { silenceSeconds, requestSeconds: 10, connectSeconds: 5 };
  const configuration = join(folder, 'object-stores.json');
  const main = { s3: { endpoint: proxy.url, region: 'us-east-1', ...limits } };
  writeFileSync(configuration, JSON.stringify({ main, ...(await stores?.(gateway)) }));
  const kubeconfig = await cluster.cluster.kubeconfigFor(operatorAccount);
  let operator: Operator | undefined;
  let turns = 0;
  let isDrifted = true;
  let copies = 0;
  /** Of the last pack that was declared, and of the last one that was stored: where periods end. */
  const [declared, covered] = [new Map<string, number>(), new Map<string, number>()];

  const current = (): Operator => {
    if (!operator) throw new Error('no operator runs');
    return operator;
  };
  const compliant = (status: string): Promise<true> =>
    until(`the baseline is Compliant: ${status}`, async () => {
      const object = await kubectl.get<ClusterBaseline>('clusterbaseline', 'platform');
      return conditionOf(object, 'Compliant')?.status === status || undefined;
    });
  const bed: ProcessBed = {
    ...{ cluster, gateway, proxy, bucket: found, folder, key },
    get turns() {
      return turns;
    },
    async start() {
      operator = await startOperator({
        ...{ kubeconfig, folder, ...(environment && { environment }) },
        flags: ['--object-stores', configuration, ...flags],
      });
    },
    async kill() {
      await current().kill();
      operator = undefined;
    },
    async killWithDisk() {
      await bed.kill();
      rmSync(join(folder, 'state/journal'), { recursive: true, force: true });
    },
    operator: current,
    async turn() {
      await bed.turnUnseen();
      await compliant(isDrifted ? 'False' : 'True');
    },
    async turnUnseen() {
      if (isDrifted) await kubectl.apply(banner);
      else await kubectl.run('delete', 'configmap', 'banner', '-n', home);
      isDrifted = !isDrifted;
      turns += 1;
    },
    async due(name = 'nightly', spec = {}) {
      const before = covered.get(name);
      const end = Math.max(Math.floor(Date.now() / 1000), (declared.get(name) ?? 0) + 1);
      declared.set(name, end);
      const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
      await kubectl.apply({
        apiVersion,
        kind: 'EvidencePack',
        metadata: { name, namespace: home },
        spec: {
          storeRef: { name: 'main' },
          period: { startTime: time(before ?? end - 3600), endTime: time(end) },
          signing: { keyRef: { name: 'evidence-key' } },
          ...(sections && { sections }),
          ...spec,
        },
      });
    },
    pack: (name = 'nightly') => kubectl.get<EvidencePack>('evidencepack', name, home),
    async stored(sequence, name = 'nightly') {
      let last: EvidencePack | undefined;
      const found = await until(
        `pack ${sequence} is stored`,
        async () => {
          last = await bed.pack(name);
          return last?.status?.last?.sequence === sequence && !last.status.making ? last : undefined;
        },
        { seconds: 90, seen: () => last?.status },
      );
      covered.set(name, declared.get(name)!);
      return found;
    },
    download: () => found.download(join(folder, `copy-${++copies}`)),
    async stop() {
      await operator?.kill();
      found.close();
      await proxy.stop();
      await Promise.all([cluster.stop(), gateway.stop()]);
    },
  };
  try {
    await bed.start();
    await kubectl.apply(
      secretOf('bucket-keys', { ...gatewayCredentials }),
      secretOf('evidence-key', { 'private.pem': key.private }),
      storeOf('main'),
      baseline,
    );
    turns += 1;
    await compliant('False');
    await until('the store is ready', async () => {
      const object = await kubectl.get<EvidencePack>('evidencestore', 'main', home);
      return conditionOf(object, 'Ready')?.status === 'True' || undefined;
    });
  } catch (error) {
    await bed.stop();
    throw error;
  }
  return bed;
}
