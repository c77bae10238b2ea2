/** A control plane, the operator with its own rights behind the proxy, a witness beside it, and perhaps hosts. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setUp } from '../../cluster/setUp.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { AsUser } from '../../operator/asUser.ts';
import { operatorAccount } from '../../operator/bed.ts';
import { startClusterOnly, type ClusterOnlyBed } from '../../operator/clusterOnly.ts';
import { people, rightsOf } from '../../operator/people.ts';
import type { Operators, Place } from '../scenarios/scenario.ts';
import { startWatchedHosts } from './hosts.ts';
import { leaseFlags, leaseRights, sharedKey } from './lease.ts';
import { Pair } from './pair.ts';
import { Proxy, type ProxyOptions } from './proxy.ts';
import { Victim } from './victim.ts';
import { Witness } from './witness.ts';

export interface WireBed {
  readonly cluster: ClusterOnlyBed;
  readonly proxy: Proxy;
  readonly victim: Victim;
  readonly witness: Witness;
  readonly fleet: Fleet | undefined;
  /** Those that are there now. */
  readonly operators: () => readonly Victim[];
  /** Starts the second operator, where there are two; references are made before. */
  join(): Promise<void>;
  /** A new one each time. */
  readonly place: () => Place;
  stop(): Promise<void>;
}

type Hooks = Pick<ProxyOptions, 'onWrite' | 'onRead' | 'onLease'>;

export interface WireBedOptions extends Hooks {
  readonly needsHost?: boolean;
  /** `one` when absent. */
  readonly operators?: Operators;
  readonly flags?: readonly string[];
  /** Variables of the operator. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a bed has before there is an operator. */
export type StoryBed = Pick<WireBed, 'cluster' | 'witness' | 'fleet' | 'place' | 'stop'>;

const hostNames = ['faults-01', 'faults-02'];

export async function startStoryBed({ needsHost = false }: Pick<WireBedOptions, 'needsHost'> = {}): Promise<StoryBed> {
  const [cluster, fleet] = await Promise.all([
    startClusterOnly(),
    needsHost ? startWatchedHosts(hostNames) : undefined,
  ]);
  const { kubectl } = cluster;
  await kubectl.apply(...rightsOf(people), ...leaseRights);
  const witness = await Witness.start(cluster.cluster.kubeconfig);
  const asUser = await AsUser.connect(cluster.cluster.kubeconfig);
  let count = 0;
  return {
    cluster,
    witness,
    fleet,
    place: () => {
      count += 1;
      const host = fleet && { host: fleet.hosts[count % fleet.hosts.length]!, fleet };
      return { id: `case-${count}`, kubectl, people: asUser, done: new Set(), ...host };
    },
    stop: async () => {
      await Promise.all([witness.stop(), asUser.close(), fleet?.stop()]);
      await cluster.stop();
    },
  };
}

export async function startWireBed({
  needsHost,
  operators = 'one',
  flags = [],
  environment,
  ...hooks
}: WireBedOptions = {}): Promise<WireBed> {
  const bed = await startStoryBed({ needsHost });
  const { folder } = bed.cluster;
  const kubeconfig = join(folder, 'proxied.kubeconfig');
  const ansible = join(await setUp('ansible'), 'bin');
  const elects = operators === 'leased';
  const all = ['--ansible-bin', ansible, ...(elects ? leaseFlags : []), ...sharedKey(folder), ...flags];
  const options = { kubeconfig, folder, environment, flags: all };
  const victim = new Victim(options);
  const pair = operators === 'one' ? undefined : new Pair(victim, options);
  const restart = () => (pair && elects ? pair.changeHands() : victim.restart());
  const proxy = await proxyTo(bed.cluster, kubeconfig, { restart, ...hooks });
  await victim.start();
  return {
    ...bed,
    proxy,
    victim,
    operators: () => pair?.operators ?? [victim],
    join: async () => pair?.join(elects),
    stop: async () => {
      await (pair ?? victim).stop();
      proxy.stop();
      await bed.stop();
    },
  };
}

/** Between an operator and the apiserver; `kubeconfig` is the path of the one that is written for it. */
export async function proxyTo(
  { cluster }: Pick<ClusterOnlyBed, 'cluster'>,
  kubeconfig: string,
  hooks: Pick<ProxyOptions, 'restart'> & Hooks,
): Promise<Proxy> {
  const direct = await cluster.kubeconfigFor(operatorAccount);
  const { certificateAuthority } = cluster;
  const proxy = await Proxy.start({ kubeconfig: direct, certificateAuthority, ...hooks });
  await writeFile(kubeconfig, (await readFile(direct, 'utf8')).replaceAll(cluster.url, proxy.url), { mode: 0o600 });
  return proxy;
}
