/** What a decision on a rollout is about. Pure. */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { CanaryRolloutStatus } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { RolloutWorld } from './observe.ts';

export interface Rolling {
  readonly rollout: CanaryRollout;
  readonly world: RolloutWorld;
  readonly baseline: DeviceBaseline;
  /** The revision that the baseline declares. */
  readonly declared: string;
  /** Of the status, what says how far the rollout is. */
  readonly status: Position;
}

export type Position = Pick<
  CanaryRolloutStatus,
  | 'revision'
  | 'previousRevision'
  | 'step'
  | 'exposedPercent'
  | 'startTime'
  | 'runBefore'
  | 'stepStartTime'
  | 'soakStartTime'
  | 'completionTime'
  | 'failure'
  | 'rollback'
  | 'verdict'
  | 'verdicts'
  | 'blindSince'
  | 'budgets'
  | 'comparisons'
  | 'approval'
>;

export function positionOf({
  revision,
  previousRevision,
  step,
  exposedPercent,
  startTime,
  runBefore,
  stepStartTime,
  soakStartTime,
  completionTime,
  failure,
  rollback,
  verdict,
  verdicts,
  blindSince,
  budgets,
  comparisons,
  approval,
}: CanaryRolloutStatus): Position {
  const all = {
    revision,
    previousRevision,
    step,
    exposedPercent,
    startTime,
    runBefore,
    stepStartTime,
    soakStartTime,
    completionTime,
    failure,
    rollback,
    verdict,
    verdicts,
    blindSince,
    budgets,
    comparisons,
    approval,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
