/** Packs of one name as a chain: each has the number after the one before, and the digest of what was signed there. Pure. */
import { whyNotAnchored, type Anchoring } from '../retention/anchor.ts';
import type { ReadPack } from './packs.ts';
import { shown, type Findings } from './verdict.ts';

/** By how much a clock may have been put back between two packs. */
const SKEW_SECONDS = 300;

export interface Span {
  /** Numbers of packs; the first and the last that there are, if undefined. */
  readonly from?: number;
  readonly to?: number;
}

/** `packs` in the order of their numbers; `numbers` are those of all bundles, also of such that could not be read. */
export function checkChain(
  {
    packs,
    numbers,
    name,
    anchoring = {},
  }: { packs: readonly ReadPack[]; numbers: readonly number[]; name: string; anchoring?: Anchoring },
  { from, to }: Span,
  findings: Findings,
): void {
  const where = packs[0]?.where.replace(/[^/]+$/, '') ?? name;
  const place = where === '' ? '.' : where;
  const begin = (anchoring.anchor?.sequence ?? 0) + 1;
  const [first = 1, last = 1] = [Math.max(from ?? 1, begin), to ?? numbers.at(-1)];
  if (from !== undefined && from < begin)
    findings.partial('Chain', place, `packs before ${begin} were deleted when their retention was over`);
  const [oldest] = packs;
  const why = oldest?.number === first && first === begin ? whyNotAnchored(ofPack(oldest), anchoring) : undefined;
  // Of records that are worth nothing, the problem is said already.
  if (oldest && why !== undefined && !anchoring.problem) findings.refuse('Chain', oldest.where, why);
  for (const [gap, end] of gapsIn(numbers, first, last)) {
    const which = gap === end ? `pack ${gap} is` : `packs ${gap} to ${end} are`;
    const advice = gap === first && from === undefined ? '; if they are elsewhere, give --from' : '';
    findings.refuse('Chain', place, `${which} missing${advice}`);
  }
  for (const [index, pack] of packs.entries()) {
    const before = packs[index - 1];
    const { previous, pack: of, time } = pack.predicate;
    const [head] = packs;
    if (head && of.name !== head.predicate.pack.name)
      findings.refuse(
        'Chain',
        pack.where,
        `it is of ${shown(of.name)}, among packs of ${shown(head.predicate.pack.name)}`,
      );
    if (!before || before.number !== (previous?.sequence ?? 0)) continue;
    if (previous?.digest.sha256 !== before.digest)
      findings.refuse(
        'Chain',
        pack.where,
        `it does not follow pack ${before.number} as it is here, but another one of that number`,
      );
    if (Date.parse(time) < Date.parse(before.predicate.time) - SKEW_SECONDS * 1000)
      findings.refuse('Chain', pack.where, `it was signed before pack ${before.number}: at ${time}`);
  }
  checkRevoked(packs, findings);
}

/**
 * Who has a key that was revoked can sign what says that it is from before. It is believed where an authority proves the time, or where a
 * later pack, signed with another key, has its digest.
 */
function checkRevoked(packs: readonly ReadPack[], findings: Findings): void {
  for (const [index, { where, revokedTime, provenTime, isSigned }] of packs.entries()) {
    if (revokedTime === undefined || !isSigned) continue;
    const isProven = provenTime !== undefined && provenTime.getTime() < Date.parse(revokedTime);
    const isFollowed = packs.slice(index + 1).some((later) => later.isSigned && later.revokedTime === undefined);
    if (!isProven && !isFollowed)
      findings.refuse(
        'Keys',
        where,
        `its key was revoked at ${revokedTime}, and neither a timestamp nor a later pack proves that it was signed before`,
      );
  }
}

function ofPack({ number, predicate: { previous } }: ReadPack) {
  return { sequence: number, ...(previous && { previous }) };
}

/** Runs of numbers that are not there. */
function gapsIn(numbers: readonly number[], first: number, last: number): [number, number][] {
  const gaps: [number, number][] = [];
  let next = first;
  for (const number of [...numbers.filter((one) => one >= first && one <= last), last + 1]) {
    if (number > next) gaps.push([next, number - 1]);
    next = number + 1;
  }
  return gaps;
}
