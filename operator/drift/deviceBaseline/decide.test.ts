import { describe, expect, test } from '@jest/globals';
import type { AnsibleRun, AnsibleRunSpec } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline, DeviceBaselineStatus } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import {
  after,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  makeRun,
  motd,
  now,
  rootLogin,
} from '../../../test/builders/drift.ts';
import { correctionsOf, hostCorrections } from '../corrections.ts';
import { lastComplete } from '../ownRuns.ts';
import { digestOf } from '../../lib/digest.ts';
import { driftOf } from '../../findings/finding.ts';
import { revisionOf } from '../driftReport/report.ts';
import { allowedAtOnce } from './correction.ts';
import { decideBaseline } from './decide.ts';
import type { BaselineWorld } from './observe.ts';

const enforcing = makeBaseline({ mode: 'Enforce' });
const drift = makeFinding(motd);
const byHand = makeFinding(rootLogin, { manual: true, message: 'run visudo' });
const nothingApplies = [motd, rootLogin].map((check) => makeFinding(check, { result: 'NotApplicable' }));

interface Case {
  baseline?: DeviceBaseline;
  /** Findings by device; `undefined` is a device without a report. */
  hosts?: Record<string, Finding[] | undefined>;
  runs?: AnsibleRun[];
  /** Runs at work by device, of whomever. */
  busy?: Record<string, AnsibleRun[]>;
  undone?: [string, number][];
  /** The last run that the reports know of; the last of all if it is not given. */
  afterRun?: string | undefined;
  rivals?: DeviceBaseline[];
}

function decided({
  baseline = enforcing,
  hosts = { 'web-01': [drift] },
  runs = [],
  busy = {},
  undone = [],
  rivals = [],
  ...rest
}: Case) {
  const devices = Object.keys(hosts).map((name) => makeDevice(name));
  const afterRunOn = (device: string) =>
    'afterRun' in rest
      ? rest.afterRun
      : lastComplete(runs.filter(({ spec }) => spec.deviceNames?.includes(device)))?.metadata.uid;
  const world: BaselineWorld = {
    devices,
    reports: new Map(
      devices.flatMap((device) => {
        const { name } = device.metadata;
        const findings = hosts[name];
        const afterRun = afterRunOn(name);
        return findings
          ? [[device.metadata.name, makeReport(baseline, device, findings, { ...(afterRun && { afterRun }) })] as const]
          : [];
      }),
    ),
    runs,
    takenNames: new Set(runs.map(({ metadata }) => metadata.name)),
    busy: new Map(Object.entries(busy)),
    rivals,
    undone: new Map(undone),
    waivers: [],
  };
  return decideBaseline(baseline, world, now);
}

/** A complete run that mended motd on web-01, ended so many seconds before now. */
function past(
  number: number,
  outcome: 'Verified' | 'Refused' | 'Failed' | 'Unknown',
  secondsAgo: number,
  spec: Partial<AnsibleRunSpec> = {},
): AnsibleRun {
  const corrections = hostCorrections([{ device: 'web-01', check: 'motd', attempt: 1, drift: driftOf([drift]) }]);
  const hosts = [{ name: 'web-01', outcome }];
  return makeRun(
    `rhel9-${number}`,
    { corrections, revision: revisionOf(enforcing), ...spec },
    {
      startTime: after(-secondsAgo - 5),
      completionTime: after(-secondsAgo),
      hosts,
      ...(outcome === 'Failed' && { failures: [{ device: 'web-01', check: 'motd', message: 'still differs' }] }),
    },
  );
}

function createdRun(plan: ReturnType<typeof decided>): { name: string; spec: AnsibleRunSpec } | undefined {
  const create = plan.afterStatus?.find((action) => action.do === 'create');
  return create?.do === 'create'
    ? { name: create.object.metadata.name, spec: create.object['spec'] as AnsibleRunSpec }
    : undefined;
}

