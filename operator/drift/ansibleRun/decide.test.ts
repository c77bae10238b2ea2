import { describe, expect, test } from '@jest/globals';
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleState } from '../../connect/ansible/types.ts';
import { digestOf } from '../../lib/digest.ts';
import { after, makeRun, motd, now } from '../../../test/builders/drift.ts';
import type { HostObservation } from '../probe/observation.ts';
import { decideRun } from './decide.ts';
import type { RunMeans } from './needs.ts';
import type { FreshWorld, Permission, RunHost, RunWork, RunWorld } from './world.ts';

const check = { name: 'token', file: { path: '/etc/token', maxMode: '0640' } } as const;
const target = {
  id: 'fleet/web-01',
  host: 'web-01',
  address: '10.0.0.1',
  port: 22,
  user: 'holdfast',
  become: 'sudo',
  hostKeys: [],
  hostCertificateAuthorities: [],
  privateKey: 'secret',
} as const;
const means: RunMeans = {
  conceal: (text) => text,
  hostModule: [],
  localPlaybooks: false,
  executor: 'here',
  nonce: '7f3a',
  problemOf: () => undefined,
  jobs: {
    isAvailable: true,
    objectsOf: (_, __, name) => ({
      job: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name } },
      data: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
    }),
    problemOf: () => undefined,
    releaseOf: (uid) => [{ op: 'test', path: 'release', value: uid }],
    stopOf: (uid) => [{ op: 'test', path: 'stop', value: uid }],
    stateOf: () => ({ is: 'running' }),
  },
};

const as = (mode: number, is: 'file' | 'directory' = 'file'): HostObservation => ({
  is: 'seen',
  facts: {},
  observed: [
    {
      is: 'observed',
      value: {
        is,
        mode,
        owner: 'root',
        group: 'root',
        uid: '0',
        gid: '0',
        uidOfDeclared: '',
        gidOfDeclared: '',
        hasAccessList: false,
        isPublic: false,
      },
    },
  ],
});
const right = as(0o600);
const wrong = as(0o666);
const lineBefore = 'token: mode is 0666, not 0640 or stricter';
const states = digestOf([['mode', '0666']]);
const away: HostObservation = { is: 'unreachable', reason: 'ConnectionTimedOut', message: 'web-01 does not answer' };
const host = (observation?: HostObservation, name = 'web-01'): RunHost => ({
  name,
  target,
  secretName: 'fleet-ssh',
  address: target.address,
  ...(observation && { observation }),
});
const work = (hosts: RunHost[]): RunWork => ({
  hosts,
  blocks: [{ check, devices: hosts.map(({ name }) => name) }],
});
const fresh = (given: Partial<FreshWorld>): FreshWorld => ({
  is: 'fresh',
  readAt: now,
  atWork: [],
  blocks: [],
  ...given,
});
const run = makeRun('rhel9-1', { checks: [check] });

function startedRun(status: Partial<AnsibleRunStatus> = {}, spec: Partial<AnsibleRun['spec']> = {}): AnsibleRun {
  const hosts = [{ name: 'web-01', outcome: 'Unknown' }] as const;
  return makeRun(
    'rhel9-1',
    { checks: [check], ...spec },
    {
      startTime: after(-60),
      executor: 'here',
      hosts: [...hosts],
      before: [{ device: 'web-01', checks: [lineBefore], states }],
      ...status,
    },
  );
}

const finished: AnsibleState = {
  is: 'finished',
  exitCode: 0,
  hosts: [{ name: 'web-01', ok: 2, changed: 1, failed: 0, unreachable: false }],
};

function verified(observation: HostObservation, state: AnsibleState = finished, subject = startedRun(), seconds = 0) {
  const world: RunWorld = { is: 'started', seconds, state, ...work([host(observation)]) };
  return decideRun(subject, world, now, means);
}

