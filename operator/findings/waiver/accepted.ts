/** Which very differences a waiver accepts: it is bound to the values that were seen, place by place. Pure. */
import { fingerprintOf, type Identified } from '../../api/fingerprint.ts';
import type { AcceptedFinding } from '../../api/v1alpha1/waiverRecords.ts';

/** As many findings as a waiver can accept; those beyond are not covered. */
export const mostAccepted = 500;

/** Whether this very difference was accepted, or nothing is accepted yet of this target and check. */
export function accepts(accepted: readonly AcceptedFinding[], target: string, finding: Identified): boolean {
  const fingerprints = fingerprintsOf(accepted).get(placeOf({ target, check: finding.check }));
  return fingerprints ? fingerprints.has(fingerprintOf(finding)) : accepted.length < mostAccepted;
}

/** What is found in places of which nothing was accepted yet, is accepted, while there is room. The same array where nothing is new. */
export function withNewPlaces(
  before: readonly AcceptedFinding[],
  found: readonly AcceptedFinding[],
): readonly AcceptedFinding[] {
  const bound = fingerprintsOf(before);
  const fresh = found.filter((one) => !bound.has(placeOf(one)));
  const room = mostAccepted - before.length;
  return fresh.length && room > 0 ? [...before, ...fresh.toSorted(inOrder).slice(0, room)] : before;
}

function inOrder(a: AcceptedFinding, b: AcceptedFinding): number {
  return placeOf(a).localeCompare(placeOf(b)) || a.fingerprint.localeCompare(b.fingerprint);
}

/** Status is a value and never changed in place: it is looked through once. */
const lookups = new WeakMap<readonly AcceptedFinding[], ReadonlyMap<string, ReadonlySet<string>>>();

/** By place. */
function fingerprintsOf(accepted: readonly AcceptedFinding[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = lookups.get(accepted);
  if (known) return known;
  const lookup = new Map<string, Set<string>>();
  for (const one of accepted) {
    const place = placeOf(one);
    lookup.set(place, (lookup.get(place) ?? new Set()).add(one.fingerprint));
  }
  lookups.set(accepted, lookup);
  return lookup;
}

/** Neither has a space. */
function placeOf({ target, check }: Pick<AcceptedFinding, 'target' | 'check'>): string {
  return `${check} ${target}`;
}
