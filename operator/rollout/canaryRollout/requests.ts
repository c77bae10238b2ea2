/**
 * What people ask of a rollout by an annotation. Each names what it is about, so that one that is still there later, or in Git, does nothing. Whoever may
 * change the rollout may write them: none of them goes past an approval, or past a gate that fails. Pure.
 */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { Rejection } from '../../api/v1alpha1/assignment.ts';

const prefix = 'holdfast.dev/rollout-';

export const requestAnnotations = {
  /** Ends the soak of a step: `REVISION/STEP`. */
  skip: `${prefix}skip`,
  /** Goes on to the last step: `REVISION/STEP`. */
  promote: `${prefix}promote`,
  /** Takes the revision back: `REVISION`. */
  abort: `${prefix}abort`,
  /** Rolls a revision out again that was taken back: `REVISION@TIME of its rejection`. */
  retry: `${prefix}retry`,
} as const;

export type Request = keyof typeof requestAnnotations;

function isAsked({ metadata }: CanaryRollout, request: Request, value: string): boolean {
  return metadata.annotations?.[requestAnnotations[request]] === value;
}

export function atStep(revision: string, step: number): string {
  return `${revision}/${step}`;
}

export function ofRejection({ revision, time }: Rejection): string {
  return `${revision}@${time}`;
}

export function isSkipped(rollout: CanaryRollout, revision: string, step: number): boolean {
  return isAsked(rollout, 'skip', atStep(revision, step)) || isPromoted(rollout, revision, step);
}

/** What was asked in one step counts for those after it. */
export function isPromoted(rollout: CanaryRollout, revision: string, step: number): boolean {
  return Array.from({ length: step }, (_, before) => before + 1).some((one) =>
    isAsked(rollout, 'promote', atStep(revision, one)),
  );
}

export function isAborted(rollout: CanaryRollout, revision: string): boolean {
  return isAsked(rollout, 'abort', revision);
}

export function isRetried(rollout: CanaryRollout, rejection: Rejection): boolean {
  return isAsked(rollout, 'retry', ofRejection(rejection));
}
