/** A control plane, the operator with its own rights behind the proxy, a witness beside it, and perhaps a host. */
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
import { lease, leaseRights, Pair } from './pair.ts';
import { Proxy } from './proxy.ts';
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
  place(): Place;
  stop(): Promise<void>;
}

const hostNames = ['faults-01', 'faults-02'];

export async function startWireBed({
  needsHost = false,
  operators = 'one',
}: { needsHost?: boolean; operators?: Operators } = {}): Promise<WireBed> {
  const [cluster, fleet] = await Promise.all([
    startClusterOnly(),
    needsHost ? startWatchedHosts(hostNames) : undefined,
  ]);
  const { kubectl, folder } = cluster;
  await kubectl.apply(...rightsOf(people));
  const direct = await cluster.cluster.kubeconfigFor(operatorAccount);
  const proxied = join(folder, 'proxied.kubeconfig');
  const ansible = join(await setUp('ansible'), 'bin');
  const elects = operators === 'leased';
  const flags = ['--ansible-bin', ansible, ...(elects ? ['--lease', `${lease.namespace}/${lease.name}`] : [])];
  await kubectl.apply(...leaseRights());
  const victim = new Victim({ kubeconfig: proxied, folder, flags });
  const pair = operators === 'one' ? undefined : new Pair(victim, { kubeconfig: proxied, folder, flags });
  const proxy = await Proxy.start({
    kubeconfig: direct,
    certificateAuthority: cluster.cluster.certificateAuthority,
    restart: () => (elects ? pair!.changeHands() : victim.restart()),
  });
  await writeFile(proxied, (await readFile(direct, 'utf8')).replaceAll(cluster.cluster.url, proxy.url), {
    mode: 0o600,
  });
  const witness = await Witness.start(cluster.cluster.kubeconfig);
  const asUser = await AsUser.connect(cluster.cluster.kubeconfig);
  await victim.start();
  let count = 0;
  return {
    cluster,
    proxy,
    victim,
    witness,
    fleet,
    operators: () => pair?.operators ?? [victim],
    join: async () => pair?.join(elects),
    place: () => {
      count += 1;
      const host = fleet && { host: fleet.hosts[count % fleet.hosts.length]!, fleet };
      return { id: `case-${count}`, kubectl, people: asUser, done: new Set(), ...host };
    },
    stop: async () => {
      await (pair ?? victim).stop();
      proxy.stop();
      await Promise.all([witness.stop(), asUser.close(), fleet?.stop()]);
      await cluster.stop();
    },
  };
}