describe('a run begins', () => {
  test('by recording what it is about to do, and only then asking for it', () => {
    const plan = decideRun(run, fresh(work([host(wrong)])), now, means);
    expect(plan.actions).toEqual([]);
    expect(plan.status).toMatchObject({
      startTime: now.toISOString(),
      executor: 'here',
      before: [{ device: 'web-01', checks: [lineBefore], states }],
    });
    expect(plan.afterStatus).toMatchObject([{ do: 'perform', effect: { do: 'start', id: 'uid-rhel9-1' } }]);
  });

  test('with the private key nowhere in what is stored', () => {
    const { status, conditions, outcome, notes } = decideRun(run, fresh(work([host(wrong)])), now, means);
    expect(JSON.stringify({ status, conditions, outcome, notes })).not.toContain('secret');
  });

  test('with the hosts that differ alone; the others are verified as they stand', () => {
    const plan = decideRun(run, fresh(work([host(wrong), host(right, 'web-02'), host(away, 'web-03')])), now, means);
    const start = plan.afterStatus?.[0];
    expect(
      start?.do === 'perform' && start.effect.do === 'start' && start.effect.request.hosts.map(({ name }) => name),
    ).toEqual(['web-01']);
    expect(plan.status.hosts?.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'web-01 Unknown',
      'web-02 Verified',
      'web-03 Unreachable',
    ]);
  });

  test('not at all when nothing differs any more', () => {
    const plan = decideRun(run, fresh(work([host(right)])), now, means);
    expect(plan.afterStatus).toBeUndefined();
    expect(plan.conditions?.['Succeeded']).toMatchObject({
      status: 'True',
      reason: 'Verified',
      message: expect.stringContaining('nothing was run'),
    });
    expect(plan.status.completionTime).toBeDefined();
  });

  test('as a Job under a name that nobody knows beforehand: its data and it are created, and it is recorded by its uid', () => {
    const plan = decideRun(
      makeRun('rhel9-1', { checks: [check], backend: 'Job' }),
      fresh(work([host(wrong)])),
      now,
      means,
    );
    const name = 'holdfast-uid-rhel9-1-7f3a';
    expect(plan.afterStatus).toMatchObject([
      { do: 'create', object: { kind: 'ConfigMap', metadata: { name } } },
      { do: 'create', object: { kind: 'Job', metadata: { name } }, uidAt: ['job', 'uid'] },
    ]);
    expect(plan.status).toMatchObject({ executor: 'Job', job: { name } });
  });

  test.each(['Local', 'Job'] as const)(
    'not when %s refuses the request: it is over before it is recorded',
    (backend) => {
      const problemOf = () => 'The variable "tags" is refused';
      const plan = decideRun(makeRun('rhel9-1', { checks: [check], backend }), fresh(work([host(wrong)])), now, {
        ...means,
        problemOf,
      });
      expect(plan.status.startTime).toBeUndefined();
      expect(plan.status.completionTime).toBeDefined();
      expect(plan.conditions?.['Succeeded']).toMatchObject({
        status: 'False',
        reason: 'RequestRefused',
        message: 'The variable "tags" is refused',
      });
    },
  );
});

/** Whatever the wall clock says, it is the time that was seen to pass that counts. */
test.each([3600, -3600])(
  'a clock that jumps by %d s ends no run that is well, and lets none wait for longer',
  (jump) => {
    const subject = startedRun({ startTime: after(jump), finishTime: after(jump) });
    expect(verified(wrong, { is: 'running' }, subject).outcome.is).toBe('progressing');
    expect(verified(wrong, { is: 'absent' }, subject).afterStatus).toMatchObject([{ effect: { do: 'start' } }]);
    expect(verified(away, finished, subject).outcome).toMatchObject({ reason: 'Verifying' });
    expect(verified(away, finished, subject, 60).status.completionTime).toBeDefined();
  },
);

