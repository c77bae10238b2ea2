import { describe, expect, test } from '@jest/globals';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import {
  after,
  havingCreated,
  makeBaseline,
  makeDevice,
  makeRun,
  makeWholeRun,
  motd,
  now,
} from '../../../test/builders/drift.ts';
import type { Kind } from '../../api/kind.ts';
import type { SshTarget } from '../../connect/ssh/types.ts';
import type { Reader } from '../../runtime/feature.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import { revisionOf } from '../driftReport/report.ts';
import { obstacleTo } from './checks.ts';
import { markAnnotation } from './mark.ts';
import { meansOf, type RunNeeds } from './needs.ts';
import { observeRun } from './observe.ts';

const needs = {
  local: {
    executor: 'here',
    problem: () => Promise.resolve(undefined),
    state: () => Promise.resolve({ is: 'running' }),
    started: () => Promise.resolve(undefined),
    atWork: () => Promise.resolve([]),
  },
  jobs: { isAvailable: true, stateOf: () => ({ is: 'prepared' }) },
  nonce: () => '7f3a',
  locate: (target: SshTarget) => Promise.resolve({ is: 'located', target: { ...target, address: '10.0.0.1' } }),
  mostLocalRuns: 8,
} as unknown as RunNeeds;
const baseline = makeBaseline({ mode: 'Enforce', remediation: { windowRef: { name: 'sunday-night' } } });

/** Without Devices, a run that nothing else holds up is stopped by that. */
async function obstacle(
  run: AnsibleRun,
  window?: MaintenanceWindow,
  among: readonly Resource[] = [baseline],
): Promise<string> {
  const world = await observeRun(run, needs, {
    read: readerOf(...among, run, ...(window ? [window] : [])),
    now,
    signal: AbortSignal.timeout(5000),
  });
  const found = world.is === 'fresh' ? obstacleTo({ run, world, means: meansOf(needs) }) : undefined;
  return found?.reason ?? world.is;
}

describe('a run that a baseline asked for and that has not begun', () => {
  test.each<[string, MaintenanceWindow | undefined, string]>([
    ['waits outside of the window', makeWindow(), 'WindowClosed'],
    ['waits for a window that is missing', undefined, 'WindowMissing'],
    [
      'goes on within it',
      makeWindow({ windows: [{ schedule: '0 11 * * 0', durationSeconds: 7200 }] }),
      'DeviceNotReady',
    ],
  ])('%s', async (_, window, reason) => {
    expect(await obstacle(makeRun('rhel9-1'), window)).toBe(reason);
  });
});

test('a run that has begun does not ask for the window', async () => {
  expect(await obstacle(makeRun('rhel9-1', {}, { startTime: after(-5), executor: 'here' }), makeWindow())).toBe(
    'started',
  );
});

describe('a run that no baseline created', () => {
  const unset = { baselineRef: undefined, deviceNames: ['web-01'], checks: [motd] };
  const other = makeBaseline({ selector: { matchLabels: { os: 'plan9' } }, remediation: { windowRef: { name: 'x' } } });
  const free = makeBaseline({ mode: 'Enforce', remediation: {} }, 'free');

  test.each<[string, Partial<AnsibleRun['spec']>, readonly Resource[], string]>([
    ['keeps the windows of the baselines of its hosts', {}, [baseline], 'WindowClosed'],
    ['keeps them whatever baseline it names', { baselineRef: { name: 'free' } }, [free, baseline], 'WindowClosed'],
    ['keeps none of baselines of other hosts', {}, [other], 'DeviceNotReady'],
    ['keeps none where there is none', {}, [free], 'DeviceNotReady'],
    ['keeps none when it only checks', { mode: 'Check' }, [baseline], 'DeviceNotReady'],
  ])('%s', async (_, spec, among, reason) => {
    expect(await obstacle(makeRun('by-hand', { ...unset, ...spec }), makeWindow(), [...among, makeDevice()])).toBe(
      reason,
    );
  });

  test('keeps no more than its own where it is that of a baseline', async () => {
    const run = makeRun('free-1', { ...unset, baselineRef: { name: 'free' }, revision: revisionOf(free) });
    const its = havingCreated(free, [run]);
    expect(await obstacle(run, makeWindow(), [its, baseline, makeDevice()])).toBe('DeviceNotReady');
  });
});

