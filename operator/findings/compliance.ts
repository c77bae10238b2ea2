/** The one ladder from what was counted to `Compliant`: what fails comes before what is not known, and nothing known is never a pass. Pure. */
import { counted } from '../lib/text.ts';
import type { DomainCondition } from '../runtime/feature.ts';

/** What was counted: hosts, objects or checks. Each is in one of these, or compliant. */
export interface ComplianceCounts {
  readonly total: number;
  readonly drifted: number;
  readonly waived: number;
  readonly unknown: number;
  readonly notApplicable?: number;
}

const target = { so: ['complies', 'comply'], not: ['drifted', 'drifted'] } as const;
const verbs = { host: target, object: target, check: { so: ['passes', 'pass'], not: ['fails', 'fail'] } } as const;

export interface ComplianceWords {
  /** What is counted. */
  readonly noun: keyof typeof verbs;
  /** Which drift, in words. */
  readonly drifted: string;
  /** Which are unknown or why, in words. */
  readonly unknown: string;
  /** Where to read on. */
  readonly see: string;
  /** Whether what is unknown was not looked at yet, so that nobody need act. */
  readonly isPending?: boolean;
  /** More about a pass. */
  readonly note?: string;
  /** Where nothing was counted. */
  readonly nothing: DomainCondition;
}

export function compliance(counts: ComplianceCounts, words: ComplianceWords): DomainCondition {
  const { total, drifted, waived, unknown, notApplicable = 0 } = counts;
  if (!total) return words.nothing;
  const see = words.see && `; see ${words.see}`;
  const unknownWords = unknown ? `${counted(unknown, words.noun)} unknown: ${words.unknown}` : '';
  if (drifted) {
    const verb = verbs[words.noun].not[drifted === 1 ? 0 : 1];
    const message = `${drifted} of ${counted(total, words.noun)} ${verb}: ${words.drifted}${unknown ? `; ${unknownWords}` : ''}${see}`;
    return { status: 'False', reason: 'Drifted', message, warns: true };
  }
  if (unknown)
    return {
      status: 'Unknown',
      reason: 'ResultsIncomplete',
      message: `${unknownWords}${see}`,
      warns: !words.isPending,
    };
  const applying = total - notApplicable;
  if (!applying) {
    const message = `no check applies to any of ${counted(total, words.noun)}${see}`;
    return { status: 'Unknown', reason: 'NothingApplicable', message };
  }
  const message = [
    `${counted(applying, words.noun)} ${verbs[words.noun].so[applying === 1 ? 0 : 1]}`,
    ...(waived ? [`${waived} by waiver`] : []),
    ...(notApplicable ? [`${notApplicable} not applicable`] : []),
  ].join(', ');
  const note = words.note ? ` (${words.note})` : '';
  return { status: 'True', reason: waived ? 'CompliantByWaiver' : 'Compliant', message: `${message}${note}` };
}
