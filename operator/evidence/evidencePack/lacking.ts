/** Which witnesses a pack lacks, by what its bundle has and by the files that were added to it later. Pure. */
import type { EvidenceWitness } from '../../connect/signing/types.ts';
import type { ReadBundle } from '../verify/bundle.ts';

type Wanted = Pick<EvidenceWitness, 'name' | 'adds'>;

/**
 * A bundle has no names of witnesses, only how many timestamps and entries there are: if there are fewer than are declared, all are asked that have no
 * file of their own. One that attests twice does no harm. `late` are those that have one.
 */
export function lackingWitnesses(
  wanted: readonly Wanted[],
  { timestamps, entries }: Pick<ReadBundle, 'timestamps' | 'entries'>,
  late: ReadonlySet<string>,
): string[] {
  const there = { timestamp: timestamps.length, entry: entries.length };
  return wanted
    .filter(({ name, adds }) => {
      if (late.has(name)) return false;
      if (adds === undefined) return true;
      const alike = wanted.filter((one) => one.adds === adds);
      return there[adds] + alike.filter((one) => late.has(one.name)).length < alike.length;
    })
    .map(({ name }) => name);
}

/** The certificate of a keyless signature is over by then: a later timestamp proves nothing, and makes verifiers refuse it. */
export function canAttestLate(
  { adds }: Pick<Wanted, 'adds'>,
  { certificate }: Pick<ReadBundle, 'certificate'>,
): boolean {
  return certificate === undefined || adds !== 'timestamp';
}
