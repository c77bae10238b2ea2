/** Checks that exclude each other: they decide the same thing of a host differently, and can never both hold. Pure. */
import type { DeviceBaseline } from '../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../api/v1alpha1/deviceCheck.ts';
import { exclude, type Claim } from './checks/claim.ts';
import { claimsOf } from './checks/remedy.ts';

/** One check that another excludes. */
export interface Contradiction {
  readonly baseline: string;
  readonly check: string;
  /** The thing that both decide, such as `mode of /etc/motd`. */
  readonly what: string;
  readonly other: { readonly baseline: string; readonly check: string };
}

interface Claimed {
  readonly baseline: string;
  readonly check: string;
  readonly claim: Claim;
}

/** Checks are values and never changed in place: what one decides is found out once. */
const known = new WeakMap<DeviceCheck, Readonly<Record<string, Claim>>>();

type Contradictions = ReadonlyMap<string, Contradiction>;
type Asked = readonly Pick<DeviceBaseline, 'metadata' | 'spec'>[];

/** Most hosts are asked for what the one before was. */
let lastFound: { readonly baselines: Asked; readonly found: Contradictions } | undefined;

/** Of all checks of these baselines, which are about the same host, by `BASELINE/CHECK`. */
export function contradictionsAmong(baselines: Asked): Contradictions {
  if (!lastFound || !isSame(lastFound.baselines, baselines)) lastFound = { baselines, found: foundAmong(baselines) };
  return lastFound.found;
}

function isSame(before: Asked, now: Asked): boolean {
  return (
    before.length === now.length &&
    before.every(
      ({ metadata, spec }, index) =>
        metadata.name === now[index]?.metadata.name && spec.checks === now[index]?.spec.checks,
    )
  );
}

function foundAmong(baselines: Asked): Contradictions {
  const found = new Map<string, Contradiction>();
  for (const [what, claims] of claimsOn(baselines)) {
    for (const { baseline, check, claim } of claims) {
      const other = claims.find((one) => exclude(claim, one.claim));
      const place = placeOf(baseline, check);
      if (other && !found.has(place))
        found.set(place, { baseline, check, what, other: { baseline: other.baseline, check: other.check } });
    }
  }
  return found;
}

export function placeOf(baseline: string, check: string): string {
  return `${baseline}/${check}`;
}

function claimsOn(baselines: Asked): Map<string, Claimed[]> {
  const claims = new Map<string, Claimed[]>();
  for (const { metadata, spec } of baselines) {
    for (const check of spec.checks) {
      for (const [what, claim] of Object.entries(decidedBy(check))) {
        const claimed = { baseline: metadata.name, check: check.name, claim };
        const same = claims.get(what);
        if (same) same.push(claimed);
        else claims.set(what, [claimed]);
      }
    }
  }
  return claims;
}

/** A check that cannot be asked decides nothing; its report says what is wrong with it. */
function decidedBy(check: DeviceCheck): Readonly<Record<string, Claim>> {
  const before = known.get(check);
  if (before) return before;
  let decided: Readonly<Record<string, Claim>> = {};
  try {
    decided = claimsOf(check);
  } catch {
    // Nothing is decided.
  }
  known.set(check, decided);
  return decided;
}

/** What a person can do about it. */
export function contradictionInWords({ baseline, what, other }: Contradiction): string {
  return `it conflicts with ${otherInWords(baseline, other)} (${what}), so neither is corrected: remove one of them`;
}

/** `check 'b' of DeviceBaseline other`. */
export function otherInWords(baseline: string, other: Contradiction['other']): string {
  return `check '${other.check}' of ${other.baseline === baseline ? 'this baseline' : `DeviceBaseline ${other.baseline}`}`;
}
