import { describe, expect, test } from '@jest/globals';
import type { Assignment } from '../../api/v1alpha1/assignment.ts';
import type { DeviceBaseline, DeviceBaselineSpec } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { PolicyWaiverSpec } from '../../api/v1alpha1/policyWaiver.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { makeBaseline, motd, now } from '../../../test/builders/drift.ts';
import { checksOf, FleetBed, revision } from '../../../test/builders/fleetBed.ts';
import { makeWaiver } from '../../../test/builders/waiver.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { countedOf } from '../../governance/policyWaiver/counted.ts';
import { waivedSource } from '../../governance/policyWaiver/source.ts';
import { obstacleTo } from '../../governance/policyWaiver/checks.ts';
import type { WaiverWorld } from '../../governance/policyWaiver/observe.ts';
import { deviceBaselineSource } from '../deviceBaseline/source.ts';
import { assignedChecks, checksInForce } from './checks.ts';

const check = (name: string, severity?: Severity): DeviceCheck => ({ ...motd, name, ...{ severity } });
const rolledOut: Partial<DeviceBaselineSpec> = { updateStrategy: { type: 'Rollout' } };

function assigned(assignment: Assignment, spec: Partial<DeviceBaselineSpec> = rolledOut): DeviceBaseline {
  return { ...makeBaseline({ checks: [check('new', 'Low')], ...spec }), status: { assignment } };
}

describe('what an assignment says of its checks', () => {
  test.each<[string, Assignment, Parameters<typeof assignedChecks>[1], object[]]>([
    ['nothing is assigned', {}, [], []],
    [
      'one revision; a check without a severity has the default',
      {},
      [[check('b', 'High'), check('a', 'High'), check('c')]],
      [
        { severity: 'High', names: ['a', 'b'] },
        { severity: 'Medium', names: ['c'] },
      ],
    ],
    [
      'several, each check once, under the worst',
      {},
      [[check('a', 'Low'), check('b', 'Critical')], [check('a', 'Critical')], [check('b', 'Low')]],
      [{ severity: 'Critical', names: ['a', 'b'] }],
    ],
    [
      'none is kept that no revision has',
      { checks: [{ severity: 'High', names: ['gone'] }] },
      [[check('a', 'Low')]],
      [{ severity: 'Low', names: ['a'] }],
    ],
    [
      'those of before stay while a revision is lost',
      { checks: [{ severity: 'High', names: ['a', 'lost'] }] },
      [[check('a', 'Low')], undefined],
      [{ severity: 'High', names: ['a', 'lost'] }],
    ],
  ])('%s', (_, before, revisions, expected) => {
    expect(assignedChecks(before, revisions)).toEqual(expected);
  });
});

describe('checks of which findings may be', () => {
  const checks: Assignment['checks'] = [
    { severity: 'Critical', names: ['new', 'old'] },
    { severity: 'Low', names: ['other'] },
  ];

  test('are declared or assigned, and the worst severity counts', () => {
    expect(Object.fromEntries(checksInForce(assigned({ checks })))).toEqual({
      new: 'Critical',
      old: 'Critical',
      other: 'Low',
    });
  });

  test.each<[string, DeviceBaseline]>([
    ['nothing is assigned', assigned({})],
    ['the baseline is not rolled out', assigned({ checks }, {})],
    ['the baseline is immediate again', assigned({ checks }, { updateStrategy: { type: 'Immediate' } })],
  ])('are those that are declared, when %s', (_, baseline) => {
    expect(Object.fromEntries(checksInForce(baseline))).toEqual({ new: 'Low' });
  });

  test('wake the waivers of the baseline when others are assigned, and only then', () => {
    const watch = deviceBaselineSource.changes?.find(({ kind }) => kind.kind === 'DeviceBaseline');
    const baseline = assigned({ checks });
    const key = { namespace: 'fleet', name: 'rhel9' };
    const woken = (before?: DeviceBaseline) => watch?.keysOf(baseline, readerOf(), before);
    expect(watch?.on).toBe('any');
    expect(woken()).toEqual([key]);
    expect(woken(assigned({}))).toEqual([key]);
    expect(woken(assigned({ checks: structuredClone(checks), seal: 'another' }))).toEqual([]);
  });
});

describe('a waiver', () => {
  /** What stands in the way of deciding it, and how long what it needs lasts at most. */
  function heard(baseline: DeviceBaseline, spec: Partial<PolicyWaiverSpec>) {
    const world: WaiverWorld = {
      guard: { is: 'intact', since: '2020-01-01T00:00:00Z', policies: 'sha256:1' },
      admission: { isChecked: true },
      approvals: [],
      isComplete: true,
      listsAll: true,
      isSourceNamespaced: true,
      source: waivedSource(deviceBaselineSource, baseline),
      targets: [],
    };
    const version = {
      digest: 'sha256:1',
      pauses: [],
      isSame: false,
      isChecked: true,
      wasApproved: false,
      hadEnded: false,
    };
    const versioned = { waiver: makeWaiver(spec), world, now, version };
    const counted = countedOf(versioned);
    return { reason: obstacleTo({ ...versioned, counted })?.reason, severity: counted.rule?.severity };
  }

  const base = assigned({ base: revision('A'), checks: [{ severity: 'Critical', names: ['old'] }] });

  test.each<[string, DeviceBaseline, string[], string | undefined, string]>([
    ['names a check that is declared', base, ['new'], undefined, 'Low'],
    ['names one that only an assigned revision has', base, ['old'], 'ExpiryTooFar', 'Critical'],
    ['names one that no revision has', base, ['new', 'none'], 'UnknownChecks', 'Low'],
    [
      'names one of a baseline that is immediate',
      { ...base, spec: makeBaseline().spec },
      ['old'],
      'UnknownChecks',
      'Critical',
    ],
    [
      'names one that an assigned revision thinks worse of',
      assigned({ checks: [{ severity: 'Critical', names: ['new'] }] }),
      ['new'],
      'ExpiryTooFar',
      'Critical',
    ],
  ])('%s', (_, baseline, checks, reason, severity) => {
    expect(heard(baseline, { checks })).toEqual({ reason, severity });
  });
});

test('through a rollout, the checks are those of the revisions that hosts have', async () => {
  const bed = new FleetBed(10, 'A', { remediation: { maxUnavailable: 5, backend: 'Local' } });
  const steps = [
    { percent: 10, soakSeconds: 60 },
    { percent: 100, soakSeconds: 60 },
  ];
  const names = () => bed.baseline.status?.assignment?.checks?.flatMap((one) => one.names);
  const declare = (letter: string, name: string) => {
    bed.declare(letter);
    bed.baseline = { ...bed.baseline, spec: { ...bed.baseline.spec, checks: checksNamed(letter, name) } };
  };
  await bed.rounds(3);
  bed.roll({ steps });
  await bed.rounds(3);
  expect(names()).toEqual(['motd']);
  declare('B', 'banner');
  await bed.baselinePass();
  expect(names()).toEqual(['motd']);
  expect([...checksInForce(bed.baseline).keys()]).toEqual(['banner', 'motd']);
  await bed.rounds(3);
  expect(names()).toEqual(['banner', 'motd']);
  // The operator forgets all that it remembered, and the revisions are deleted: what was known stays.
  bed.restart();
  bed.stored.clear();
  await bed.baselinePass();
  expect(names()).toEqual(['banner', 'motd']);
});

function checksNamed(letter: string, name: string): DeviceCheck[] {
  return checksOf(letter).map((one) => ({ ...one, name }));
}
