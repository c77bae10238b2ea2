/**
 * Findings as they stand to waivers at an instant. The flag that a report stores is of the time of the look; whoever counts, tells or
 * corrects marks the findings anew, so that all of them change at the same instant. Pure.
 */
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { WaivedSubject } from './subject.ts';
import { waiverFor } from './waiverFor.ts';

/** Puts the waivers of an instant on findings of one target, and takes others off. */
export type Mark = (findings: readonly Finding[]) => readonly Finding[];

export function marking(subject: WaivedSubject, waivers: readonly PolicyWaiver[], now: Date): Mark {
  const marked = (finding: Finding): Finding => {
    const waiver = finding.result === 'Fail' ? waiverFor(finding, subject, waivers, now)?.name : undefined;
    if (finding.waiver === waiver) return finding;
    if (waiver !== undefined) return { ...finding, waiver };
    const open = { ...finding };
    delete open.waiver;
    return open;
  };
  return (findings) =>
    waivers.length || findings.some(({ waiver }) => waiver !== undefined) ? findings.map(marked) : findings;
}