describe('a run as a Job', () => {
  const job = { name: 'holdfast-uid-rhel9-1-0001', uid: 'u-job' };
  const subject = (status: Partial<AnsibleRunStatus> = {}) =>
    startedRun({ executor: 'Job', job, ...status }, { backend: 'Job' });
  const decided = (state: AnsibleState, run = subject(), seconds = 0) =>
    decideRun(run, { is: 'started', seconds, state, ...work([host(wrong)]) }, now, means);

  test('is released by its uid once it is prepared', () => {
    const { afterStatus, outcome } = decided({ is: 'prepared' });
    expect(outcome.is).toBe('progressing');
    expect(afterStatus).toMatchObject([
      { do: 'patch', key: { namespace: 'fleet', name: job.name }, patch: [{ path: 'release', value: 'u-job' }] },
    ]);
  });

  test('that was not recorded is made anew under another name', () => {
    const plan = decided({ is: 'absent' }, subject({ job: { name: job.name } }));
    expect(plan.status.job).toEqual({ name: 'holdfast-uid-rhel9-1-7f3a' });
    expect(plan.afterStatus?.map((action) => action.do)).toEqual(['create', 'create']);
  });

  test('whose pod does not start says why', () => {
    const message = 'The pod is waiting: ImagePullBackOff';
    expect(decided({ is: 'running', message }).conditions?.['Succeeded']).toMatchObject({
      status: 'Unknown',
      reason: 'JobWaiting',
      message,
    });
  });

  test.each(['absent', 'prepared'] as const)('that is %s for ten minutes is over, with what prevented it', (is) => {
    const conditions = [
      {
        type: 'Succeeded',
        status: 'Unknown',
        reason: 'ReconcileFailed',
        message: 'exceeded quota',
        lastTransitionTime: '',
      },
    ] as const;
    const plan = decided({ is }, subject({ conditions: [...conditions] }), 600);
    expect(plan.conditions?.['Succeeded']).toMatchObject({
      status: 'False',
      reason: 'NotStarted',
      message: expect.stringContaining('exceeded quota'),
    });
    expect(plan.status.completionTime).toBeDefined();
    expect(plan.actions).toMatchObject([{ do: 'patch', patch: [{ path: 'stop', value: 'u-job' }] }]);
    expect(plan.afterStatus).toBeUndefined();
  });

  test.each(['absent', 'prepared'] as const)('that is %s when it is wanted no longer is never released', (is) => {
    const world: RunWorld = {
      is: 'started',
      seconds: 0,
      state: { is },
      ...work([host(wrong)]),
      unwanted: 'it is over',
    };
    const plan = decideRun(subject(), world, now, means);
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'False', reason: 'NoLongerWanted' });
    expect(plan.actions).toMatchObject([{ do: 'patch', patch: [{ path: 'stop', value: 'u-job' }] }]);
    expect(plan.afterStatus).toBeUndefined();
  });

  test('that does not end long after its time is stopped, and what it did is unknown', () => {
    expect(decided({ is: 'running' }, subject(), 2999).outcome.is).toBe('progressing');
    const plan = decided({ is: 'running' }, subject(), 3000);
    expect(plan.actions).toMatchObject([{ do: 'patch', patch: [{ path: 'stop', value: 'u-job' }] }]);
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'False', reason: 'Interrupted' });
  });
});

test('a run of backend Local that cannot be started for ten minutes is over, and never starts', () => {
  const world: RunWorld = { is: 'started', seconds: 600, state: { is: 'absent' }, ...work([host(wrong)]) };
  const plan = decideRun(startedRun(), world, now, means);
  expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'False', reason: 'NotStarted' });
  expect(plan.actions).toMatchObject([{ do: 'perform', effect: { do: 'cancel', id: 'uid-rhel9-1' } }]);
});

describe('a run that is recorded and not started', () => {
  const decided = (observation: HostObservation, permission: Permission = {}) =>
    decideRun(
      startedRun(),
      { is: 'started', seconds: 0, state: { is: 'absent' }, ...work([host(observation)]), ...permission },
      now,
      means,
    );

  test('starts what its record says, which stays as it is', () => {
    const plan = decided(wrong);
    expect(plan.afterStatus).toMatchObject([{ effect: { do: 'start' } }]);
    expect(plan.status.before).toEqual(startedRun().status?.before);
  });

  test.each<[string, HostObservation, Permission, string]>([
    ['its host was changed', as(0o664), {}, 'HostChanged'],
    ['its host complies', right, {}, 'HostChanged'],
    ['its baseline asks for it no longer', wrong, { unwanted: 'DeviceBaseline rhel9 is suspended' }, 'NoLongerWanted'],
  ])('is over, and never starts, when %s', (_, observation, permission, reason) => {
    const plan = decided(observation, permission);
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'False', reason });
    expect(plan.status.completionTime).toBeDefined();
    expect(plan.actions).toMatchObject([{ do: 'perform', effect: { do: 'cancel' } }]);
    expect(plan.afterStatus).toBeUndefined();
  });

  test.each<[string, HostObservation, Permission, string]>([
    ['its host does not answer', away, {}, 'HostsNotEvaluated'],
    ['its window is not there', wrong, { readAt: now, windows: [{ ref: { name: 'nights' } }] }, 'WindowMissing'],
    ['something has just changed', wrong, { outdated: 'waivers have just changed' }, 'ChangesPending'],
  ])('waits when %s', (_, observation, permission, reason) => {
    const plan = decided(observation, permission);
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'Unknown', reason });
    expect(plan.status.completionTime).toBeUndefined();
    expect([plan.actions, plan.afterStatus]).toEqual([[], undefined]);
  });
});