describe('how a baseline stands', () => {
  test.each<[string, Case['hosts'], string, RegExp]>([
    ['all hosts hold', { 'web-01': [], 'web-02': [] }, 'True', /^2 hosts comply$/],
    [
      'one host drifts',
      { 'web-01': [drift], 'web-02': [] },
      'False',
      /^1 of 2 hosts drifted: web-01; see `kubectl get driftreports -l holdfast.dev\/baseline=rhel9`$/,
    ],
    [
      'a host has no report yet: unknown is never compliant',
      { 'web-01': [], 'web-02': undefined },
      'Unknown',
      /^1 host unknown: web-02/,
    ],
    [
      'a check could not be read',
      { 'web-01': [makeFinding(motd, { result: 'Unknown' })] },
      'Unknown',
      /1 host unknown/,
    ],
    ['the selector matches nothing', {}, 'Unknown', /matches no Device/],
    [
      'some of it makes no sense on a host',
      { 'web-01': [makeFinding(motd, { result: 'NotApplicable' })], 'web-02': [] },
      'True',
      /^2 hosts comply$/,
    ],
    [
      'none of it makes sense on one of the hosts',
      { 'web-01': nothingApplies, 'web-02': [] },
      'True',
      /^1 host complies, 1 not applicable$/,
    ],
    [
      'none of it makes sense on any host: that is no pass',
      { 'web-01': nothingApplies },
      'Unknown',
      /^no check applies/,
    ],
  ])('when %s', (_, hosts, status, message) => {
    const plan = decided({ baseline: makeBaseline(), hosts });
    expect(plan.conditions?.['Compliant']).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(plan.actions).toEqual([]);
  });

  test('a report on an older revision does not count', () => {
    const device = makeDevice();
    const old = makeReport(makeBaseline({ checks: [motd] }), device);
    const plan = decideBaseline(
      makeBaseline(),
      {
        devices: [device],
        reports: new Map([['web-01', old]]),
        runs: [],
        takenNames: new Set(),
        busy: new Map(),
        rivals: [],
        undone: new Map(),
        waivers: [],
      },
      now,
    );
    expect(plan.status.devices).toEqual({ total: 1, compliant: 0, drifted: 0, waived: 0, unknown: 1 });
  });

  test('the worst hosts come first, and at most five are named', () => {
    const hosts = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`web-${index + 10}`, [drift]]));
    const { worst } = decided({
      baseline: makeBaseline(),
      hosts: { ...hosts, 'zeta-01': [makeFinding(rootLogin)] },
    }).status;
    expect(worst).toHaveLength(5);
    expect(worst?.[0]).toEqual({ device: 'zeta-01', standing: '1 check fails (1 critical): sshd-no-root' });
  });
});

