/** Reads the versions that meet here, each on its own and all within a few seconds: what may not be read, or does not come, is unknown. */
import { ownVersion } from '../../../wiring/version.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import { versionVerdict } from '../doctor/checks/apiserver.ts';
import { crdVerdict, schemaVerdict } from '../doctor/checks/crds.ts';
import { LEASE } from '../../../runtime/lease.ts';
import {
  CRD,
  DEPLOYMENT,
  operatorLabels,
  operatorName,
  POD,
  type Crd,
  type Deployment,
  type Lease,
  type Pod,
} from '../kinds.ts';
import { shipped } from '../shipped.ts';
import { unread } from '../unread.ts';
import { problemsOf, versionsJson, versionsText, type Part, type Versions } from './report.ts';
import { runningOf, skewOf, worstSkew, type Running } from './skew.ts';
import { written } from '../../written.ts';

interface Asked {
  readonly client: boolean;
  /** That of the operator. */
  readonly namespace: string;
  readonly output: 'text' | 'json';
  readonly where: Where;
  /** For all of it. */
  readonly milliseconds?: number;
}

const limitMilliseconds = 4000;
const credentialsMissing = 'the kubeconfig gave no credentials in time; log in, then repeat';

export async function runVersion(asked: Asked, io: Io): Promise<Exit> {
  const plugin = ownVersion();
  const { client, output } = asked;
  if (client) {
    io.stdout(output === 'json' ? written({ plugin: { version: plugin } }, 'json') : `Plugin      ${plugin}\n`);
    return exit.holds;
  }
  const versions = await versionsIn(plugin, asked, io);
  io.stdout(
    output === 'json'
      ? written(versionsJson(versions), 'json')
      : versionsText(versions, io.terminal?.()?.columns ?? 80),
  );
  return problemsOf(versions).length === 0 ? exit.holds : exit.differs;
}

async function versionsIn(plugin: string, { namespace, where, milliseconds = limitMilliseconds }: Asked, io: Io) {
  const signal = AbortSignal.timeout(milliseconds);
  let cluster: Cluster;
  try {
    // A program that gives credentials may wait for a person.
    cluster = await before(signal, io.cluster(where));
  } catch (error) {
    if (!(error instanceof Failure)) io.leave?.();
    const why = error instanceof Failure ? error.message.replace(/\.$/, '') : credentialsMissing;
    return nothingRead(plugin, namespace, why);
  }
  try {
    return await read(cluster, { plugin, namespace, signal }, io);
  } finally {
    // A connection that is still being made takes longer than anybody waits.
    if (signal.aborted) io.leave?.();
    else await cluster.close();
  }
}

interface Reading {
  readonly plugin: string;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

async function read(cluster: Cluster, { plugin, namespace, signal }: Reading, io: Io): Promise<Versions> {
  const { minimum, crds: ours } = await shipped(io, namespace);
  const part = async <T>(reads: () => Promise<T>): Promise<Part<T>> => {
    try {
      return { is: await before(signal, reads()) };
    } catch (error) {
      return { unread: unread(error).message.replace(/^get \S+: /, '') };
    }
  };
  const [operator, crds, apiserver] = await Promise.all([
    part(() => running(cluster, namespace, signal)),
    part(async () => {
      const pairs = await Promise.all(
        ours.map(async (one) => {
          const { name } = one.metadata;
          return { name, ours: one, live: await cluster.client.get<Crd>(CRD, { namespace: '', name }, signal) };
        }),
      );
      return { served: crdVerdict(pairs, ''), schemas: schemaVerdict(pairs, '') };
    }),
    part(async () => {
      const { gitVersion = '' } = (await cluster.client.document<{ gitVersion?: string }>('/version', signal)) ?? {};
      return { version: gitVersion, verdict: versionVerdict(gitVersion, minimum) };
    }),
  ]);
  const skew = 'is' in operator ? worstSkew(plugin, operator.is) : skewOf(plugin, undefined);
  return { plugin, namespace, operator, skew, crds, apiserver };
}

/** Pods say what runs, which is not what a Deployment wants during an upgrade; the Lease says which of them leads. */
async function running({ client }: Cluster, namespace: string, signal: AbortSignal): Promise<Running[]> {
  const key = { namespace, name: operatorName };
  const [deployment, pods, lease] = await Promise.all([
    client.get<Deployment>(DEPLOYMENT, key, signal),
    client.list(POD, namespace, '', { signal, labelSelector: operatorLabels }),
    // Who leads is only said beside it.
    client.get<Lease>(LEASE, key, signal).catch(() => undefined),
  ]);
  return runningOf({ deployment, pods: pods.items as readonly unknown[] as readonly Pod[], lease });
}

function nothingRead(plugin: string, namespace: string, why: string): Versions {
  const part = { unread: why };
  return { plugin, namespace, operator: part, skew: skewOf(plugin, undefined), crds: part, apiserver: part };
}

/** What does not heed a signal is left alone. */
function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(signal.reason as Error);
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}

/** How long a command waits for what it only warns of. */
const warningMilliseconds = 2000;

/**
 * One line for the standard error, if this plugin does not support the version of the operator that is deployed; undefined if it does, or nothing is known.
 * Never throws.
 */
export async function skewWarning(
  { client }: Pick<Cluster, 'client'>,
  namespace = 'holdfast',
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(warningMilliseconds);
  try {
    const deployment = await client.get<Deployment>(DEPLOYMENT, { namespace, name: operatorName }, signal);
    const { skew, message } = worstSkew(ownVersion(), runningOf({ deployment, pods: [], lease: undefined }));
    return skew === 'unsupported' ? `warning: ${message}.\n` : undefined;
  } catch {
    return undefined;
  }
}
