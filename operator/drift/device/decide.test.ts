import { describe, expect, test } from '@jest/globals';
import type { AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import {
  after,
  fileFound,
  havingCreated,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  makeRun,
  now,
} from '../../../test/builders/drift.ts';
import type { CheckObservation, HostObservation } from '../probe/observation.ts';
import { hostCorrections } from '../corrections.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { driftOf, worstFirst } from '../../findings/finding.ts';
import { findingsOf } from '../checks/findings.ts';
import { resultAt } from '../../findings/report.ts';
import { decideDevice } from './decide.ts';
import type { DeviceWorld } from './observe.ts';

const redirects = {
  name: 'redirects',
  severity: 'Critical',
  file: { path: '/etc/redirects', mode: '0644' },
} as const;
const forwarding = {
  name: 'forwarding',
  severity: 'Low',
  file: { path: '/etc/forwarding', mode: '0644' },
} as const;
const rhel9 = makeBaseline({ checks: [redirects] });
const extra = makeBaseline({ checks: [forwarding, redirects], intervalSeconds: 60 }, 'extra');
const device = makeDevice();

const holding = fileFound(0o644);
const failing = fileFound(0o666);
const seen = (...observed: CheckObservation[]): HostObservation => ({
  is: 'seen',
  facts: { os: 'rhel', version: '9.4' },
  observed,
});

function decided(world: Partial<DeviceWorld>) {
  const whole: DeviceWorld = {
    asked: [rhel9],
    unassigned: new Map(),
    suspended: [],
    reports: [],
    host: seen(holding),
    silentLooks: world.host && world.host.is !== 'seen' && world.host.is !== 'recent' ? 1 : 0,
    lookedAt: now,
    runs: [],
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
    expect(conditions?.['Compliant']).toMatchObject({ status: 'True', message: '1 check passes (of rhel9)' });
    expect(statuses).toMatchObject([{ result: 'Pass', summary: { pass: 1, fail: 0, unknown: 0 } }]);
    expect(status.summary).toEqual({ score: '1/1', drift: '0', unknown: 0 });
  });

  test('has a report for each baseline, each with its own answers', () => {
    const { reports, statuses, status } = decided({
      asked: [extra, rhel9],
      host: seen(holding, failing, failing),
    });
    expect(reports.map(({ metadata }) => metadata.name)).toEqual(['extra.web-01', 'rhel9.web-01']);
    expect(statuses.map(({ summary }) => summary?.drift)).toEqual(['1 (1 critical)', '1 (1 critical)']);
    expect(status.summary).toEqual({ score: '1/3', drift: '2 (2 critical)', unknown: 0 });
  });

  test('is looked at as often as its most impatient baseline asks', () => {
    expect(decided({ asked: [extra], host: seen(holding, holding) }).outcome).toMatchObject({
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
    expect(decided({ host: away }).outcome).toMatchObject({ is: 'ready', reason: 'NotEvaluated', recheckAfter: 60 });
    expect(decided({ host: away, silentLooks: 6 }).conditions?.['Reachable']?.message).toMatch(
      new RegExp(`attempt 6 without a result; the next is due by ${timestamp(new Date(after(480)))}`),
    );
  });

  test('because its Secret is missing: the pass waits for a person', () => {
    const { outcome, conditions } = decided({
      host: { is: 'unconfigured', message: "Secret 'fleet-ssh' does not exist" },
    });
    expect(outcome).toMatchObject({ is: 'waiting', reason: 'CredentialsMissing' });
    expect(conditions?.['Compliant']?.status).toBe('Unknown');
  });
});

describe('a check that makes no sense on the host', () => {
  // No type says so by itself of a host that is not there, so the comparison stands in for one.
  const inapplicable = (...findings: Finding[]) => makeReport(rhel9, device, findings).status as DriftReportStatus;
  const absent = makeFinding(redirects, { result: 'NotApplicable', message: 'no SELinux' });

  test('is counted apart, in the report, the score and the words, and is shown last', () => {
    const findings = findingsOf(redirects, { is: 'notApplicable', message: 'no such subsystem' }, [], now);
    expect(findings).toEqual([
      {
        check: 'redirects',
        message: 'no such subsystem',
        result: 'NotApplicable',
        severity: 'Critical',
        since: now.toISOString(),
      },
    ]);
    const shown = [absent, makeFinding(forwarding, { result: 'Unknown' }), makeFinding(forwarding)].sort(worstFirst);
    expect(shown.map(({ result }) => result)).toEqual(['Fail', 'Unknown', 'NotApplicable']);
  });

  test('is no pass: nothing else makes the report NotApplicable', () => {
    const status = inapplicable(absent);
    expect([status.result, resultAt(status, status.findings ?? [])]).toEqual(['NotApplicable', 'NotApplicable']);
  });
});

describe('a check that fails', () => {
  const path = '/etc/issue';
  const issue = (content: string, name = 'issue') => ({ name, file: { path, content } });
  const found = (is: 'directory' | 'file'): CheckObservation => ({
    is: 'observed',
    value: {
      is,
      mode: 0o644,
      owner: 'root',
      group: 'root',
      uid: '0',
      gid: '0',
      hasAccessList: false,
      isPublic: true,
      sha256: 'ab',
    },
  });
  const findingsFor = (world: Partial<DeviceWorld>) => decided(world).statuses.flatMap(({ findings = [] }) => findings);
  const one = makeBaseline({ checks: [issue('a')] });

  test('and that only a person can correct says so, and how', () => {
    expect(findingsFor({ asked: [one], host: seen(found('directory')) })).toMatchObject([
      { check: 'issue', path: 'type', manual: true, message: expect.stringMatching(/Holdfast does not remove it/) },
    ]);
    expect(findingsFor({ asked: [one], host: seen(found('file')) })[0]).not.toHaveProperty('manual');
  });

  test('is for its playbook to mend, where the baseline has one', () => {
    const own = makeBaseline({ ...one.spec, remediation: { playbookRef: { name: 'mine' } } });
    expect(findingsFor({ asked: [own], host: seen(found('directory')) })[0]).not.toHaveProperty('manual');
  });

  test.each<[string, DeviceBaseline[], RegExp]>([
    [
      'another of its baseline',
      [makeBaseline({ checks: [issue('a'), issue('b', 'banner')] })],
      /^it conflicts with check 'banner' of this baseline \(content of \/etc\/issue\)/,
    ],
    [
      'one of another baseline',
      [makeBaseline({ checks: [issue('b', 'banner')] }, 'other'), one],
      /^it conflicts with check 'banner' of DeviceBaseline other .* remove one of them$/,
    ],
  ])('and that excludes %s is for a person, who is told which', (_, asked, message) => {
    const findings = findingsFor({ asked, host: seen(found('file'), found('file')) });
    expect(findings.find(({ check }) => check === 'issue')).toMatchObject({
      manual: true,
      message: expect.stringMatching(message),
    });
    expect(findings.every(({ manual }) => manual)).toBe(true);
  });

  test('and that agrees with another is corrected', () => {
    const asked = [makeBaseline({ checks: [issue('a', 'same')] }, 'other'), one];
    expect(findingsFor({ asked, host: seen(found('file'), found('file')) }).some(({ manual }) => manual)).toBe(false);
  });

  test.each<[string, Partial<AnsibleRunStatus>, string | undefined]>([
    ['was refused', failure('it is a link now', true), 'AnsibleRun rhel9-3 left it unchanged: it is a link now'],
    ['failed', failure('still differs'), 'AnsibleRun rhel9-3 did not correct it: still differs'],
    ['succeeded', {}, undefined],
  ])('says of itself why its last correction %s', (_, status, message) => {
    const drift = driftOf(findingsFor({ asked: [one], host: seen(found('file')) }));
    const corrections = hostCorrections([{ device: 'web-01', check: 'issue', attempt: 1, drift }]);
    const hosts = [{ name: 'web-01', outcome: 'Verified' }] as const;
    const run = makeRun('rhel9-3', { corrections }, { completionTime: after(-9), hosts: [...hosts], ...status });
    const asked = [havingCreated(one, [run])];
    expect(findingsFor({ asked, host: seen(found('file')), runs: [run] })[0]?.message).toBe(message);
    const other = {
      ...run,
      spec: {
        ...run.spec,
        corrections: hostCorrections([{ device: 'web-01', check: 'issue', attempt: 1, drift: '0' }]),
      },
    };
    expect(findingsFor({ asked: [one], host: seen(found('file')), runs: [other] })[0]?.message).toBeUndefined();
  });

  function failure(message: string, refused?: true): Partial<AnsibleRunStatus> {
    return { failures: [{ device: 'web-01', check: 'issue', message, ...(refused && { refused }) }] };
  }
});

describe('the reports', () => {
  const drifted = { host: seen(failing) };
  const first = decided(drifted).statuses[0];
  const before = makeReport(rhel9, device, [], {
    ...first,
    observedTime: after(-600),
    findingsSince: after(-900),
  });

  test('stay as they are when the answer is the same, so that nothing is written', () => {
    expect(decided({ ...drifted, reports: [before] }).statuses[0]).toEqual(before.status);
  });

  test('are new answers after a correction, even when they say the same', () => {
    const ended = [1, 10, 9].map((number) =>
      makeRun(`rhel9-${number}`, {}, { startTime: after(-400), completionTime: after(-300 - number) }),
    );
    const asked = [havingCreated(rhel9, ended)];
    const [status] = decided({ ...drifted, asked, reports: [before], runs: ended }).statuses;
    expect(status).toMatchObject({ observedTime: now.toISOString(), afterRun: 'uid-rhel9-10' });
    expect(status?.findingsSince).toBe(after(-900));
  });

  test('of a baseline that is gone are deleted; those of a suspended one stay', () => {
    const old = makeReport(extra, device);
    const deleted = (suspended: DeviceWorld['suspended']) =>
      decided({ reports: [old], suspended }).actions.filter((action) => action.do === 'delete').length;
    expect(deleted([])).toBe(1);
    expect(deleted([extra])).toBe(0);
  });
});
