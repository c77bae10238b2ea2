/** A control plane, one operator for all places, and what is stored, seen. */
import { AsUser } from '../../operator/asUser.ts';
import { operatorAccount } from '../../operator/bed.ts';
import { startClusterOnly, type ClusterOnlyBed } from '../../operator/clusterOnly.ts';
import { grantedIn } from '../../operator/grants.ts';
import { people, rightsOf } from '../../operator/people.ts';
import type { Operator } from '../../operator/process.ts';
import { Seen } from './seen.ts';

export interface MutationBed {
  readonly cluster: ClusterOnlyBed;
  readonly operator: Operator;
  readonly seen: Seen;
  readonly users: AsUser;
  /** The name of a new namespace. */
  place(): Promise<string>;
  stop(): Promise<void>;
}

export async function startMutationBed(): Promise<MutationBed> {
  const cluster = await startClusterOnly();
  await cluster.kubectl.apply(...rightsOf(people));
  const seen = await Seen.start(cluster.cluster.kubeconfig);
  const users = await AsUser.connect(cluster.cluster.kubeconfig);
  const operator = await cluster.operator('--runner-image', 'example.com/runner', '--allowed-networks', '127.0.0.0/8');
  let count = 0;
  return {
    cluster,
    operator,
    seen,
    users,
    place: async () => {
      const id = `case-${(count += 1)}`;
      await cluster.kubectl.apply(
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: id, labels: { place: id } } },
        ...grantedIn(id, operatorAccount),
      );
      return id;
    },
    stop: async () => {
      await Promise.all([seen.stop(), users.close()]);
      await cluster.stop();
    },
  };
}
