import { describe, expect, test } from '@jest/globals';
import type { DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import { after, makeBaseline, makeDevice, makeReport, now } from '../../../test/builders/drift.ts';
import type { CheckObservation, HostObservation } from '../probe/observation.ts';
import { decideDevice } from './decide.ts';
import type { DeviceWorld } from './observe.ts';

const redirects = {
  name: 'redirects',
  severity: 'Critical',
  sysctl: { name: 'net.ipv4.conf.all.accept_redirects', value: '0' },
} as const;
const forwarding = {
  name: 'forwarding',
  severity: 'Low',
  sysctl: { name: 'net.ipv4.ip_forward', value: '0' },
} as const;
const rhel9 = makeBaseline({ checks: [redirects] });
const extra = makeBaseline({ checks: [forwarding, redirects], intervalSeconds: 60 }, 'extra');
const device = makeDevice();

const value = (live: string): CheckObservation => ({ is: 'observed', value: { live, persisted: '0' } });
const seen = (...observed: CheckObservation[]): HostObservation => ({
  is: 'seen',
  facts: { os: 'rhel', version: '9.4' },
  observed,
});

function decided(world: Partial<DeviceWorld>) {
  const whole: DeviceWorld = {
    asked: [rhel9],
    suspended: [],
    reports: [],
    host: seen(value('0')),
    lookedAt: now,
    correctedTime: '',
    waivers: [],
    ...world,
  };
  const plan = decideDevice(device, whole, () => 'hmac:0', now);
  const reports = plan.actions.flatMap((action) => (action.do === 'apply' ? [action.object] : []));
  return { ...plan, reports, statuses: reports.map(({ status }) => status as DriftReportStatus) };
}

describe('a host that answers', () => {
  test('holds to its baseline', () => {
    const { conditions, statuses, status } = decided({});
    expect(conditions?.['Compliant']).toMatchObject({ status: 'True', message: 'holds to rhel9' });
    expect(statuses).toMatchObject([{ result: 'Pass', summary: { pass: 1, fail: 0, unknown: 0 } }]);
    expect(status.summary).toEqual({ score: '1/1', drift: '0', unknown: 0 });
  });

  test('has a report for each baseline, each with its own answers', () => {
    const { reports, statuses, status } = decided({
      asked: [extra, rhel9],
      host: seen(value('0'), value('1'), value('1')),
    });
    expect(reports.map(({ metadata }) => metadata.name)).toEqual(['extra.web-01', 'rhel9.web-01']);
    expect(statuses.map(({ summary }) => summary?.drift)).toEqual(['1 (1 critical)', '1 (1 critical)']);
    expect(status.summary).toEqual({ score: '1/3', drift: '2 (2 critical)', unknown: 0 });
  });

  test('is looked at as often as its most impatient baseline asks', () => {
    expect(decided({ asked: [extra], host: seen(value('0'), value('0')) }).outcome).toMatchObject({
      is: 'ready',
      recheckAfter: 60,
    });
    expect(decided({ asked: [makeBaseline({ checks: [redirects], intervalSeconds: 7200 })] }).outcome).toMatchObject({
      recheckAfter: 7200,
    });
  });

  test('has a check that could not be read: unknown, never compliant', () => {
    const { conditions, statuses } = decided({ host: seen({ is: 'unknown', message: 'Permission denied' }) });
    expect(conditions?.['Compliant']?.status).toBe('Unknown');
    expect(statuses[0]).toMatchObject({
      result: 'Unknown',
      findings: [{ result: 'Unknown', message: 'Permission denied' }],
    });
  });

  test('is selected by no baseline: unknown, and it says what to compare', () => {
    expect(decided({ asked: [], host: seen() }).conditions?.['Compliant']).toMatchObject({
      status: 'Unknown',
      reason: 'NoBaseline',
    });
  });
});

describe('a host that does not answer', () => {
  const away: HostObservation = {
    is: 'unreachable',
    reason: 'ConnectionTimedOut',
    message: 'web-01 does not answer on port 22; see that sshd runs',
  };

  test('is unknown in every check, with the reason, whatever it was before', () => {
    const { conditions, statuses } = decided({ host: away, reports: [makeReport(rhel9, device)] });
    expect(conditions).toMatchObject({
      Reachable: { status: 'False', reason: 'ConnectionTimedOut' },
      Compliant: { status: 'Unknown' },
    });
    expect(statuses).toMatchObject([{ result: 'Unknown', message: away.message, summary: { pass: 0, unknown: 1 } }]);
  });

  test('is tried again within a minute', () => {
    expect(decided({ host: away }).outcome).toMatchObject({ is: 'ready', reason: 'NotSeen', recheckAfter: 60 });
  });

  test('because its Secret is missing: the pass waits for a person', () => {
    const { outcome, conditions } = decided({
      host: { is: 'unconfigured', message: "Secret 'fleet-ssh' does not exist" },
    });
    expect(outcome).toMatchObject({ is: 'waiting', reason: 'CredentialsMissing' });
    expect(conditions?.['Compliant']?.status).toBe('Unknown');
  });
});

describe('the reports', () => {
  const drifted = { host: seen(value('1')) };
  const first = decided(drifted).statuses[0];
  const before = makeReport(rhel9, device, [], {
    ...first,
    observedTime: after(-600),
    findings: first?.findings?.map((finding) => ({ ...finding, firstObservedTime: after(-900) })),
  });

  test('stay as they are when the answer is the same, so that nothing is written', () => {
    expect(decided({ ...drifted, reports: [before] }).statuses[0]).toEqual(before.status);
  });

  test('are new answers after a correction, even when they say the same', () => {
    const [status] = decided({ ...drifted, reports: [before], correctedTime: after(-300) }).statuses;
    expect(status?.observedTime).toBe(now.toISOString());
    expect(status?.findings?.[0]?.firstObservedTime).toBe(after(-900));
  });

  test('of a baseline that is gone are deleted; those of a suspended one stay', () => {
    const old = makeReport(extra, device);
    const deleted = (suspended: DeviceWorld['suspended']) =>
      decided({ reports: [old], suspended }).actions.filter((action) => action.do === 'delete').length;
    expect(deleted([])).toBe(1);
    expect(deleted([extra])).toBe(0);
  });
});