describe('a run that was begun', () => {
  test('is asked for again when the operator ended between record and start', () => {
    expect(verified(wrong, { is: 'absent' }).afterStatus).toMatchObject([
      { effect: { do: 'start', id: 'uid-rhel9-1' } },
    ]);
  });

  test('is waited for while it runs', () => {
    expect(verified(wrong, { is: 'running' }).outcome).toMatchObject({ is: 'progressing', reason: 'Running' });
  });

  test.each<[string, HostObservation, AnsibleState, string, string, RegExp]>([
    [
      'the probe finds everything in order',
      right,
      finished,
      'True',
      'Verified',
      /verified: all checks of this run pass/,
    ],
    [
      'Ansible says well, and the probe says otherwise: the probe decides',
      wrong,
      finished,
      'False',
      'Failed',
      /web-01: token: still differs: mode is 0666, not 0640 or stricter/,
    ],
    [
      'Ansible failed, and the host is in order all the same',
      right,
      { ...finished, exitCode: 2 },
      'True',
      'Verified',
      /verified: all checks of this run pass/,
    ],
    [
      'Ansible was ended for taking too long',
      wrong,
      { ...finished, timedOut: true },
      'False',
      'TimedOut',
      /stopped after 1800 s/,
    ],
    [
      'its end is not known, and the host still differs',
      wrong,
      { is: 'lost', message: 'the operator is gone' },
      'False',
      'Interrupted',
      /the operator is gone/,
    ],
    [
      'its end is not known, and the host is in order',
      right,
      { is: 'lost', message: 'the operator is gone' },
      'True',
      'Verified',
      /the operator is gone/,
    ],
  ])('is complete when %s', (_, observation, state, status, reason, message) => {
    const plan = verified(observation, state);
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status, reason, message: expect.stringMatching(message) });
    expect(plan.status.completionTime).toBe(now.toISOString());
  });

  test('waits for a host that is away for a moment, and then says so', () => {
    expect(verified(away).outcome).toMatchObject({ is: 'progressing', reason: 'Verifying' });
    expect(verified(away, finished, startedRun(), 60).conditions?.['Succeeded']).toMatchObject({
      status: 'False',
      message: expect.stringContaining('web-01 does not answer'),
    });
  });

  test('in mode Check is decided by what Ansible says', () => {
    const plan = verified(wrong, finished, startedRun({}, { mode: 'Check' }));
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'True', reason: 'Completed' });
  });
});

