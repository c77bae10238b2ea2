/** Which bundles of other writers the next pack skips: those that a person declared, as they are in the store. Pure. */
import type { EvidencePackSpec, SkippedBundle } from '../../api/v1alpha1/evidencePack.ts';
import type { ForeignBundle } from './head.ts';

export interface Skipping {
  /** In ascending order. */
  readonly skipped: readonly SkippedBundle[];
  /** What is not skipped. */
  readonly foreign: readonly ForeignBundle[];
  /** Of the next pack. */
  readonly sequence: number;
}

/** What was declared of another file, or of one that is signed with a key of ours, counts for nothing. */
export function skipping(
  { skips = [] }: Pick<EvidencePackSpec, 'skips'>,
  last: number,
  found: readonly ForeignBundle[] = [],
): Skipping {
  const declaredOf = ({ sequence, digest, isSigned }: ForeignBundle) =>
    isSigned ? undefined : skips.find((one) => one.sequence === sequence && one.digest === digest);
  const skipped = found
    .flatMap((one) => declaredOf(one) ?? [])
    .filter((one) => one.sequence > last)
    .toSorted((a, b) => a.sequence - b.sequence);
  let sequence = last + 1;
  while (skipped.some((one) => one.sequence === sequence)) sequence += 1;
  return { skipped, sequence, foreign: found.filter((one) => !declaredOf(one)) };
}
