import { describe, expect, test } from '@jest/globals';
import { fingerprintOf } from '../api/fingerprint.ts';
import type { AnsibleRunSpec } from '../api/v1alpha1/ansibleRun.ts';
import type { DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import {
  after,
  fileFound,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  motd,
  now,
  rootLogin,
} from '../../test/builders/drift.ts';
import { readerOf } from '../../test/builders/reader.ts';
import { approved, daySeconds, makeWaiver, seconds } from '../../test/builders/waiver.ts';
import { decideWaiver } from '../governance/policyWaiver/decide.ts';
import { expirySamples, waiverSamples } from '../governance/policyWaiver/metrics.ts';
import { observeWaiver } from '../governance/policyWaiver/observe.ts';
import { correctionsOf } from './corrections.ts';
import { decideDevice } from './device/decide.ts';
import { decideBaseline } from './deviceBaseline/decide.ts';
import { observeBaseline } from './deviceBaseline/observe.ts';
import type { Sample } from '../runtime/feature.ts';
import { findingGauges } from '../findings/metrics.ts';
import { resultAt, waivedChecks } from '../findings/report.ts';
import { marking } from '../findings/waiver/marking.ts';
import { findingSources } from '../findingSources.ts';
import { deviceSubject } from './deviceBaseline/source.ts';
import { deviceSamples } from './metrics.ts';
import type { HostObservation } from './probe/observation.ts';

const redirects = { name: 'redirects', severity: 'High', file: { path: '/etc/redirects', mode: '0644' } } as const;
const baseline = makeBaseline({ mode: 'Enforce', checks: [redirects] });
const device = makeDevice();
const host: HostObservation = {
  is: 'seen',
  facts: { os: 'rhel', version: '9.4' },
  observed: [fileFound(0o666)],
};

const [openFindings, waivedFindings] = findingGauges(findingSources);

/** The report of a look at the host at that time. */
function look(waivers: readonly PolicyWaiver[], time: Date): DriftReport {
  const world = {
    asked: [baseline],
    unassigned: new Map(),
    suspended: [],
    reports: [],
    host,
    silentLooks: 0,
    lookedAt: time,
    runs: [],
    waivers,
  };
  const [report] = decideDevice(device, world, () => 'hmac:0', time).actions;
  return (report as unknown as { object: DriftReport }).object;
}

/** All that says whether the finding is waived, at an instant: from a report that was made an hour before. */
async function told(waiver: PolicyWaiver, time: Date) {
  const stored = look([waiver], new Date(time.getTime() - 3_600_000));
  const objects: Resource[] = [baseline, device, stored, waiver];
  const read = readerOf(...objects);
  const {
    status,
    conditions,
    afterStatus: actions = [],
  } = decideBaseline(baseline, observeBaseline(baseline, { read }), time);
  const runs = actions.flatMap((action) => (action.do === 'create' ? [action.object['spec'] as AnsibleRunSpec] : []));
  const value = (samples: readonly Sample[], labels: object): number | undefined =>
    samples.find((sample) => Object.entries(labels).every(([key, is]) => sample.labels[key] === is))?.value;
  const scanned = look([waiver], time).status;
  const observing = { read, now: time, signal: AbortSignal.timeout(1000) };
  const world = await observeWaiver(waiver, { sources: findingSources, policies: [] }, observing);
  const own = decideWaiver(waiver, world, time);
  return {
    scan: [scanned?.result, scanned?.summary?.fail, scanned?.summary?.waived, scanned?.findings?.[0]?.waiver],
    status: [status.devices?.drifted, status.devices?.waived, conditions?.['Compliant']?.status],
    correction: runs.flatMap((spec) => (correctionsOf({ spec }) ?? []).map(({ check }) => check)),
    gauges: [
      value(openFindings!.samples(read, time), { severity: 'High' }),
      value(waivedFindings!.samples(read, time), { severity: 'High' }),
      value(deviceSamples(read, time), { result: 'Waived' }),
      value(deviceSamples(read, time), { result: 'Fail' }),
      value(waiverSamples(read, findingSources, time), { state: 'Effective' }),
      expirySamples(read, findingSources, time).length,
    ],
    waiver: own.conditions?.['Effective']?.status,
  };
}

const open = {
  scan: ['Fail', 1, 0, undefined],
  status: [1, 0, 'False'],
  correction: ['redirects'],
  gauges: [1, 0, 0, 1, 0, 0],
  waiver: 'False',
};
const covered = {
  scan: ['Waived', 0, 1, 'legacy-motd'],
  status: [0, 1, 'True'],
  correction: [],
  gauges: [0, 1, 1, 0, 1, 1],
  waiver: 'True',
};

describe('scan, status, correction and metrics change at the same instant', () => {
  const at = (time: string, milliseconds = 0): Date => new Date(Date.parse(time) + milliseconds);
  const made = approved(
    makeWaiver({ checks: ['redirects'], effectiveTime: seconds(7200), expiryTime: seconds(2 * daySeconds) }),
  );
  const capped = approved(makeWaiver({ checks: ['redirects'], expiryTime: seconds(300 * daySeconds) }));

  test.each<[string, PolicyWaiver, Date, object]>([
    ['just before it begins', made, at(seconds(7200), -1), open],
    ['as it begins', made, at(seconds(7200)), covered],
    ['just before it expires', made, at(seconds(2 * daySeconds), -1), covered],
    ['as it expires', made, at(seconds(2 * daySeconds)), open],
    ['just before the longest time that its severity allows', capped, at(seconds(30 * daySeconds - 1800), -1), covered],
    ['as that time is over', capped, at(seconds(30 * daySeconds - 1800)), open],
    ['when it is edited', { ...capped, spec: { ...capped.spec, reason: 'another' } }, now, open],
    ['when it is deleted', { ...capped, metadata: { ...capped.metadata, deletionTimestamp: seconds(0) } }, now, open],
  ])('%s', async (_, waiver, time, expected) => {
    expect(await told(waiver, time)).toEqual(expected);
  });

  test('and looks are made for it: of the host, and of the baseline', () => {
    const time = at(seconds(2 * daySeconds - 60));
    const world = {
      asked: [baseline],
      unassigned: new Map(),
      suspended: [],
      reports: [],
      host,
      silentLooks: 0,
      lookedAt: time,
      runs: [],
      waivers: [made],
    };
    expect(decideDevice(device, world, () => 'hmac:0', time).outcome).toMatchObject({
      recheckAfter: expect.closeTo(60 / 1.1, 3),
    });
    const read = readerOf(baseline, device, look([made], time), made);
    expect(decideBaseline(baseline, observeBaseline(baseline, { read }), time).outcome).toMatchObject({
      recheckAfter: expect.closeTo(60 / 1.1, 3),
    });
  });
});

describe('of one host', () => {
  const both = makeBaseline({ mode: 'Enforce', checks: [motd, rootLogin] });
  const critical = makeFinding(rootLogin);
  const content = makeFinding(motd);
  const mode = makeFinding(motd, { path: 'mode' });
  const inapplicable = makeFinding(motd, { result: 'NotApplicable' });
  const waiver = approved(makeWaiver());
  const bound = approved(makeWaiver(), {
    accepted: [{ target: 'web-01', check: 'motd', fingerprint: fingerprintOf(content) }],
  });
  const correctedChecks = (findings: Finding[], waivers: PolicyWaiver[]): string[] => {
    const report = makeReport(both, device, findings);
    const { afterStatus: actions = [] } = decideBaseline(
      both,
      observeBaseline(both, { read: readerOf(both, device, report, ...waivers) }),
      now,
    );
    return actions.flatMap((action) =>
      action.do === 'create'
        ? (correctionsOf({ spec: action.object['spec'] as AnsibleRunSpec }) ?? []).map(({ check }) => check)
        : [],
    );
  };

  test('what is waived is not corrected, and what is not, is', () => {
    expect(correctedChecks([critical, content], [waiver])).toEqual(['sshd-no-root']);
    expect(correctedChecks([critical, content], [])).toEqual(['sshd-no-root', 'motd']);
  });

  test('a check of which only some is waived is corrected as a whole', () => {
    expect(correctedChecks([content, mode], [bound])).toEqual(['motd']);
  });

  test.each<[string, Finding[], PolicyWaiver[], string, string[]]>([
    ['nothing fails', [], [waiver], 'Pass', []],
    ['all that fails is waived', [content], [waiver], 'Waived', ['motd']],
    ['something is not waived', [content, critical], [waiver], 'Fail', ['motd']],
    ['of one check something is not waived', [content, mode], [bound], 'Fail', []],
    ['something is not known', [content, { ...critical, result: 'Unknown' }], [waiver], 'Unknown', ['motd']],
    ['what is waived is not known: that is no pass', [{ ...content, result: 'Unknown' }], [waiver], 'Unknown', []],
    ['some of it does not apply', [inapplicable], [], 'Pass', []],
    ['nothing applies', [inapplicable, { ...inapplicable, check: 'sshd-no-root' }], [], 'NotApplicable', []],
    ['a waiver is stored that there is no more', [{ ...content, waiver: 'gone' }], [], 'Fail', []],
  ])('its result when %s', (_, findings, waivers, result, checks) => {
    const { status } = makeReport(both, device, findings);
    const marked = marking(deviceSubject(both, device), waivers, now)(findings);
    expect([resultAt(status, marked), waivedChecks(marked)]).toEqual([result, checks]);
  });

  test('what a report has no room to show is not waived', () => {
    const { status } = makeReport(both, device, [content], {
      result: 'Fail',
      summary: { pass: 0, fail: 2, waived: 0, unknown: 0, drift: '2' },
    });
    expect(resultAt(status, marking(deviceSubject(both, device), [waiver], now)([content]))).toBe('Fail');
  });

  test('its words name what is not waived, and count the rest', () => {
    const report = makeReport(both, device, [critical, content], { observedTime: after(-30) });
    const { status } = decideBaseline(
      both,
      observeBaseline(both, { read: readerOf(both, device, report, waiver) }),
      now,
    );
    expect(status.worst).toEqual([
      { device: 'web-01', standing: '1 check fails (1 critical): sshd-no-root; 1 waived' },
    ]);
  });
});
