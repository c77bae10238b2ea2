/** How far rollouts are, counted from the cache. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { RolloutFleet } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { Gauge, Reader, Sample } from '../../runtime/feature.ts';

const labels = ['resource_namespace', 'rollout'] as const;

/** What a rollout does, as the reason of its condition `Progressing` says; all that waits for something is `Held`. */
export const rolloutStates = [
  'NothingToDo',
  'Converging',
  'Soaking',
  'Completed',
  'Held',
  'Failed',
  'RollingBack',
  'RolledBack',
  'RollbackIncomplete',
] as const;

const hostCounts = [
  'total',
  'targeted',
  'converged',
  'failed',
  'unreachable',
] as const satisfies (keyof RolloutFleet)[];

export const rolloutGauges: readonly Gauge[] = [
  {
    name: 'holdfast_rollout_state',
    help: 'Whether a rollout is in a state.',
    labels: [...labels, 'state'],
    samples: (read) =>
      each(read, (rollout, own) =>
        rolloutStates.map((state) => ({ labels: { ...own, state }, value: stateOf(rollout) === state ? 1 : 0 })),
      ),
  },
  {
    name: 'holdfast_rollout_hosts',
    help: 'Hosts of a rollout: all, those that have the revision, and how these comply with it.',
    labels: [...labels, 'state'],
    samples: (read) =>
      each(read, ({ status }, own) =>
        hostCounts.map((state) => ({ labels: { ...own, state }, value: status?.fleet?.[state] ?? 0 })),
      ),
  },
  {
    name: 'holdfast_rollout_exposed_ratio',
    help: 'The share of the hosts that may have the revision.',
    labels,
    samples: (read) =>
      each(read, ({ status }, own) => [
        { labels: own, value: status?.rollback ? 0 : (status?.exposedPercent ?? 0) / 100 },
      ]),
  },
];

function each(
  read: Reader,
  samplesOf: (rollout: CanaryRollout, own: Readonly<Record<string, string>>) => Sample[],
): Sample[] {
  return read.list(resources.CanaryRollout, '').flatMap((rollout) => {
    const { namespace = '', name } = rollout.metadata;
    return samplesOf(rollout, { resource_namespace: namespace, rollout: name });
  });
}

function stateOf({ status }: CanaryRollout): (typeof rolloutStates)[number] {
  const { rollback, failure } = status ?? {};
  if (rollback?.completionTime !== undefined) return rollback.incomplete ? 'RollbackIncomplete' : 'RolledBack';
  if (rollback) return status?.conditions?.some(isIncomplete) ? 'RollbackIncomplete' : 'RollingBack';
  if (failure !== undefined) return 'Failed';
  const reason = status?.conditions?.find(({ type }) => type === 'Progressing')?.reason;
  return rolloutStates.find((state) => state === reason) ?? 'Held';
}

function isIncomplete({ type, reason }: { readonly type: string; readonly reason: string }): boolean {
  return type === 'RolledBack' && reason === 'RollbackIncomplete';
}
