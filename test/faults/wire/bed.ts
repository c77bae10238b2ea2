/** A control plane, the operator with its own rights behind the proxy, a witness beside it, and perhaps a host. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setUp } from '../../cluster/setUp.ts';
import { startFleet } from '../../fleet/fleet.ts';
import { AsUser } from '../../operator/asUser.ts';
import { operatorAccount } from '../../operator/bed.ts';
import { startClusterOnly, type ClusterOnlyBed } from '../../operator/clusterOnly.ts';
import { people, rightsOf } from '../../operator/people.ts';
import type { Place } from '../scenarios/scenario.ts';
import { leaseRights } from './lease.ts';
import { Proxy, type ProxyOptions } from './proxy.ts';
import { Victim } from './victim.ts';
import { Witness } from './witness.ts';

export interface WireBed {
  readonly cluster: ClusterOnlyBed;
  readonly proxy: Proxy;
  readonly victim: Victim;
  readonly witness: Witness;
  /** A new one each time. */
  readonly place: () => Place;
  stop(): Promise<void>;
}

const hostName = 'faults-01';

export interface WireBedOptions extends Pick<ProxyOptions, 'onWrite' | 'onRead' | 'onLease'> {
  readonly needsHost?: boolean;
  readonly flags?: readonly string[];
  /** Variables of the operator. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a bed has before there is an operator. */
export type StoryBed = Pick<WireBed, 'cluster' | 'witness' | 'place' | 'stop'>;

export async function startStoryBed({ needsHost = false }: Pick<WireBedOptions, 'needsHost'> = {}): Promise<StoryBed> {
  const [cluster, fleet] = await Promise.all([
    startClusterOnly(),
    needsHost ? startFleet({ names: [hostName] }) : undefined,
  ]);
  const { kubectl } = cluster;
  await kubectl.apply(...rightsOf(people), ...leaseRights);
  const witness = await Witness.start(cluster.cluster.kubeconfig);
  const asUser = await AsUser.connect(cluster.cluster.kubeconfig);
  let count = 0;
  return {
    cluster,
    witness,
    place: () => ({
      id: `case-${(count += 1)}`,
      kubectl,
      people: asUser,
      done: new Set(),
      ...(fleet && { host: fleet.hosts[0]!, fleet }),
    }),
    stop: async () => {
      await Promise.all([witness.stop(), asUser.close(), fleet?.stop()]);
      await cluster.stop();
    },
  };
}

export async function startWireBed({
  needsHost,
  flags = [],
  environment,
  ...hooks
}: WireBedOptions = {}): Promise<WireBed> {
  const bed = await startStoryBed({ needsHost });
  const { folder } = bed.cluster;
  const kubeconfig = join(folder, 'proxied.kubeconfig');
  const ansible = join(await setUp('ansible'), 'bin');
  const victim = new Victim({ kubeconfig, folder, environment, flags: ['--ansible-bin', ansible, ...flags] });
  const proxy = await proxyTo(bed.cluster, kubeconfig, { restart: () => victim.restart(), ...hooks });
  await victim.start();
  return {
    ...bed,
    proxy,
    victim,
    stop: async () => {
      await victim.stop();
      proxy.stop();
      await bed.stop();
    },
  };
}

/** Between an operator and the apiserver; `kubeconfig` is the path of the one that is written for it. */
export async function proxyTo(
  { cluster }: Pick<ClusterOnlyBed, 'cluster'>,
  kubeconfig: string,
  hooks: Pick<ProxyOptions, 'restart' | 'onWrite' | 'onRead' | 'onLease'>,
): Promise<Proxy> {
  const direct = await cluster.kubeconfigFor(operatorAccount);
  const { certificateAuthority } = cluster;
  const proxy = await Proxy.start({ kubeconfig: direct, certificateAuthority, ...hooks });
  await writeFile(kubeconfig, (await readFile(direct, 'utf8')).replaceAll(cluster.url, proxy.url), { mode: 0o600 });
  return proxy;
}
