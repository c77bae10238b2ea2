import { describe, expect, test } from '@jest/globals';
import { approved, makeWaiver } from '../../../test/builders/waiver.ts';
import {
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  motd,
  now,
  rootLogin,
} from '../../../test/builders/drift.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { baselineEffect, baselineFacts } from './baselineEffect.ts';
import type { BaselineWorld } from './baselineWorld.ts';
import { knownFrom } from './knowledge.ts';
import { withPlanned } from './seen.ts';

const reachable = (device: Device): Device => ({
  ...device,
  status: {
    conditions: [
      {
        type: 'Reachable',
        status: 'True',
        reason: 'Connected',
        message: 'responds',
        observedGeneration: 1,
        lastTransitionTime: '',
      },
    ],
  },
});
const web = (name: string, labels?: Record<string, string>) => reachable(makeDevice(name, {}, labels));

interface Case {
  /** Undefined where it is new. */
  before?: DeviceBaseline | undefined;
  after: DeviceBaseline;
  devices?: readonly Device[];
  /** Findings of the baseline of before, by host. */
  found?: Record<string, Finding[]>;
  reports?: readonly DriftReport[];
  others?: readonly DeviceBaseline[];
  waivers?: readonly PolicyWaiver[];
  more?: readonly Resource[];
  unread?: readonly string[];
}

function worldOf({
  before,
  after,
  devices = [web('web-01'), web('web-02')],
  found = {},
  ...rest
}: Case): BaselineWorld {
  const { reports = [], others = [], waivers = [], more = [], unread = [] } = rest;
  const own = before
    ? Object.entries(found).map(([name, findings]) =>
        makeReport(
          before,
          devices.find(({ metadata }) => metadata.name === name)!,
          findings,
        ),
      )
    : [];
  const objects = new Map<string, readonly Resource[]>([
    ['Device', devices],
    ['DriftReport', [...own, ...reports]],
    ['DeviceBaseline', [...(before ? [before] : []), ...others]],
    ['PolicyWaiver', waivers],
    ...['MaintenanceWindow', 'CanaryRollout', 'AnsibleRun'].map((kind): [string, readonly Resource[]] => [
      kind,
      more.filter((one) => one.kind === kind),
    ]),
  ]);
  const known = knownFrom([...(before ? [before] : []), ...others], [...own, ...reports], now);
  return {
    ...{ before, after, unread, now, asked: new Map() },
    read: withPlanned({ objects, unread: new Map() }, [after]).read,
    known: (device) => known(device, after.spec.checks),
  };
}

const checkOf = (facts: ReturnType<typeof baselineFacts>, name: string) =>
  facts.checks.find((one) => one.name === name)!;
const informing = makeBaseline();
const both = { 'web-01': [makeFinding(motd)], 'web-02': [] };

describe('which hosts', () => {
  test('are gained and lost by another selector', () => {
    const devices = [web('web-01'), web('db-01', { os: 'rhel10' }), web('db-02', { os: 'none' })];
    const after = makeBaseline({ selector: { matchLabels: { os: 'rhel10' } } });
    expect(baselineFacts(worldOf({ before: informing, after, devices })).hosts).toEqual({
      total: 1,
      gained: { count: 1, names: ['db-01'] },
      lost: { count: 1, names: ['web-01'] },
    });
  });

  test('is said where there are none', () => {
    const after = makeBaseline({ selector: { matchLabels: { os: 'aix' } } });
    const { branches } = baselineEffect(worldOf({ after }), false);
    expect(branches[0]!.text).toBe('no host is selected; compare the labels of Devices');
  });
});

