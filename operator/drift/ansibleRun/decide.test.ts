import { describe, expect, test } from '@jest/globals';
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleState } from '../../connect/ansible/types.ts';
import { after, makeRun, motd, now } from '../../../test/builders/drift.ts';
import type { HostObservation } from '../probe/observation.ts';
import { decideRun } from './decide.ts';
import type { RunHost, RunWorld } from './observe.ts';
import type { RunParts } from './parts.ts';

const sysctl = { name: 'redirects', sysctl: { name: 'net.ipv4.conf.all.accept_redirects', value: '0' } } as const;
const target = {
  id: 'fleet/web-01',
  host: 'web-01',
  port: 22,
  user: 'holdfast',
  become: 'sudo',
  hostKeys: [],
  hostCertificateAuthorities: [],
  privateKey: 'secret',
} as const;
const parts = {
  conceal: () => 'hmac:0',
  local: { executor: 'here' },
  jobs: {
    objectsOf: () => ({
      needs: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }],
      job: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } },
    }),
  },
} as unknown as RunParts;

const seen = (live: string): HostObservation => ({
  is: 'seen',
  facts: {},
  observed: [{ is: 'observed', value: { live, persisted: live } }],
});
const away: HostObservation = { is: 'unreachable', reason: 'ConnectionTimedOut', message: 'web-01 does not answer' };
const host = (observation?: HostObservation, name = 'web-01'): RunHost => ({
  name,
  target,
  ...(observation && { observation }),
});
const work = (hosts: RunHost[]) => ({
  hosts,
  blocks: [{ id: 'redirects', check: sysctl, devices: hosts.map(({ name }) => name) }],
});
const run = makeRun('rhel9-1', { checks: [sysctl] });

function startedRun(status: Partial<AnsibleRunStatus> = {}, spec: Partial<AnsibleRun['spec']> = {}): AnsibleRun {
  const hosts = [{ name: 'web-01', outcome: 'Unknown', ok: 0, changed: 0, failed: 0, unreachable: false }] as const;
  return makeRun(
    'rhel9-1',
    { checks: [sysctl], ...spec },
    {
      startTime: after(-60),
      executor: 'here',
      hosts: [...hosts],
      before: [{ device: 'web-01', check: 'redirects' }],
      ...status,
    },
  );
}

const finished: AnsibleState = {
  is: 'finished',
  exitCode: 0,
  hosts: [{ name: 'web-01', ok: 2, changed: 1, failed: 0, unreachable: false }],
};

function judged(observation: HostObservation, state: AnsibleState = finished, subject = startedRun()) {
  const world: RunWorld = { is: 'started', state, ...work([host(observation)]) };
  return decideRun(subject, world, now, parts);
}

describe('a run begins', () => {
  test('by recording what it is about to do, and only then asking for it', () => {
    const plan = decideRun(run, { is: 'fresh', ...work([host(seen('1'))]) }, now, parts);
    expect(plan.actions).toEqual([]);
    expect(plan.status).toMatchObject({
      startTime: now.toISOString(),
      executor: 'here',
      before: [{ device: 'web-01', check: 'redirects', found: { sysctl: { value: '1' } } }],
    });
    expect(plan.afterStatus).toMatchObject([{ do: 'perform', effect: { do: 'start', id: 'uid-rhel9-1' } }]);
  });

  test('with the private key nowhere in what is stored', () => {
    const { status, conditions, outcome, notes } = decideRun(
      run,
      { is: 'fresh', ...work([host(seen('1'))]) },
      now,
      parts,
    );
    expect(JSON.stringify({ status, conditions, outcome, notes })).not.toContain('secret');
  });

  test('with the hosts that differ alone; the others are judged as they stand', () => {
    const plan = decideRun(
      run,
      { is: 'fresh', ...work([host(seen('1')), host(seen('0'), 'web-02'), host(away, 'web-03')]) },
      now,
      parts,
    );
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
    const plan = decideRun(run, { is: 'fresh', ...work([host(seen('0'))]) }, now, parts);
    expect(plan.afterStatus).toBeUndefined();
    expect(plan.conditions?.['Succeeded']).toMatchObject({
      status: 'True',
      reason: 'Verified',
      message: expect.stringContaining('nothing was run'),
    });
    expect(plan.status.completionTime).toBeDefined();
  });

  test('as a Job: what it needs is applied, the Job is created once', () => {
    const plan = decideRun(
      makeRun('rhel9-1', { checks: [sysctl], backend: 'Job' }),
      { is: 'fresh', ...work([host(seen('1'))]) },
      now,
      parts,
    );
    expect(plan.afterStatus?.map((action) => action.do)).toEqual(['apply', 'create']);
    expect(plan.status.executor).toBe('Job/holdfast-uid-rhel9-1');
  });
});