test('a run begins only when what decides about it is known as it is now', async () => {
  const run = makeRun('by-hand', { baselineRef: undefined, deviceNames: ['web-01'], checks: [motd] });
  const seen = { is: 'seen', observed: [] };
  const probing = { ...needs, probe: () => Promise.resolve(seen) } as unknown as RunNeeds;
  const found = async (isCurrent: boolean) => {
    const read = {
      ...readerOf(run, makeDevice()),
      fetch: () => Promise.resolve({ data: { 'ssh-privatekey': Buffer.from('key').toString('base64') } }),
      isCurrent: () => Promise.resolve(isCurrent),
    } as unknown as Reader;
    const world = await observeRun(run, probing, { read, now, signal: AbortSignal.timeout(5000) });
    return world.is === 'fresh' ? obstacleTo({ run, world, means: meansOf(needs) })?.reason : world.is;
  };
  expect(await found(true)).toBeUndefined();
  expect(await found(false)).toBe('ChangesPending');
});

test('a run that waits asks neither the apiserver nor a host; one that goes on asks both', async () => {
  const asked: string[] = [];
  const ask = <T>(whom: string, answer: T): Promise<T> => {
    asked.push(whom);
    return Promise.resolve(answer);
  };
  const data = { 'ssh-privatekey': Buffer.from('key').toString('base64') };
  const probing = { ...needs, probe: () => ask('host', undefined) } as unknown as RunNeeds;
  const observe = async (run: AnsibleRun) => {
    asked.length = 0;
    const read = {
      ...readerOf(baseline, run, makeDevice()),
      fetch: () => ask('Secret', { data }),
    } as unknown as Reader;
    const world = await observeRun(run, probing, { read, now, signal: AbortSignal.timeout(5000) });
    return 'hosts' in world ? world.hosts : undefined;
  };
  expect(await observe(makeRun('rhel9-1', { deviceNames: ['web-01'], checks: [motd] }))).toBeUndefined();
  expect(asked).toEqual([]);
  const byHand = makeRun('by-hand', { mode: 'Check', deviceNames: ['web-01'], checks: [motd] });
  expect(await observe(byHand)).toHaveLength(1);
  expect(asked).toEqual(['Secret', 'host']);
});

describe('after a restore of etcd', () => {
  const asked = (local: object) => ({ ...needs, local: { ...needs.local, ...local } }) as unknown as RunNeeds;
  const observed = (run: AnsibleRun, local: object, ...more: Resource[]) =>
    observeRun(run, asked(local), { read: readerOf(run, ...more), now, signal: AbortSignal.timeout(5000) });
  const byHand = makeRun('by-hand', { baselineRef: undefined, deviceNames: ['web-01'], checks: undefined });
  const record = {
    namespace: 'fleet',
    name: 'lost-7',
    devices: ['web-01'],
    status: { startTime: after(-60), executor: 'here' },
  };

  test('a run that was executed here is not one that has not begun: its record is that of before', async () => {
    const world = await observed(byHand, { started: () => Promise.resolve({ record }) }, makeDevice());
    expect(world).toMatchObject({ is: 'started', state: { is: 'running' }, lostStatus: record.status });
    const bare = await observed(byHand, { started: () => Promise.resolve({}) }, makeDevice());
    expect(bare).toMatchObject({ is: 'started', lostStatus: { executor: 'here', hosts: [{ name: 'web-01' }] } });
  });

  const other = { ...record, devices: ['web-02'] };
  const elsewhere = { ...record, namespace: 'others' };
  test.each<[string, object, readonly Resource[], string]>([
    ['a run on its host that etcd lost', { id: 'gone', record }, [], 'DevicesBusy'],
    ['one of which nothing but its id is known', { id: 'gone' }, [], 'DevicesBusy'],
    ['one that etcd has as not begun', { id: 'uid-lost-7', record }, [makeRun('lost-7')], 'DevicesBusy'],
    ['one on other hosts: no', { id: 'gone', record: other }, [], 'DeviceNotReady'],
    ['one of another namespace: no', { id: 'gone', record: elsewhere }, [], 'DeviceNotReady'],
  ])('waits for %s', async (_, running, more, reason) => {
    const local = { atWork: () => Promise.resolve([running]) };
    const run = makeRun('next', { baselineRef: undefined, deviceNames: ['web-01'], checks: [motd] });
    const world = await observed(run, local, ...more);
    const found = world.is === 'fresh' ? obstacleTo({ run, world, means: meansOf(asked(local)) }) : undefined;
    expect(found?.reason).toBe(reason);
  });
});