describe('what it corrects', () => {
  test('only the drifted checks, on the drifted hosts, as many hosts as may be worked on at once', () => {
    const run = createdRun(
      decided({
        baseline: makeBaseline({ mode: 'Enforce', remediation: { maxUnavailable: 2 } }),
        hosts: { a: [drift], b: [], c: [drift], d: [drift] },
      }),
    );
    expect(run?.name).toBe('rhel9-1');
    expect(run?.spec.deviceNames).toEqual(['a', 'c']);
    expect(run?.spec.checks).toEqual([motd]);
    expect(run?.spec.corrections).toEqual(
      ['a', 'c'].map((device) => ({ device, checks: ['motd'], drifts: expect.stringMatching(/^[0-9a-f]{12}$/) })),
    );
  });

  test.each<[string, Case]>([
    ['mode Inform only tells', { baseline: makeBaseline() }],
    ['a run is at work', { runs: [makeRun('rhel9-1', {}, { startTime: after(-5) })] }],
    ['a run was made and has not begun', { runs: [makeRun('rhel9-1')] }],
    [
      'somebody else works on the host',
      { busy: { 'web-01': [makeRun('other-3', { baselineRef: { name: 'other' } }, { startTime: after(-5) })] } },
    ],
    [
      'the report is older than the last correction: the host must be looked at first',
      { runs: [past(1, 'Verified', 100), past(2, 'Verified', 90)], afterRun: 'uid-rhel9-1' },
    ],
    ['what could not be read is not touched', { hosts: { 'web-01': [makeFinding(motd, { result: 'Unknown' })] } }],
    ['a failed attempt is too young', { runs: [past(1, 'Failed', 131), past(2, 'Failed', 100)] }],
  ])('nothing when %s', (_, given) => {
    expect(createdRun(decided(given))).toBeUndefined();
  });

  test('again, under the next number and as the next attempt, when the back-off is over', () => {
    const run = createdRun(decided({ runs: [past(1, 'Failed', 100)] }));
    expect(run?.name).toBe('rhel9-2');
    expect(run && correctionsOf(run)).toEqual([
      { device: 'web-01', check: 'motd', attempt: 2, drift: driftOf([drift]) },
    ]);
  });

  test('not a fourth time: it says that it gave up, and where to look', () => {
    const plan = decided({ runs: [past(1, 'Failed', 3000), past(2, 'Failed', 2000), past(3, 'Unknown', 1000)] });
    expect(createdRun(plan)).toBeUndefined();
    expect(plan.conditions?.['CorrectionFailed']?.message).toMatch(
      /could not be corrected in three attempts: motd on web-01/,
    );
  });

  test('not when the drift was back at once after two verified corrections: Contended', () => {
    const plan = decided({ runs: [past(1, 'Verified', 400), past(2, 'Verified', 120)] });
    expect(createdRun(plan)).toBeUndefined();
    expect(plan.conditions?.['Contended']).toMatchObject({
      status: 'True',
      message: expect.stringMatching(/motd on web-01; find what changes it back/),
    });
    expect(plan.status.summary?.correction).toBe('Contended');
  });

  test('again when the drift is there because a correction was undone on purpose', () => {
    const runs = [past(1, 'Verified', 400), past(2, 'Verified', 120)];
    expect(createdRun(decided({ runs, undone: [['web-01', 2]] }))).toBeDefined();
  });

  test.each([
    ['forward by an hour before it was mended', -3600],
    ['back by an hour since', -3600],
    ['forward by an hour since', 3600],
  ])('when the clock was set %s', (_, seconds) => {
    expect(createdRun(decided({ runs: [past(1, 'Verified', 90_000), past(2, 'Verified', seconds)] }))?.name).toBe(
      'rhel9-3',
    );
    expect(createdRun(decided({ runs: [past(1, 'Failed', seconds)] }))?.name).toBe('rhel9-2');
  });

  test('the outcome of a host is that of its last run, whatever the clock said', () => {
    const plan = decided({
      hosts: { 'web-01': [drift], 'web-02': [drift] },
      runs: [past(1, 'Failed', -3600), past(2, 'Verified', 700)],
    });
    expect(plan.conditions).not.toHaveProperty('CorrectionHalted');
  });

  test('again when the drift comes back long after', () => {
    expect(createdRun(decided({ runs: [past(1, 'Verified', 90_000), past(2, 'Verified', 80_000)] }))).toBeDefined();
  });

  test('again when the checks have changed since', () => {
    const older = { revision: `sha256:${'0'.repeat(64)}` };
    expect(
      createdRun(decided({ runs: [past(1, 'Verified', 400, older), past(2, 'Verified', 120, older)] })),
    ).toBeDefined();
  });

  test('no further host when too many have failed; what failed is tried again', () => {
    const plan = decided({ hosts: { 'web-01': [drift], 'web-02': [drift] }, runs: [past(1, 'Failed', 100)] });
    expect(createdRun(plan)?.spec.deviceNames).toEqual(['web-01']);
    expect(plan.conditions?.['CorrectionHalted']?.message).toMatch(
      /^50% of the hosts failed \(web-01\), more than `maxFailPercentage` 20/,
    );
  });

  test('nor when those that failed have gone since, and others came', () => {
    const plan = decided({ hosts: { 'web-02': [drift] }, runs: [past(1, 'Failed', 100)] });
    expect(createdRun(plan)).toBeUndefined();
    expect(plan.conditions).toHaveProperty('CorrectionHalted');
  });

  test('what only a person can correct is told one by one, and halts nothing else', () => {
    const plan = decided({ hosts: { 'web-01': [drift, byHand], 'web-02': [byHand] } });
    expect(createdRun(plan)?.spec.checks).toEqual([motd]);
    expect(plan.conditions?.['ManualActionRequired']).toMatchObject({
      status: 'True',
      message:
        '2 checks need manual action, all others are corrected: sshd-no-root on web-01: run visudo; sshd-no-root on web-02: run visudo',
    });
    expect(decided({}).conditions).not.toHaveProperty('ManualActionRequired');
    expect(decided({ hosts: { 'web-01': [byHand] } }).status.summary).toMatchObject({
      correction: 'Manual',
      correctionMessage: '1 check needs manual action',
    });
  });

  test('each check counts by itself: one that fails is no failure of the others of its host', () => {
    const both = [
      { device: 'web-01', check: 'motd', attempt: 1, drift: driftOf([drift]) },
      { device: 'web-01', check: 'sshd-no-root', attempt: 1, drift: driftOf([makeFinding(rootLogin)]) },
    ];
    const failures = [{ device: 'web-01', check: 'sshd-no-root', message: 'sshd does not start' }];
    const runs = [3000, 2000, 1000].map((ago, index) => {
      const run = past(index + 1, 'Failed', ago, { corrections: hostCorrections(both) });
      return { ...run, status: { ...run.status, failures } };
    });
    const plan = decided({ hosts: { 'web-01': [drift, makeFinding(rootLogin)] }, runs });
    expect(createdRun(plan)?.spec.checks).toEqual([motd]);
    expect(plan.conditions?.['CorrectionFailed']?.message).toMatch(
      /^1 check could not be corrected in three attempts: sshd-no-root on web-01: sshd does not start\./,
    );
    expect(plan.conditions).not.toHaveProperty('CorrectionHalted');
  });

  test('what was left as it was is tried three times, gives up with its reason, and halts no host', () => {
    const refused = (number: number, ago: number): AnsibleRun => {
      const run = past(number, 'Refused', ago);
      const failures = [{ device: 'web-01', check: 'motd', refused: true, message: 'it is a link now' }];
      return { ...run, status: { ...run.status, failures } };
    };
    const hosts = { 'web-01': [drift], 'web-02': [drift] };
    const once = decided({ hosts, runs: [refused(1, 10)] });
    expect(createdRun(once)?.spec.deviceNames).toEqual(['web-02']);
    const thrice = decided({ hosts, runs: [refused(1, 3000), refused(2, 2000), refused(3, 1000)] });
    expect(createdRun(thrice)?.spec.deviceNames).toEqual(['web-02']);
    expect(thrice.conditions?.['CorrectionFailed']?.message).toContain('motd on web-01: it is a link now');
    expect(thrice.conditions).not.toHaveProperty('CorrectionHalted');
  });

  test('while somebody else works on the host, it says for whom it waits', () => {
    const other = makeRun('other-3', { baselineRef: { name: 'other' } }, { startTime: after(-5) });
    const { status } = decided({ busy: { 'web-01': [other] } });
    expect(status.summary?.correctionMessage).toBe('waits for AnsibleRun other-3 on web-01');
    const made = makeRun('rhel9-1');
    const both = decided({ runs: [made], busy: { 'web-01': [made, other] } });
    expect(both.status.summary?.correctionMessage).toBe('AnsibleRun rhel9-1 waits for AnsibleRun other-3 on web-01');
  });

  test.each<[string, DeviceBaseline, DeviceBaseline[], RegExp | undefined]>([
    [
      'itself, before a host is looked at',
      makeBaseline({ checks: [motd, { ...motd, name: 'issue', file: { path: '/etc/motd', content: 'other' } }] }),
      [],
      /^check 'motd' and check 'issue' of this baseline conflict \(content of \/etc\/motd\), check 'issue' and check 'motd'/,
    ],
    [
      'another baseline of its hosts',
      makeBaseline(),
      [makeBaseline({ checks: [{ ...motd, file: { path: '/etc/motd', mode: '0600' } }] }, 'other')],
      /^check 'motd' and check 'motd' of DeviceBaseline other conflict \(mode of \/etc\/motd\); neither is corrected/,
    ],
    [
      'one that is suspended: no',
      makeBaseline(),
      [
        makeBaseline(
          { checks: [{ ...motd, file: { path: '/etc/motd', mode: '0600' } }], suspend: { reason: 'x' } },
          'other',
        ),
      ],
      undefined,
    ],
    ['one that asks for the same: no', makeBaseline(), [makeBaseline({}, 'other')], undefined],
  ])('it says when it contradicts %s', (_, baseline, rivals, message) => {
    const told = decided({ baseline, rivals, hosts: {} }).conditions?.['Contradiction']?.message;
    if (message) expect(told).toMatch(message);
    else expect(told).toBeUndefined();
  });

  test('the log of runs is cut to the last fifty', () => {
    const runs = Array.from({ length: 53 }, (_, index) => past(index + 1, 'Verified', 100_000 + index * 60));
    const deleted = decided({ hosts: { 'web-01': [] }, runs }).afterStatus?.flatMap((action) =>
      action.do === 'delete' ? [action.key.name] : [],
    );
    expect(deleted).toEqual(['rhel9-1', 'rhel9-2', 'rhel9-3']);
  });
});

