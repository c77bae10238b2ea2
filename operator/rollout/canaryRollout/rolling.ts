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

const position = [
  'revision',
  'previousRevision',
  'step',
  'exposedPercent',
  'startTime',
  'runBefore',
  'stepStartTime',
  'soakStartTime',
  'completionTime',
  'failure',
  'rollback',
  'verdict',
  'verdicts',
  'blindSince',
  'budgets',
  'comparisons',
  'approval',
] as const satisfies (keyof CanaryRolloutStatus)[];

export type Position = Pick<CanaryRolloutStatus, (typeof position)[number]>;

/** What is undefined is left out. */
export function positionOf(status: CanaryRolloutStatus): Position {
  return Object.fromEntries(position.flatMap((field) => (status[field] === undefined ? [] : [[field, status[field]]])));
}
