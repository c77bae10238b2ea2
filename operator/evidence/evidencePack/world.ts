/** What a pass finds of an EvidencePack, and what it can have done, as data. Pure. */
import type { EvidencePack, SkippedBundle } from '../../api/v1alpha1/evidencePack.ts';
import type { Plan } from '../../runtime/feature.ts';
import type { BelievedKeys } from './believedKeys.ts';
import type { DisposalOrder, DisposalWorld } from './disposing.ts';
import type { ForeignBundle, Head } from './head.ts';
import type { StoredRecord } from './recording.ts';
import type { WitnessingState } from './witnessing.ts';

/** How the making of a pack stands, in this process. */
export type MakingState =
  | { readonly is: 'running'; readonly sequence: number }
  | {
      readonly is: 'failed';
      readonly sequence: number;
      readonly time: Date;
      readonly reason: string;
      readonly message: string;
      /** Whether a person must change something first. */
      readonly needsPerson: boolean;
    };

export type PackWorld =
  | { readonly is: 'unready'; readonly reason: string; readonly message: string }
  | {
      readonly is: 'read';
      readonly head: Head | undefined;
      readonly making: MakingState | undefined;
      /** Bundles in the store that are not of packs of ours, after the last of those. */
      readonly foreign?: readonly ForeignBundle[];
      /** Which list of keys is believed; absent where signing is keyless. */
      readonly keys?: Omit<BelievedKeys, 'newest'>;
      /** What is known of witnesses that were away; absent where none is declared. */
      readonly witnessing?: WitnessingState;
      /** Absent where the EvidenceStore does not say that anything is deleted. */
      readonly disposal?: DisposalWorld;
    };

/** All that making a pack takes, beside what is kept out of plans: the store, the key. */
export interface PackOrder {
  readonly uid: string;
  readonly sequence: number;
  readonly previous?: { readonly sequence: number; readonly digest: string };
  /** Declared to be of another writer, and found to be. */
  readonly skipped?: readonly SkippedBundle[];
  readonly period: { readonly start: string; readonly end: string };
  readonly missed: number;
  readonly schedule?: { readonly cron: string; readonly timeZone: string; readonly seconds: number };
}

/** Asks the witnesses that packs up to `last` lack. */
export interface AttestOrder {
  readonly attest: { readonly uid: string; readonly last: number };
}

export type PackEffect = PackOrder | StoredRecord | AttestOrder | DisposalOrder;

export type PackPlan = Plan<EvidencePack, PackEffect>;
