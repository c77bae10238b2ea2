/**
 * What people ask of a rollout by an annotation. Each names what it is about, so that one that is still there later, or in Git, does nothing. Whoever may
 * change the rollout may write them: none of them goes past an approval, or past a gate that fails. Pure.
 */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { CanaryRolloutStatus } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { Rejection } from '../../api/v1alpha1/assignment.ts';

const prefix = 'holdfast.dev/rollout-';

export const requestAnnotations = {
  /** Ends the soak of a step: `REVISION@START/STEP`. */
  skip: `${prefix}skip`,
  /** Goes on to the last step: `REVISION@START/STEP`. */
  promote: `${prefix}promote`,
  /** Takes the revision back: `REVISION@START`. */
  abort: `${prefix}abort`,
  /** Rolls a revision out again that was taken back: `REVISION@TIME of its rejection`. */
  retry: `${prefix}retry`,
} as const;

export type Request = keyof typeof requestAnnotations;

function isAsked({ metadata }: CanaryRollout, request: Request, value: string): boolean {
  return metadata.annotations?.[requestAnnotations[request]] === value;
}

/** What is in progress: a revision, and since when. One that is rolled out again is requested about again. */
export type InProgress = Pick<CanaryRolloutStatus, 'revision' | 'startTime'>;

export function ofRevision({ revision = '', startTime = '' }: InProgress): string {
  return `${revision}@${startTime}`;
}

export function atStep(status: InProgress, step: number): string {
  return `${ofRevision(status)}/${step}`;
}

export function ofRejection({ revision, time }: Rejection): string {
  return `${revision}@${time}`;
}

export function isSkipped(rollout: CanaryRollout, status: InProgress, step: number): boolean {
  return isAsked(rollout, 'skip', atStep(status, step)) || isPromoted(rollout, status, step);
}

/** What was asked in one step counts for those after it. */
export function isPromoted(rollout: CanaryRollout, status: InProgress, step: number): boolean {
  return Array.from({ length: step }, (_, before) => before + 1).some((one) =>
    isAsked(rollout, 'promote', atStep(status, one)),
  );
}

export function isAborted(rollout: CanaryRollout, status: InProgress): boolean {
  return isAsked(rollout, 'abort', ofRevision(status));
}

export function isRetried(rollout: CanaryRollout, rejection: Rejection): boolean {
  return isAsked(rollout, 'retry', ofRejection(rejection));
}
