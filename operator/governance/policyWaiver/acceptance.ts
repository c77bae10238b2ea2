/**
 * Stage 6: which findings a waiver is about now, and which very differences it accepts: those that were there when it was approved, and
 * those of places that first fail later. A difference that changes in a place that is bound needs review. Pure.
 */
import { fingerprintOf } from '../../api/fingerprint.ts';
import type { AcceptedFinding } from '../../api/v1alpha1/waiverRecords.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { accepts, withNewPlaces } from '../../findings/waiver/accepted.ts';
import { isWithin } from '../../findings/waiver/expiry.ts';
import { standsFor, targetId } from '../../findings/waiver/subject.ts';
import type { Dated } from './lifetime.ts';

export interface Acceptance {
  /** Findings that it names. */
  readonly matched: number;
  /** Of them, those that it covers now. */
  readonly covered: number;
  readonly accepted: readonly AcceptedFinding[];
  readonly needsReview: readonly AcceptedFinding[];
}

interface Named {
  readonly finding: Finding;
  readonly identity: AcceptedFinding;
}

export function acceptanceOf({ waiver, world, now, latched, lifetime }: Dated): Acceptance {
  const named = world.targets.flatMap(({ subject, findings }) =>
    findings
      .filter(({ check }) => standsFor(waiver, subject, check))
      .map((finding) => ({ finding, identity: identityOf(targetId(subject.target), finding) })),
  );
  const inForce = named.filter(({ finding: { severity } }) => {
    const period = lifetime.periods.get(severity);
    return period !== undefined && isWithin(period, now);
  });
  const accepted = withNewPlaces(latched.isFresh ? [] : (waiver.status?.accepted ?? []), inForce.map(identityIn));
  const open = inForce.filter(({ finding, identity }) => !accepts(accepted, identity.target, finding));
  return {
    matched: named.length,
    covered: inForce.length - open.length,
    accepted,
    needsReview: open.map(identityIn),
  };
}

function identityOf(target: string, finding: Finding): AcceptedFinding {
  return { target, check: finding.check, fingerprint: fingerprintOf(finding) };
}

function identityIn({ identity }: Named): AcceptedFinding {
  return identity;
}