describe('a check by itself', () => {
  const other = { name: 'other', file: { path: '/etc/other', mode: '0640' } } as const;
  const both: HostObservation = {
    is: 'seen',
    facts: {},
    observed: [wrong, as(0o600)].flatMap((one) => (one.is === 'seen' ? one.observed : [])),
  };
  const begun = () =>
    decideRun(
      makeRun('rhel9-1', { checks: [check, other] }),
      fresh({
        hosts: [host(both)],
        blocks: [check, other].map((one) => ({ check: one, devices: ['web-01'] })),
      }),
      now,
      means,
    );

  test('is left to a person where Holdfast does not correct it, and the others go on', () => {
    const { status } = begun();
    expect(status.before).toEqual([{ device: 'web-01', checks: [lineBefore], states }]);
    expect(status.failures).toEqual([
      { device: 'web-01', check: 'other', refused: true, message: expect.stringMatching(/stricter than declared/) },
    ]);
    const world: RunWorld = { is: 'started', seconds: 0, state: finished, ...work([host(right)]) };
    const plan = decideRun({ ...run, status: begun().status }, world, now, means);
    expect(plan.status.hosts).toEqual([{ name: 'web-01', outcome: 'Refused' }]);
    expect(plan.conditions?.['Succeeded']).toMatchObject({
      status: 'False',
      reason: 'PartiallyRefused',
      message: expect.stringMatching(/^web-01: other: its mode is stricter than declared/),
    });
  });

  test('has its own reason, and only it failed', () => {
    const told = { token: { refused: false, message: 'No space left on device' } };
    const state = { ...finished, hosts: [{ ...finished.hosts[0], checks: told }] } as AnsibleState;
    const plan = verified(wrong, state);
    expect(plan.status.failures).toEqual([{ device: 'web-01', check: 'token', message: 'No space left on device' }]);
    expect(plan.status.hosts).toEqual([{ name: 'web-01', outcome: 'Failed' }]);
  });

  test('tells what it did beyond what was declared', () => {
    const notes = { token: 'with httpd came apr-0:1.7.0-11.el9.x86_64' };
    const state = { ...finished, hosts: [{ ...finished.hosts[0], notes }] } as AnsibleState;
    expect(verified(right, state).status.hosts).toEqual([
      { name: 'web-01', outcome: 'Verified', notes: ['token: with httpd came apr-0:1.7.0-11.el9.x86_64'] },
    ]);
  });

  test('that the host refused is no failure of the host', () => {
    const told = { token: { refused: true, message: 'it has 2 names' } };
    const state = { ...finished, hosts: [{ ...finished.hosts[0], checks: told }] } as AnsibleState;
    expect(verified(wrong, state).status.hosts).toEqual([{ name: 'web-01', outcome: 'Refused' }]);
  });
});

test.each<[string, string]>([
  [
    'Failed to connect to the host via ssh: ssh: connect to host 10.0.0.5 port 22: Connection refused',
    'via its Device',
  ],
  ['Connection timed out: privilege escalation', 'via its Device'],
  ['Failed to create temporary directory. Consider changing the remote tmp path', 'by itself'],
])('a host that Ansible could not reach says why: %s', (message, how) => {
  const own = startedRun({ before: undefined }, { checks: undefined, playbook: { inline: '- hosts: all' } });
  const hosts = [{ name: 'web-01', ok: 0, changed: 0, failed: 0, unreachable: true, message }];
  const state = { is: 'finished', exitCode: 4, hosts } as const;
  const { status } = decideRun(own, { is: 'started', seconds: 0, state, hosts: [host()], blocks: [] }, now, means);
  const told = 'Ansible could not reach the host; see condition Reachable of its Device';
  expect(status.hosts).toMatchObject([{ outcome: 'Unreachable', message: how === 'by itself' ? message : told }]);
});

describe('an undoing', () => {
  const undo = makeRun('undo', { revertOf: { name: 'rhel9-1' }, checks: undefined, deviceNames: [] });
  const reverted = makeRun(
    'rhel9-1',
    { checks: [check] },
    { completionTime: after(-60), before: [{ device: 'web-01', checks: [lineBefore], states }] },
  );

  test('asks the host to put back what it kept, although the check holds', () => {
    const plan = decideRun(undo, fresh({ ...work([host(right)]), reverted }), now, means);
    const [start] = plan.afterStatus ?? [];
    const request = start?.do === 'perform' && start.effect.do === 'start' && start.effect.request;
    expect(request && request.hosts[0]?.variables).toEqual({ holdfast_undo: ['token'] });
    expect(JSON.stringify(request)).toContain('"run":"uid-rhel9-1"');
  });

  test.each<[string, HostObservation, AnsibleState, string, string]>([
    ['the probe sees what it saw before', wrong, finished, 'Verified', ''],
    [
      'it sees something else',
      right,
      finished,
      'Failed',
      'web-01: token: is not as it was before the run that is undone',
    ],
    [
      'the host says why not',
      right,
      {
        ...finished,
        hosts: [{ ...finished.hosts[0], checks: { token: { refused: false, message: 'changed since' } } }],
      } as AnsibleState,
      'Failed',
      'web-01: token: changed since',
    ],
  ])('is verified when %s', (_, observation, state, reason, message) => {
    const status = {
      startTime: after(-60),
      executor: 'here',
      hosts: [{ name: 'web-01', outcome: 'Unknown' as const }],
      before: reverted.status?.before,
    };
    const world: RunWorld = { is: 'started', seconds: 0, state, ...work([host(observation)]), reverted };
    const succeeded = decideRun({ ...undo, status }, world, now, means).conditions?.['Succeeded'];
    expect(succeeded).toMatchObject({ reason, message: expect.stringContaining(message) });
  });
});

