/** Rollouts as the CLI reads them: made by the feature itself on a fleet in memory, in each state that people meet. */
import type { CanaryRollout } from '../../operator/api/v1alpha1/canaryRollout.ts';
import type { CanaryRolloutStatus } from '../../operator/api/v1alpha1/canaryRolloutStatus.ts';
import type { Facts } from '../../operator/cli/cluster/rollout/facts.ts';
import { FleetBed } from './fleetBed.ts';

export const steps = [
  { percent: 10, soakSeconds: 60 },
  { percent: 50, soakSeconds: 3600 },
  { percent: 100, soakSeconds: 60 },
];

export async function begun(spec: Partial<CanaryRollout['spec']> = {}): Promise<FleetBed> {
  const bed = new FleetBed(20, 'A', { remediation: { maxUnavailable: 5, backend: 'Local' } });
  await bed.rounds(3);
  bed.roll({ steps, ...spec });
  await bed.rounds(2);
  return bed;
}

/** As the apiserver has them: sealed, and observed as they are. */
export function factsFrom(bed: FleetBed, status: Partial<CanaryRolloutStatus> = {}): Facts {
  const rollout = bed.rollout();
  const generation = rollout.metadata.generation ?? 1;
  const conditions = (rollout.status?.conditions ?? []).map((one) => ({ ...one, observedGeneration: generation }));
  const baseline = {
    ...bed.baseline,
    spec: { ...bed.baseline.spec, updateStrategy: { type: 'Rollout' as const } },
  };
  return {
    rollout: {
      ...rollout,
      metadata: { ...rollout.metadata, generation },
      status: { ...rollout.status, observedGeneration: generation, conditions, seal: 'a'.repeat(64), ...status },
    },
    baseline,
    unread: [],
  };
}
