/** An entry of the journal: one decision of the operator, as data. Pure. */
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { Condition } from '../../api/v1alpha1/shared.ts';

export type JournalEvent =
  | 'FindingOpened'
  | 'FindingChanged'
  | 'FindingClosed'
  | 'FindingWaived'
  | 'FindingUnwaived'
  | 'ConditionChanged'
  /** What the kind decided beside its conditions is another. */
  | 'FactsChanged'
  /** Writes to objects of others, by a baseline. */
  | 'CorrectionBegun'
  | 'RunStarted'
  | 'RunCompleted'
  | 'PackStored'
  /** A witness that was away attested it later. */
  | 'PackWitnessed'
  | 'Read'
  | 'Exported'
  | 'Held'
  | 'Released'
  | 'Disposed'
  | 'KeyRotated'
  | 'ObjectGone'
  /** What the journal lacks, by `facts`: a time without room, or a segment that is not as it was stored. */
  | 'Gap';

export interface JournalEntry {
  /** In the journal of its store, from 1 without a gap. */
  readonly sequence: number;
  /** When it was decided, RFC 3339. */
  readonly time: string;
  readonly event: JournalEvent;
  /** Whose pass decided it. */
  readonly object: JournalObject;
  /** What declares the finding. */
  readonly source?: { readonly kind: string; readonly name: string; readonly revision?: string };
  /** Where the finding is. */
  readonly target?: { readonly kind: string; readonly name: string };
  readonly finding?: Finding;
  readonly condition?: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
  readonly was?: Pick<Condition, 'status' | 'reason'>;
  /** What else the kind decided: the hosts of a run, the approvals of a waiver, the step and verdict of a rollout. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Who read, exported or held evidence. */
  readonly actor?: string;
}

export interface JournalObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

/** An entry that has no place in a journal yet. */
export type Draft = Omit<JournalEntry, 'sequence'>;
