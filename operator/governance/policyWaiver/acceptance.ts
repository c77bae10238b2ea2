/**
 * Which findings a waiver is about now, and which very differences it accepts: those that were there when it was approved, and those
 * of places that first fail later. A difference that changes in a place that is bound needs review. Pure.
 */
import { fingerprintOf } from '../../api/fingerprint.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver, PolicyWaiverStatus } from '../../api/v1alpha1/policyWaiver.ts';
import type { AcceptedFinding } from '../../api/v1alpha1/waiverRecords.ts';
import { isWithin, mostAccepted, periodOf, standsFor, targetId, waiverFor, type WaivedSubject } from './waiverFor.ts';

/** As many as the status shows. */
const mostShown = 20;

/** What is known of one target under the baseline. */
export interface KnownTarget {
  readonly subject: WaivedSubject;
  /** Those that fail. */
  readonly findings: readonly Finding[];
  /** Whether all that the baseline asks of it is known. */
  readonly isKnown: boolean;
}

export interface Acceptance {
  /** Findings that it names. */
  readonly matched: number;
  /** Of them, those that it covers now. */
  readonly covered: number;
  readonly accepted: readonly AcceptedFinding[];
  readonly needsReview: readonly AcceptedFinding[];
}

/** `waiver` with its status as decided, but for what it accepts. */
export function acceptanceOf(
  waiver: PolicyWaiver,
  targets: readonly KnownTarget[],
  isFresh: boolean,
  now: Date,
): Acceptance {
  const named = targets.flatMap(({ subject, findings }) =>
    findings.filter(({ check }) => standsFor(waiver, subject, check)).map((finding) => ({ subject, finding })),
  );
  const inForce = named.filter(({ subject, finding }) => {
    const period = periodOf(waiver, finding.severity, subject.rules);
    return period !== undefined && isWithin(period, now);
  });
  const before = isFresh ? [] : (waiver.status?.accepted ?? []);
  const accepted = withNewPlaces(before, inForce.map(identityOf));
  const bound: PolicyWaiver = { ...waiver, status: { ...waiver.status, accepted: [...accepted] } };
  const open = inForce.filter(({ subject, finding }) => !waiverFor(finding, subject, [bound], now));
  return {
    matched: named.length,
    covered: inForce.length - open.length,
    accepted,
    needsReview: open.map(identityOf),
  };
}

export function statusOf({ matched, accepted, needsReview }: Acceptance): PolicyWaiverStatus {
  return {
    matchedFindings: matched,
    ...(accepted.length && { accepted: [...accepted] }),
    ...(needsReview.length && { needsReview: needsReview.slice(0, mostShown) }),
  };
}

function identityOf({ subject, finding }: { subject: WaivedSubject; finding: Finding }): AcceptedFinding {
  return { target: targetId(subject.target), check: finding.check, fingerprint: fingerprintOf(finding) };
}

/** What is found in places of which nothing was accepted yet, is accepted. The array stays the same where nothing is new. */
function withNewPlaces(
  before: readonly AcceptedFinding[],
  found: readonly AcceptedFinding[],
): readonly AcceptedFinding[] {
  const bound = new Set(before.map(placeOf));
  const fresh = found.filter((one) => !bound.has(placeOf(one)));
  const room = mostAccepted - before.length;
  return fresh.length && room > 0 ? [...before, ...fresh.toSorted(inOrder).slice(0, room)] : before;
}

function placeOf({ target, check }: AcceptedFinding): string {
  return `${check} ${target}`;
}

function inOrder(a: AcceptedFinding, b: AcceptedFinding): number {
  return placeOf(a).localeCompare(placeOf(b)) || a.fingerprint.localeCompare(b.fingerprint);
}