test.each([
  [10, '10%', 1],
  [100, '10%', 10],
  [3, '50%', 1],
  [3, 2, 2],
])('of %d hosts, maxUnavailable %s allows %d at once', (total, most, allowed) => {
  expect(allowedAtOnce(most, total)).toBe(allowed);
});

describe('a run that is created', () => {
  test('is recorded by name and spec before, and by its uid after', () => {
    const plan = decided({ baseline: { ...enforcing, status: { runs: ['u-1', 'u-2'] } } });
    const [create] = plan.afterStatus ?? [];
    expect(create).toMatchObject({
      do: 'create',
      uidAt: ['creating', 'uid'],
      object: { metadata: { name: 'rhel9-1' } },
    });
    const spec = create?.do === 'create' && create.object['spec'];
    expect(plan.status).toMatchObject({
      runs: ['u-1', 'u-2'],
      creating: { name: 'rhel9-1', digest: digestOf(spec) },
    });
    expect(plan.actions).toEqual([]);
  });

  test('has its uid recorded when it is there', () => {
    const made = makeRun('rhel9-1');
    const creating = { name: 'rhel9-1', digest: digestOf(made.spec) };
    const plan = decided({ baseline: { ...enforcing, status: { creating } }, runs: [made] });
    expect(plan.status.runs).toEqual(['uid-rhel9-1']);
    expect(plan.status.creating).toEqual({ ...creating, uid: 'uid-rhel9-1' });
    expect(plan.status.lastRun).toBe(1);
  });

  test('stays recorded until another is created, unless it was deleted', () => {
    const creating = { name: 'rhel9-7', digest: 'sha256:1' };
    const left = (status: DeviceBaselineStatus) =>
      decided({ baseline: { ...enforcing, spec: { ...enforcing.spec, mode: 'Inform' }, status } }).status;
    expect(left({ creating }).creating).toEqual(creating);
    const deleted = left({ creating: { ...creating, uid: 'u-7' } });
    expect([deleted.creating, deleted.runs, deleted.lastRun]).toEqual([undefined, ['u-7'], 7]);
  });

  test.each([
    ['NoRunnerImage', 'backend Job needs an image', true],
    ['PlaybookNotFound', 'ConfigMap site does not exist', true],
    ['ReconcileFailed', 'exceeded quota', true],
    ['JobWaiting', 'The pod is waiting: ImagePullBackOff', true],
    ['Preparing', 'the run is being prepared', false],
    ['Running', 'Ansible is running on web-01', false],
    ['DevicesBusy', 'waits for another', false],
    ['TooManyRuns', 'waits for its turn', false],
    ['WindowClosed', 'waits for its window', false],
  ])('and waits says so when nothing would end that by itself: %s', (reason, message, isBlocked) => {
    const conditions = [
      { type: 'Succeeded', status: 'Unknown', reason, message, lastTransitionTime: after(-5) },
    ] as const;
    const plan = decided({ runs: [makeRun('rhel9-1', {}, { conditions: [...conditions] })] });
    const blocked = plan.conditions?.['CorrectionBlocked'];
    if (!isBlocked) return expect(blocked).toBeUndefined();
    expect(plan.status.summary?.correction).toBe('Blocked');
    return expect(blocked).toMatchObject({
      status: 'True',
      reason,
      warns: true,
      message: expect.stringContaining(message),
    });
  });
});