test.each<[string, object, object | undefined, string]>([
  ['does not bear its uid', {}, undefined, 'unmarked'],
  ['bears that of another, and no status', { [markAnnotation]: 'uid-before' }, undefined, 'copied'],
  [
    'bears that of another, and its status',
    { [markAnnotation]: 'uid-before' },
    { startTime: after(-5), executor: 'here' },
    'copied',
  ],
  ['began before runs were marked', {}, { startTime: after(-5), executor: 'here' }, 'started'],
])('a run that %s is not begun', async (_, annotations, status, is) => {
  const run = makeRun('copy', {}, status);
  const open = makeWindow({ windows: [{ schedule: '0 11 * * 0', durationSeconds: 7200 }] });
  expect(await obstacle({ ...run, metadata: { ...run.metadata, annotations } as never }, open)).toBe(is);
});

describe('a run that undoes another', () => {
  const state = { device: 'web-01', checks: ['motd: content differs'], states: '0123' };
  const done = { startTime: after(-60), completionTime: after(-5), before: [state] };
  const spec = { baselineRef: undefined, deviceNames: ['web-01'], checks: [motd] };
  const undo = makeRun('undo', { ...spec, deviceNames: [], checks: undefined, revertOf: { name: 'done' } });
  const whole = makeWholeRun('done', spec, done);
  const data = { 'ssh-privatekey': Buffer.from('key').toString('base64') };
  const answers = (kept: AnsibleRun[], live: AnsibleRun | undefined, asked: string[]) =>
    ({
      ...readerOf(...kept, makeDevice()),
      fetch: ({ kind }: Kind) => (asked.push(kind), Promise.resolve(kind === 'Secret' ? { data } : live)),
    }) as unknown as Reader;
  const observe = (run: AnsibleRun, read: Reader, more: object = {}) => {
    const probe = () => Promise.resolve({ is: 'unreachable', reason: 'ConnectionTimedOut', message: '' });
    const all = { ...needs, ...more, probe } as unknown as RunNeeds;
    return observeRun(run, all, { read, now, signal: AbortSignal.timeout(5000) });
  };

  test('reads its work from the apiserver once nothing stands in its way', async () => {
    const asked: string[] = [];
    expect(await observe(undo, answers([undo, makeRun('done', spec, done)], whole, asked))).toMatchObject({
      is: 'fresh',
      reverted: { spec: { checks: [motd] } },
      blocks: [{ check: motd, devices: ['web-01'] }],
      hosts: [{ name: 'web-01' }],
    });
    expect(asked).toEqual(['AnsibleRun', 'Secret']);
  });

  test.each<[string, AnsibleRun]>([
    ['is at work', makeRun('done', spec, { startTime: after(-60) })],
    ['changed nothing', makeRun('done', spec, { completionTime: after(-5) })],
    ['ran a playbook', makeRun('done', { ...spec, playbook: { inline: '- hosts: all' } }, done)],
  ])('asks nobody while the other %s', async (_, other) => {
    const asked: string[] = [];
    await observe(undo, answers([undo, other], whole, asked));
    expect(asked).toEqual([]);
  });

  test.each<[string, AnsibleRun | undefined]>([
    ['was deleted', undefined],
    ['was made anew', { ...whole, metadata: { ...whole.metadata, uid: 'another' } }],
  ])('is looked at again when the other %s a moment ago', async (_, live) => {
    await expect(observe(undo, answers([undo, makeRun('done', spec, done)], live, []))).rejects.toThrow(
      'AnsibleRun done was deleted; the next reconciliation will see that',
    );
  });

  test.each([
    ['at work, asks for nothing of it', 'running', ['Secret'], []],
    ['ended, is judged by all of it', 'finished', ['AnsibleRun', 'Secret'], [{ check: motd, devices: ['web-01'] }]],
    ['recorded and never started, is started by all of it', 'absent', ['AnsibleRun', 'Secret'], [{ check: motd }]],
  ])('%s', async (_, is, asks, blocks) => {
    const asked: string[] = [];
    const status = { startTime: after(-5), executor: 'here', hosts: [{ name: 'web-01', outcome: 'Unknown' as const }] };
    const begun = makeRun('undo', undo.spec, { ...status, before: [state] });
    const local = { executor: 'here', state: () => Promise.resolve({ is }) };
    const world = await observe(begun, answers([begun, makeRun('done', spec, done)], whole, asked), { local });
    expect(world).toMatchObject({ is: 'started', blocks });
    expect(asked).toEqual(asks);
  });
});