describe('a run that was begun', () => {
  test('is asked for again when the operator ended between record and start', () => {
    expect(judged(seen('1'), { is: 'absent' }).afterStatus).toMatchObject([
      { effect: { do: 'start', id: 'uid-rhel9-1' } },
    ]);
  });

  test('is waited for while it runs', () => {
    expect(judged(seen('1'), { is: 'running' }).outcome).toMatchObject({ is: 'progressing', reason: 'Running' });
  });

  test.each<[string, HostObservation, AnsibleState, string, string, RegExp]>([
    ['the probe finds everything in order', seen('0'), finished, 'True', 'Verified', /looked at again/],
    [
      'Ansible says well, and the probe says otherwise: the probe decides',
      seen('1'),
      finished,
      'False',
      'Failed',
      /web-01: still differs: redirects live is 1, not 0/,
    ],
    [
      'Ansible failed, and the host is in order all the same',
      seen('0'),
      { ...finished, exitCode: 2 },
      'True',
      'Verified',
      /looked at again/,
    ],
    [
      'Ansible was ended for taking too long',
      seen('1'),
      { ...finished, timedOut: true },
      'False',
      'TimedOut',
      /ended after 1800 s/,
    ],
    [
      'its end is not known, and the host still differs',
      seen('1'),
      { is: 'lost', message: 'the operator is gone' },
      'False',
      'Interrupted',
      /the operator is gone/,
    ],
    [
      'its end is not known, and the host is in order',
      seen('0'),
      { is: 'lost', message: 'the operator is gone' },
      'True',
      'Verified',
      /the operator is gone/,
    ],
  ])('is complete when %s', (_, observation, state, status, reason, message) => {
    const plan = judged(observation, state);
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status, reason, message: expect.stringMatching(message) });
    expect(plan.status.completionTime).toBe(now.toISOString());
  });

  test('waits for a host that is away for a moment, and then says so', () => {
    expect(judged(away).outcome).toMatchObject({ is: 'progressing', reason: 'Verifying' });
    expect(judged(away, finished, startedRun({ finishTime: after(-61) })).conditions?.['Succeeded']).toMatchObject({
      status: 'False',
      message: expect.stringContaining('web-01 does not answer'),
    });
  });

  test('in mode Check is judged by what Ansible says', () => {
    const plan = judged(seen('1'), finished, startedRun({}, { mode: 'Check' }));
    expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'True', reason: 'Completed' });
  });
});

test('a complete run stays as it is', () => {
  const complete = makeRun('rhel9-1', { checks: [motd] }, { completionTime: after(-5), summary: '1/1 verified' });
  const plan = decideRun(complete, { is: 'complete' }, now, parts);
  expect(plan.status).toEqual(complete.status);
  expect(plan.actions).toEqual([]);
});

test('a run that lacks something says what, and waits', () => {
  const plan = decideRun(
    run,
    { is: 'blocked', reason: 'RunNotFound', message: "AnsibleRun 'x' does not exist" },
    now,
    parts,
  );
  expect(plan.outcome.is).toBe('waiting');
  expect(plan.conditions?.['Succeeded']).toMatchObject({ status: 'Unknown', reason: 'RunNotFound' });
});
