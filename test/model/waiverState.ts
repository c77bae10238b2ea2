/** What the model of a waiver consists of. Pure. */
import type { PolicyWaiverStatus } from '../../operator/api/v1alpha1/policyWaiver.ts';

export type Which = 'first' | 'second';
export interface Version {
  readonly spec: Which;
  readonly generation: number;
  readonly status: PolicyWaiverStatus;
}

/** What one person said of a version. */
export interface Said {
  readonly who: 'bob' | 'carol';
  readonly of: Which;
  readonly tick: number;
}

export interface Flight {
  /** Of the waiver, counted from the first. */
  readonly version: number;
  readonly status: PolicyWaiverStatus;
}

export interface State {
  readonly tick: number;
  readonly guard: 'intact' | 'broken';
  readonly waivers: readonly Version[];
  readonly oldest: number;
  /** Each later by one change; the last is what the apiserver has. */
  readonly approvals: readonly (readonly Said[])[];
  /** A version that is stored, and whose answer has not come, is not known to be seen. */
  readonly mustSee: number;
  readonly flight?: Flight | undefined;
  readonly late?: Flight | undefined;
  /** Versions that were in force and whose end was stored, and those that somebody ever approved. */
  readonly over: readonly Which[];
  readonly approved: readonly Which[];
}

export interface WaiverFaults {
  readonly unboundWrites?: boolean;
  readonly forgetsEnds?: boolean;
  readonly ignoresRejections?: boolean;
  readonly needsNoApproval?: boolean;
  readonly neverExpires?: boolean;
  readonly forgetsRenewals?: boolean;
}