test('a run is marked with its uid before it begins, and a copy of one never begins', () => {
  const { metadata } = run;
  for (const annotations of [undefined, { 'kubectl.kubernetes.io/x': 'y' }]) {
    const plan = decideRun({ ...run, metadata: { ...metadata, annotations } }, { is: 'unmarked' }, now, means);
    expect(plan.afterStatus).toBeUndefined();
    expect(plan.actions).toMatchObject([{ do: 'patch', key: { namespace: 'fleet', name: 'rhel9-1' } }]);
    expect(JSON.stringify(plan.actions)).toContain(
      annotations ? '/metadata/annotations/holdfast.dev~1run-uid' : 'null',
    );
  }
  const plan = decideRun(startedRun(), { is: 'copied' }, now, means);
  expect(plan).toMatchObject({ actions: [], status: { completionTime: now.toISOString(), summary: 'Copied' } });
  expect(plan.afterStatus).toBeUndefined();
});

describe('a run whose status was lost', () => {
  const lostStatus = startedRun().status!;
  const decided = (state: AnsibleState, observation: HostObservation, status = lostStatus) =>
    decideRun(run, { is: 'started', seconds: 0, state, lostStatus: status, ...work([host(observation)]) }, now, means);

  test('and that is still at work has its record again, with what it found before', () => {
    const plan = decided({ is: 'running' }, wrong);
    expect(plan).toMatchObject({ status: lostStatus, outcome: { reason: 'Running' }, actions: [] });
    expect(plan.afterStatus).toBeUndefined();
  });

  test('and that has ended is verified, can be undone, and says that it was not executed again', () => {
    const plan = decided(finished, right);
    expect(plan.status).toMatchObject({
      before: lostStatus.before,
      startTime: lostStatus.startTime,
      summary: '1/1 verified',
    });
    expect(plan.conditions?.['Succeeded']?.message).toBe(
      '1 host verified: all checks of this run pass (its status was lost; it was executed before, and is not executed again)',
    );
    expect(plan.afterStatus).toMatchObject([{ effect: { do: 'tell' } }]);
  });

  test('with all that was kept of it is Interrupted: it is not Running, and starts nothing', () => {
    const known = {
      startTime: after(-900),
      executor: 'here',
      hosts: [{ name: 'web-01', outcome: 'Unknown' as const }],
    };
    const world = { is: 'started', seconds: 0, state: { is: 'lost', message: 'gone' }, lostStatus: known } as const;
    const plan = decideRun(run, { ...world, hosts: [host()], blocks: [] }, now, means);
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'False', reason: 'Interrupted' });
    expect(plan.status).toMatchObject({
      completionTime: now.toISOString(),
      hosts: [{ outcome: 'Unknown', message: 'gone' }],
    });
  });
});

test('a complete run stays as it is', () => {
  const complete = makeRun('rhel9-1', { checks: [motd] }, { completionTime: after(-5), summary: '1/1 verified' });
  const plan = decideRun(complete, { is: 'complete' }, now, means);
  expect(plan.status).toEqual(complete.status);
  expect(plan.actions).toEqual([]);
});

test('a run that lacks something says what, and waits', () => {
  const plan = decideRun(makeRun('undo', { revertOf: { name: 'x' } }), fresh({}), now, means);
  expect(plan.outcome.is).toBe('waiting');
  expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'Unknown', reason: 'RunNotFound' });
});

test('a run that can never run is complete, and says why', () => {
  const own = makeRun('own', { playbook: { inline: '- hosts: all' }, backend: 'Local' });
  const plan = decideRun(own, fresh({}), now, means);
  expect(plan.status).toMatchObject({ completionTime: now.toISOString(), summary: 'PlaybookRefused' });
  expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'False', reason: 'PlaybookRefused' });
});

test('a run that was not read in full is not verified', () => {
  expect(() => decideRun(run, fresh({}), now, means)).toThrow('not read in full');
});
