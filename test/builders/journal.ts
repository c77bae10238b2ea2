/** Decisions for tests of the journal: a host with one report, as a pass would have decided it. */
import type { Finding } from '../../operator/api/v1alpha1/finding.ts';
import type { Decision, ReportDecision, Stated } from '../../operator/evidence/journal/decision.ts';
import { after, makeFinding, motd } from './drift.ts';

export const about = { store: { namespace: 'fleet', name: 'main' }, cluster: { id: 'c-1' } };

export function fails(path: string, more: Partial<Finding> = {}): Finding {
  return makeFinding(motd, { path, expected: 'a', found: 'b', ...more });
}

export function reportOn(findings: readonly Finding[], more: Partial<ReportDecision> = {}): ReportDecision {
  return {
    name: 'rhel9.web-01',
    source: { kind: 'DeviceBaseline', name: 'rhel9', revision: 'sha256:1' },
    target: { kind: 'Device', name: 'web-01' },
    is: 'evaluated',
    findings,
    isCut: false,
    ...more,
  };
}

export function stated(status: Stated['status'], reason: string, message = 'so it is'): Stated {
  return { status, reason, message };
}

export function decision(
  seconds: number,
  reports: readonly ReportDecision[] = [],
  more: Partial<Decision> = {},
): Decision {
  return {
    time: after(seconds),
    object: { kind: 'Device', namespace: 'fleet', name: 'web-01', uid: 'uid-web-01' },
    conditions: {},
    reports,
    writes: [],
    ...more,
  };
}