describe('a check', () => {
  test('that is as before is known from the reports', () => {
    const facts = baselineFacts(worldOf({ before: informing, after: informing, found: both }));
    expect(checkOf(facts, 'motd')).toMatchObject({ change: 'same', pass: 1, fail: { count: 1, names: ['web-01'] } });
    expect(checkOf(facts, 'sshd-no-root')).toMatchObject({ change: 'same', pass: 2 });
  });

  const changed: DeviceCheck = { ...motd, file: { ...motd.file!, content: 'other\n' } };
  test('that is another was not evaluated yet, and never passes', () => {
    const after = makeBaseline({ checks: [changed, rootLogin] });
    const motdOf = checkOf(baselineFacts(worldOf({ before: informing, after, found: both })), 'motd');
    expect(motdOf).toMatchObject({ change: 'changed', pass: 0, unknown: { count: 2 }, why: 'not evaluated yet' });
  });

  test('whose severity alone is another is known', () => {
    const after = makeBaseline({ checks: [{ ...motd, severity: 'Critical' }, rootLogin] });
    expect(checkOf(baselineFacts(worldOf({ before: informing, after, found: both })), 'motd')).toMatchObject({
      pass: 1,
    });
  });

  test('of a new baseline is known from another that declares the same', () => {
    const other = makeBaseline({ checks: [{ ...motd, name: 'banner' }] }, 'other');
    const devices = [web('web-01')];
    const reports = [makeReport(other, devices[0]!, [makeFinding({ ...motd, name: 'banner' })])];
    const facts = baselineFacts(worldOf({ after: informing, devices, others: [other], reports }));
    expect(checkOf(facts, 'motd')).toMatchObject({ change: 'added', fail: { count: 1, names: ['web-01'] } });
    expect(checkOf(facts, 'sshd-no-root')).toMatchObject({ unknown: { count: 1 }, why: 'not evaluated yet' });
  });

  test('that is removed is named', () => {
    const after = makeBaseline({ checks: [motd] });
    expect(checkOf(baselineFacts(worldOf({ before: informing, after })), 'sshd-no-root').change).toBe('removed');
  });

  test.each<[string, (report: DriftReport) => DriftReport]>([
    [
      'is about an older revision',
      (report) => ({
        ...report,
        status: { ...report.status!, source: { ...report.status!.source!, revision: 'sha256:old' } },
      }),
    ],
    ['belongs to nobody', (report) => ({ ...report, metadata: { ...report.metadata, ownerReferences: [] } })],
    [
      'belongs to another Device',
      (report) => ({
        ...report,
        metadata: {
          ...report.metadata,
          ownerReferences: [{ ...report.metadata.ownerReferences![0]!, uid: 'uid-web-02' }],
        },
      }),
    ],
    ['has the name of another', (report) => ({ ...report, metadata: { ...report.metadata, name: 'mine' } })],
  ])('is not known from a report that %s', (_, altered) => {
    const devices = [web('web-01')];
    const reports = [altered(makeReport(informing, devices[0]!, []))];
    const facts = baselineFacts(worldOf({ before: informing, after: informing, devices, reports }));
    expect(checkOf(facts, 'motd')).toMatchObject({ pass: 0, unknown: { count: 1 } });
  });

  test('of a host that does not respond is not known, whatever its last report says', () => {
    const device = {
      ...web('web-01'),
      status: { conditions: [{ ...web('x').status!.conditions![0]!, status: 'False' as const }] },
    };
    const facts = baselineFacts(
      worldOf({ before: informing, after: informing, devices: [device], found: { 'web-01': [] } }),
    );
    expect(checkOf(facts, 'motd')).toMatchObject({ pass: 0, unknown: { count: 1 } });
  });

  test('that a waiver covers is waived, and is not corrected', () => {
    const waivers = [approved(makeWaiver())];
    const enforcing = makeBaseline({ mode: 'Enforce' });
    const facts = baselineFacts(worldOf({ before: enforcing, after: enforcing, found: both, waivers }));
    expect(checkOf(facts, 'motd')).toMatchObject({ fail: { count: 0 }, waived: { count: 1, names: ['web-01'] } });
    expect(facts.correction).toMatchObject({ acts: false, corrects: [] });
  });
});

