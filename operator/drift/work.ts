import type { CorrectionState } from '../api/v1alpha1/shared.ts';

/** What correction does: a word for a column, and a sentence. */
export interface Work {
  readonly correction: CorrectionState;
  readonly correctionMessage?: string;
}
