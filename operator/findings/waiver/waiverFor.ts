/**
 * THE answer to "is this finding waived now, and by what?". Scan, status, correction, metrics and evidence all ask here, so that a
 * waiver begins and ends for all of them at the same instant. It covers a finding that it names (`subject.ts`), within its period
 * (`expiry.ts`), as it was accepted (`accepted.ts`). Pure.
 */
import type { Identified } from '../../api/fingerprint.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { AcceptedFinding } from '../../api/v1alpha1/waiverRecords.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';
import { accepts } from './accepted.ts';
import { changesOf, isWithin, periodOf, periodsOf } from './expiry.ts';
import { isAbout, matches, standsFor, targetId, type WaivedSubject } from './subject.ts';

/** The waiver under which a finding is tolerated. */
export interface Waived {
  readonly name: string;
  readonly namespace: string;
  /** When it is over, if nothing happens before. */
  readonly until: Date;
}

const nothing: readonly AcceptedFinding[] = [];

/** Of several waivers that cover it, the one that lasts longest. Ask only about findings that fail: what is not known is never waived. */
export function waiverFor(
  finding: Identified & Pick<Finding, 'severity'>,
  subject: WaivedSubject,
  waivers: readonly PolicyWaiver[],
  now: Date,
): Waived | undefined {
  let longest: Waived | undefined;
  for (const waiver of waivers) {
    if (!standsFor(waiver, subject, finding.check)) continue;
    if (!accepts(waiver.status?.accepted ?? nothing, targetId(subject.target), finding)) continue;
    const period = periodOf(waiver, finding.severity, subject.rules);
    if (!period || !isWithin(period, now)) continue;
    const { name, namespace = '' } = waiver.metadata;
    if (!longest || period.until > longest.until.getTime())
      longest = { name, namespace, until: new Date(period.until) };
  }
  return longest;
}

/** The next instant at which an answer about the subject may be another, if nobody does anything. */
export function nextChange(subject: WaivedSubject, waivers: readonly PolicyWaiver[], now: Date): Date | undefined {
  const about = waivers.filter((waiver) => isAbout(waiver, subject) && matches(waiver, subject.target));
  return nextChangeOfAny(about, subject.rules, now);
}

/** The next instant at which any of these waivers of one baseline begins or ends, if nobody does anything. */
export function nextChangeOfAny(
  waivers: readonly PolicyWaiver[],
  rules: WaiverRules | undefined,
  now: Date,
): Date | undefined {
  const times = waivers.flatMap((waiver) => changesOf(periodsOf(waiver, rules))).filter((time) => time > now.getTime());
  return times.length ? new Date(Math.min(...times)) : undefined;
}