describe('what is corrected', () => {
  const enforcing = (more: Partial<DeviceBaseline['spec']> = {}) => makeBaseline({ mode: 'Enforce', ...more });
  const corrects = (one: Case) => baselineFacts(worldOf(one)).correction;

  test('is nothing in mode Inform, and an unchanged baseline changes nothing whatever is unknown', () => {
    const effect = baselineEffect(worldOf({ before: informing, after: informing, found: {} }), false);
    expect(effect.acts).toBe(false);
  });

  test('is what is known to fail, and what is not known may be', () => {
    expect(corrects({ before: informing, after: enforcing(), found: both })).toMatchObject({
      acts: true,
      corrects: [{ check: 'motd', hosts: { names: ['web-01'] } }],
      first: { names: ['web-01'] },
      undecided: { count: 0 },
    });
    const unknown = corrects({ before: informing, after: enforcing(), found: {} });
    expect(unknown).toMatchObject({ acts: false, undecided: { count: 2 } });
    expect(baselineEffect(worldOf({ before: informing, after: enforcing(), found: {} }), false).acts).toBe(true);
  });

  test('keeps to the budget: one of two at a time, and the worst first', () => {
    const found = { 'web-01': [makeFinding(motd)], 'web-02': [makeFinding(rootLogin)] };
    expect(corrects({ before: informing, after: enforcing(), found })).toMatchObject({
      atOnce: 1,
      first: { names: ['web-02'] },
    });
    const wide = enforcing({ remediation: { maxUnavailable: 2 } });
    expect(corrects({ before: informing, after: wide, found })).toMatchObject({ first: { count: 2 } });
  });

  test('is left for a person where no correction helps', () => {
    const found = { 'web-01': [makeFinding(motd, { manual: true, message: 'run visudo' })] };
    const devices = [web('web-01')];
    expect(corrects({ before: informing, after: enforcing(), devices, found })).toMatchObject({
      acts: false,
      manual: [{ check: 'motd', hosts: { names: ['web-01'] }, why: 'run visudo' }],
    });
  });

  test('waits for a window that is not there', () => {
    const after = enforcing({ remediation: { windowRef: { name: 'sunday' } } });
    const found = corrects({ before: informing, after, found: both });
    expect(found.waits).toEqual(['waits for MaintenanceWindow sunday, which does not exist']);
    expect(found.first).toBeUndefined();
  });

  test('is nothing where the baseline is suspended', () => {
    const after = enforcing({ suspend: { reason: 'moving' } });
    expect(corrects({ before: informing, after, found: both })).toMatchObject({
      acts: false,
      waits: [expect.stringContaining('moving')],
    });
  });

  test('is nothing of checks that exclude each other, of which each pair is named once', () => {
    const second: DeviceCheck = { ...motd, name: 'motd-2', file: { ...motd.file!, content: 'ho\n' } };
    const after = enforcing({ checks: [motd, second] });
    const found = { 'web-01': [makeFinding(motd), makeFinding(second)] };
    const devices = [web('web-01')];
    const facts = corrects({ before: { ...after, spec: { ...after.spec, mode: 'Inform' } }, after, devices, found });
    expect(facts.contradictions).toEqual([expect.stringMatching(/^motd and check 'motd-2' of this baseline conflict/)]);
    expect(facts).toMatchObject({ corrects: [], manual: [{ check: 'motd' }, { check: 'motd-2' }] });
  });

  test('reaches no host but by a rollout where the baseline is rolled out', () => {
    const after = enforcing({ updateStrategy: { type: 'Rollout' } });
    expect(corrects({ after, found: both }).rollout).toEqual({ isNew: true, steps: [] });
    const rollout = {
      ...{
        apiVersion: after.apiVersion,
        kind: 'CanaryRollout',
        metadata: { name: 'r', namespace: 'fleet', uid: 'planned CanaryRollout fleet/r' },
      },
      spec: {
        target: { deviceBaselineRef: { name: 'rhel9' } },
        steps: [
          { percent: 50, soakSeconds: 60 },
          { percent: 100, soakSeconds: 0 },
        ],
        approvals: [{ beforeStep: 2 }],
      },
    };
    const facts = corrects({ after, more: [rollout] });
    // Which hosts come first is not known before it is there.
    expect(facts.rollout?.steps).toEqual([
      { percent: 50, hosts: { count: 1, names: [] }, words: 'soaks for 60 s' },
      { percent: 100, hosts: { count: 1, names: [] }, words: 'after an approval, soaks for 0 s' },
    ]);
    expect(facts.acts).toBe(true);
  });

  test('is not known where something that decides may not be read', () => {
    const world = worldOf({
      before: enforcing(),
      after: enforcing(),
      found: {},
      devices: [],
      unread: ['you may not list devices'],
    });
    const effect = baselineEffect(world, false);
    expect(effect.acts).toBe(true);
    expect(effect.branches.map(({ text }) => text).slice(0, 2)).toEqual([
      'unknown: you may not list devices',
      'no host is known',
    ]);
  });
});

test('ten thousand hosts are worked out in bounded facts', () => {
  const devices = Array.from({ length: 10_000 }, (_, at) => web(`web-${at}`));
  const reports = devices.map((device) => makeReport(informing, device, [makeFinding(motd)]));
  const facts = baselineFacts(
    worldOf({ before: informing, after: makeBaseline({ mode: 'Enforce' }), devices, reports }),
  );
  expect(checkOf(facts, 'motd').fail).toMatchObject({ count: 10_000, names: { length: 100 } });
  expect(facts.correction).toMatchObject({ atOnce: 1000, first: { count: 200 } });
}, 60_000);