describe('the Job of a run', () => {
  const name = 'holdfast-uid-rhel9-1-7f3a';
  const recorded = { name, uid: 'u-job' };
  const owned = {
    ownerReferences: [{ apiVersion: '', kind: 'AnsibleRun', name: 'r', uid: 'uid-rhel9-1', controller: true }],
  };
  const object = (kind: string, uid: string, metadata: object = owned) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, uid, ...metadata },
  });

  async function seen(job: object | undefined, objects: readonly object[], executor = 'Job') {
    const run = makeRun('rhel9-1', { backend: 'Job' }, { startTime: after(-5), executor, job: job as typeof recorded });
    const searched: string[] = [];
    const read = {
      ...readerOf(baseline, run),
      fetch: ({ kind }: { kind: string }) => Promise.resolve(objects.find((one) => 'kind' in one && one.kind === kind)),
      search: (_: unknown, __: string, selector: string) => {
        searched.push(selector);
        return Promise.resolve([]);
      },
    } as unknown as Reader;
    const world = await observeRun(run, needs, { read, now, signal: AbortSignal.timeout(5000) });
    return world.is === 'started' ? { ...world.state, searched } : undefined;
  }

  test.each<[string, object | undefined, readonly object[], object]>([
    ['is prepared when it is the one that was recorded', recorded, [object('Job', 'u-job')], { is: 'prepared' }],
    [
      'is absent while its uid is not recorded, whatever has its name',
      { name },
      [object('Job', 'u-forged')],
      { is: 'absent' },
    ],
    [
      'is lost when another has its name',
      recorded,
      [object('Job', 'u-forged')],
      { is: 'lost', message: expect.stringContaining('another Job has the name') },
    ],
    ['is lost when it was deleted', recorded, [], { is: 'lost', message: expect.stringContaining('was deleted') }],
  ])('%s', async (_, job, objects, state) => {
    expect(await seen(job, objects)).toMatchObject(state);
  });

  test('has the pods that its uid selects', async () => {
    expect((await seen(recorded, [object('Job', 'u-job')]))?.searched).toEqual([
      'batch.kubernetes.io/controller-uid=u-job',
    ]);
  });

  test('that another executor recorded is lost', async () => {
    expect(await seen(recorded, [object('Job', 'u-job')], 'Job/holdfast-x')).toMatchObject({ is: 'lost' });
  });
});
