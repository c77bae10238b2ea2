/**
 * The scripts for Argo CD, in its own Lua, over every kind: in every state that the runtime knows, over statuses that are broken, and over
 * what other operators got wrong. Each of those is named by the report in which it was told.
 */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { resources } from '../../operator/api/generated/resources.ts';
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { features } from '../../operator/features.ts';
import { statusOf, suspendedStatus, type Verdict } from '../../operator/runtime/conditions.ts';
import { actionsOf, customizationOf, customizations, folder, healthOf, patchOf } from '../argocd/customizations.ts';
import { runLua } from '../argocd/lua.ts';

const apiVersion = 'holdfast.dev/v1alpha1';
const kinds = Object.values(resources).map(({ kind }) => kind);
/** Those with conditions; the others are reports. */
const evaluated = features.map(({ kind: { kind }, bounded = false }) => ({ kind, bounded }));
const suspended = [
  'ClusterBaseline',
  'Device',
  'DeviceBaseline',
  'EvidencePack',
  'EvidenceStore',
  'MaintenanceWindow',
  'ServiceLevelObjective',
];
const object = (kind: string, status?: unknown, metadata: object = {}, spec: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'x', generation: 2, ...metadata },
  spec,
  ...(status !== undefined && { status }),
});
const now = new Date();
const said = { reason: 'Because', message: 'A sentence.' };
const condition = (type: string, status: string, more: Partial<Condition> = {}) => ({
  ...{ type, status, observedGeneration: 2, lastTransitionTime: now.toISOString(), ...said },
  ...more,
});
const observed = (...conditions: object[]) => ({ observedGeneration: 2, conditions });
const ready = condition('Ready', 'True');
const healthsOf = async (objects: Parameters<typeof healthOf>[0]) =>
  (await healthOf(objects)).map(({ status }) => status);

test('there is one script for every kind, in both files, and it differs in its facts alone', () => {
  expect([...customizations.keys()].sort()).toEqual([...kinds].sort());
  const bodies = [...customizations.values()].map(({ health }) => health.slice(health.indexOf('\n')));
  expect(new Set(bodies).size).toBe(1);
  const file = readFileSync(join(folder, 'openshift-gitops.yaml'), 'utf8');
  const { spec } = load(file) as { spec: Record<string, { kind: string; check?: string; action?: string }[]> };
  expect(spec['resourceHealthChecks']).toEqual(
    [...customizations].map(([kind, { health }]) => ({ group: 'holdfast.dev', kind, check: health })),
  );
  expect(spec['resourceActions']?.map(({ kind }) => kind).sort()).toEqual([...suspended, 'CanaryRollout'].sort());
});

// https://github.com/argoproj/argo-cd/issues/26818, https://github.com/argoproj/argo-cd/issues/10600: a sync waits for what is suspended.
test('the example does not wait for what is suspended, and applies kinds and their objects in one sync', () => {
  const text = readFileSync(join(folder, 'application.yaml'), 'utf8');
  const { kind, spec } = load(text) as { kind: string; spec: { syncPolicy: { syncOptions: string[] } } };
  expect(kind).toBe('Application');
  expect(spec.syncPolicy.syncOptions).toEqual(
    expect.arrayContaining(['ApplyOutOfSyncOnly=true', 'ServerSideApply=true', 'SkipDryRunOnMissingResource=true']),
  );
  expect(spec).not.toHaveProperty('ignoreDifferences');
});

describe('what Argo CD gives to scripts', () => {
  const inLua = async (script: string) =>
    (await runLua([{ script, object: { a: [1, 'ö"\n', { b: {} }], c: null } }]))[0];

  test('is the object, and the libraries base and table', async () => {
    expect(await inLua('return { obj = obj, type = type(table.concat) }')).toEqual({
      is: 'returned',
      value: { obj: { a: [1, 'ö"\n', { b: [] }] }, type: 'function' },
    });
  });

  // https://github.com/argoproj/argo-cd/pull/7222, https://github.com/mojaloop/iac-modules/pull/910
  test.each(['string.upper("a")', '("a"):upper()', 'os.time()', 'math.huge', 'io.read()', 'require("os")'])(
    'and not %s',
    async (use) => expect(await inLua(`return { a = ${use} }`)).toMatchObject({ is: 'threw' }),
  );
});

describe('every kind, in every state of the runtime', () => {
  const outcomes: readonly [Verdict, health: string][] = [
    [{ is: 'ready', ...said }, 'Healthy'],
    [{ is: 'progressing', ...said, recheckAfter: 1 }, 'Progressing'],
    [{ is: 'waiting', ...said, recheckAfter: 1 }, 'Progressing'],
    [{ is: 'stalled', ...said }, 'Degraded'],
    // It is tried again: Degraded would fail a sync for one answer that was lost.
    [{ is: 'failed', ...said }, 'Progressing'],
    [{ is: 'broken', ...said }, 'Degraded'],
  ];
  const statuses = (verdict: Verdict, generation = 2) =>
    evaluated.map(({ kind, bounded }) =>
      object(kind, statusOf({ observedGeneration: -1 }, { verdict, bounded, domain: {}, generation, now })),
    );

  test.each(outcomes)('%j', async (verdict, expected) => {
    const healths = await healthOf(statuses(verdict));
    expect(healths).toEqual(evaluated.map(() => ({ status: expected, message: 'A sentence.' })));
  });

  test.each(outcomes)('suspended after %j', async (verdict) => {
    const objects = evaluated
      .filter(({ kind }) => suspended.includes(kind))
      .map(({ kind, bounded }) => {
        const before = statusOf(undefined, { verdict, bounded, domain: {}, generation: 1, now });
        return object(kind, suspendedStatus(before, { reason: 'migration' }, { bounded, generation: 2, now }));
      });
    const message = 'migration (until spec.suspend is removed)';
    expect(await healthOf(objects)).toEqual(suspended.map(() => ({ status: 'Suspended', message })));
  });

  // https://github.com/argoproj/argo-cd/issues/4669, https://github.com/argoproj/argo-cd/issues/23578
  test.each(outcomes)('of an older version, %j says nothing', async (verdict) => {
    const message = 'Holdfast has not evaluated this version yet';
    expect(await healthOf(statuses(verdict, 1))).toEqual(evaluated.map(() => ({ status: 'Progressing', message })));
  });

  test('a run that has ended stays as it ended', async () => {
    const failed: Verdict = { is: 'failed', ...said };
    const after = (status: 'True' | 'False') => {
      const domain = { Succeeded: { status, reason: 'Verified', message: 'it ended' } };
      const conclusion = { bounded: true, generation: 2, now };
      const end = statusOf(undefined, { ...conclusion, verdict: { is: 'ready', ...said }, domain });
      return object('AnsibleRun', statusOf(end, { ...conclusion, verdict: failed, domain: undefined }));
    };
    expect(await healthOf([after('True'), after('False')])).toEqual([
      { status: 'Healthy', message: 'it ended' },
      { status: 'Degraded', message: 'it ended' },
    ]);
  });

  test('one that is being deleted is Progressing, with what it waits for', async () => {
    const deletionTimestamp = now.toISOString();
    const waits = observed(condition('Ready', 'False'), condition('Reconciling', 'True'));
    const healths = await healthOf(
      kinds.flatMap((kind) => [
        object(kind, observed(ready), { deletionTimestamp }),
        object(kind, waits, { deletionTimestamp }),
      ]),
    );
    expect(healths).toEqual(
      kinds.flatMap(() => [
        { status: 'Progressing', message: 'is being deleted' },
        { status: 'Progressing', message: 'is being deleted: A sentence.' },
      ]),
    );
  });

  test('a report is there or not', async () => {
    expect(await healthOf([object('DriftReport'), object('DriftReport', { result: 'Fail' })])).toEqual([
      { status: 'Progressing', message: 'nothing is reported yet' },
      { status: 'Healthy', message: 'Fail' },
    ]);
  });
});

describe('what is no health of the application', () => {
  // https://github.com/argoproj/argo-cd/issues/29395: a condition of the domain made an object Degraded.
  test('a host that drifted or is away, a waiver that was refused or has expired', async () => {
    const also = (type: string, status: string) => condition(type, status, { message: `${type} is ${status}` });
    const objects = [
      object('Device', observed(also('Compliant', 'False'), also('Reachable', 'False'), ready)),
      object('DeviceBaseline', observed(also('Compliant', 'False'), also('Halted', 'True'), ready)),
      object('ClusterBaseline', observed(also('Compliant', 'Unknown'), also('RightsMissing', 'True'), ready)),
      object('MaintenanceWindow', observed(also('Open', 'False'), ready)),
      object('PolicyWaiver', {
        ...observed(also('Approved', 'False'), also('Expired', 'True'), ready),
        summary: 'it expired',
      }),
    ];
    expect(await healthOf(objects)).toEqual(
      ['Reachable is False', 'Compliant is False', 'Compliant is Unknown', 'Open is False', 'it expired'].map(
        (message) => ({
          status: 'Healthy',
          message,
        }),
      ),
    );
  });

  // https://github.com/argoproj/argo-cd/issues/25054, https://github.com/argoproj/argo-cd/issues/10600: a sync waits for what is Suspended.
  test('a person who has not decided yet: Suspended or Progressing would stop the sync until then', async () => {
    const pending = {
      ...observed(condition('Approved', 'False', { reason: 'Pending' }), ready),
      summary: 'it needs 1 approval',
    };
    expect(await healthOf([object('PolicyWaiver', pending)])).toEqual([
      { status: 'Healthy', message: 'it needs 1 approval' },
    ]);
  });
});

describe('what happened to others', () => {
  // https://github.com/argoproj/argo-cd/issues/1826, https://github.com/argoproj/argo-cd/issues/6130: Degraded just after creation fails a sync.
  test('just created, as the apiserver stores it, nothing is Degraded or Healthy', async () => {
    const objects = kinds.flatMap((kind) => [object(kind), object(kind, { observedGeneration: -1 })]);
    expect(new Set(await healthsOf(objects))).toEqual(new Set(['Progressing']));
  });

  // https://github.com/argoproj/argo-cd/issues/16523, https://github.com/argoproj/argo-cd/issues/18597,
  // https://github.com/crossplane/crossplane/issues/6569: the first condition of the list won.
  test.each<[health: string, conditions: object[]]>([
    ['Progressing', [ready, condition('Reconciling', 'True'), condition('Compliant', 'True')]],
    ['Degraded', [ready, condition('Stalled', 'True'), condition('Compliant', 'True')]],
    ['Suspended', [ready, condition('Suspended', 'True'), condition('Compliant', 'True')]],
    ['Progressing', [condition('Ready', 'False'), condition('Reconciling', 'True'), condition('Compliant', 'True')]],
    ['Healthy', [ready, condition('Reconciling', 'False'), condition('Stalled', 'False')]],
  ])('the order of conditions is nothing: %s', async (expected, [a, b, c]) => {
    const orders = [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ] as object[][];
    const healths = await healthsOf(orders.map((conditions) => object('DeviceBaseline', observed(...conditions))));
    expect(new Set(healths)).toEqual(new Set([expected]));
  });

  // https://github.com/argoproj/argo-cd/issues/20108, https://github.com/argoproj/argo-cd/issues/16396,
  // https://github.com/argoproj/argo-cd/issues/22897: a part that is not there made the script throw, and the application Unknown.
  test('a condition that lacks a part throws nothing', async () => {
    const noMessage = { ...ready, message: undefined };
    const noTime = { ...ready, lastTransitionTime: undefined };
    const bare = { type: 'Ready', status: 'True', observedGeneration: 2 };
    const odd = { ...ready, message: ['a', 'b'], reason: 7 };
    const statuses = [noMessage, noTime, bare, odd].map((one) => observed(one));
    expect(await healthOf(statuses.map((status) => object('Approval', status)))).toEqual([
      { status: 'Healthy', message: 'Because' },
      { status: 'Healthy', message: 'A sentence.' },
      { status: 'Healthy', message: '' },
      { status: 'Healthy', message: '' },
    ]);
  });

  // https://github.com/argoproj/argo-cd/issues/18604, https://github.com/argoproj/argo-cd/issues/5423: an empty answer stopped the application.
  const broken: readonly unknown[] = [
    ...[null, 'text', 5, true, [], {}],
    ...[null, 'text', 5, {}, { type: 'Ready', status: 'True' }].map((conditions) => ({
      observedGeneration: 2,
      conditions,
    })),
    ...[null, 'text', 5, [], {}, { type: 'Ready' }, { ...ready, status: true }, { ...ready, type: 7 }].map((one) =>
      observed(one as object),
    ),
    ...[-1, 1, 3, '', 'two', null, {}].map((observedGeneration) => ({ observedGeneration, conditions: [ready] })),
    ...[1, 3, '', null, {}].map((observedGeneration) => observed({ ...ready, observedGeneration })),
    { conditions: [ready] },
    { observedGeneration: 2, summary: { text: 1 }, result: ['Pass'] },
  ];
  test('a status that is broken is never Healthy and never throws', async () => {
    const objects = kinds.flatMap((kind) => broken.map((status) => object(kind, status)));
    expect(new Set(await healthsOf(objects))).toEqual(new Set(['Progressing']));
    const without = kinds.map((kind) => ({ ...object(kind, observed(ready)), metadata: { name: 'x' } }));
    expect(new Set(await healthsOf(without))).toEqual(new Set(['Progressing']));
  });

  test('Ready is False and nothing says that it will be tried again', async () => {
    expect(await healthsOf([object('Device', observed(condition('Ready', 'False')))])).toEqual(['Degraded']);
  });
});

describe('actions', () => {
  /** Empty maps and lists, numbers, text: all that an action must leave as it is. */
  const spec = {
    selector: {},
    checks: [{ name: 'a', port: 22, share: 0.1, tags: [], template: { spec: {} } }],
    note: 'ö"\n',
  };
  const baseline = (more: object = {}, metadata: object = {}) =>
    object('DeviceBaseline', observed(ready), metadata, { ...spec, ...more });
  const suspend = { reason: 'migration', until: '2027-01-01T00:00:00Z' };

  test('are those of what suspends, and to evaluate a Device now', async () => {
    const offered = await Promise.all(kinds.map(async (kind) => [kind, Object.keys(await actionsOf(object(kind)))]));
    expect(offered.filter(([kind, names]) => names?.length && kind !== 'CanaryRollout')).toEqual(
      suspended.map((kind) => [kind, expect.arrayContaining(['suspend', 'resume'])]),
    );
    const names = new Map([...customizations].map(([kind, { actions }]) => [kind, Object.keys(actions)]));
    expect(names.get('Device')).toEqual(['suspend', 'resume', 'evaluate']);
    expect(names.get('DeviceBaseline')).toEqual(['suspend', 'resume']);
  });

  test('can be chosen while they change something', async () => {
    expect(await actionsOf(object('Device'))).toEqual({ suspend: true, resume: false, evaluate: true });
    expect(await actionsOf(object('Device', {}, {}, { suspend }))).toEqual({
      suspend: false,
      resume: true,
      evaluate: false,
    });
    const gone = { deletionTimestamp: now.toISOString() };
    expect(await actionsOf(object('Device', {}, gone))).toEqual({ suspend: false, resume: false, evaluate: false });
  });

  // https://github.com/argoproj/argo-cd/issues/17868, https://github.com/argoproj/argo-cd/issues/22270: empty maps came back as lists.
  test('change what they say and nothing else', async () => {
    const reason = 'suspended in Argo CD';
    expect(await patchOf('suspend', baseline())).toEqual({ spec: { suspend: { reason } } });
    expect(await patchOf('suspend', baseline({ suspend }))).toEqual({});
    expect(await patchOf('resume', baseline({ suspend }))).toEqual({ spec: { suspend: null } });
    expect(await patchOf('resume', baseline())).toEqual({});
    const count = (annotations?: object) => patchOf('evaluate', object('Device', {}, { annotations }, spec));
    expect(await count()).toEqual({ metadata: { annotations: { 'holdfast.dev/evaluate': '1' } } });
    expect(await count({ a: 'b', 'holdfast.dev/evaluate': '1' })).toEqual({
      metadata: { annotations: { 'holdfast.dev/evaluate': '2' } },
    });
  });

  test('are refused where Argo CD would change a number', async () => {
    const large = baseline({ checks: [{ template: { spec: { id: 9007199254740993 } } }] });
    expect(await actionsOf(large)).toEqual({ suspend: false, resume: false });
    await expect(patchOf('suspend', large)).rejects.toThrow(
      'it has a number beyond 2^53, which Argo CD would change: use kubectl',
    );
  });

  test('of a status that is broken are the same', async () => {
    for (const status of [null, 'text', 5, []])
      expect(await actionsOf(object('Device', status))).toMatchObject({ suspend: true });
    expect(customizationOf('PolicyWaiver').actions).toEqual({});
  });
});

describe('a CanaryRollout', () => {
  const revision = `sha256:${'a'.repeat(64)}`;
  const start = '2026-11-27T01:02:03.000Z';
  const own = { revision, startTime: start, step: 2, seal: 'b'.repeat(64) };
  const rollout = (status: object, spec: object = {}, conditions: object[] = []) =>
    object('CanaryRollout', { ...observed(ready, ...conditions), ...status }, {}, spec);
  const progressing = (status: string, reason: string) => condition('Progressing', status, { reason });
  const rolledBack = (status: string) => condition('RolledBack', status, { reason: 'RollbackIncomplete' });

  test.each<[health: string, conditions: object[], status?: object]>([
    ['Progressing', [progressing('True', 'Converging')]],
    ['Progressing', [progressing('True', 'Soaking')]],
    ['Progressing', [progressing('False', 'GateInconclusive')]],
    ['Progressing', [progressing('True', 'RollingBack'), rolledBack('Unknown')]],
    // It is paused, and taken back all the same.
    ['Progressing', [progressing('True', 'RollingBack'), rolledBack('Unknown'), condition('Paused', 'True')]],
    ['Suspended', [progressing('True', 'Soaking'), condition('Paused', 'True')]],
    ['Suspended', [progressing('False', 'Paused'), condition('Paused', 'True')]],
    ['Suspended', [progressing('False', 'WindowClosed')]],
    ['Degraded', [progressing('False', 'NotTakenBack')]],
    ['Degraded', [progressing('False', 'PreviousNotProven')]],
    ['Degraded', [progressing('False', 'Rejected')]],
    ['Degraded', [progressing('True', 'RollingBack'), rolledBack('False')]],
    ['Degraded', [progressing('False', 'RolledBack'), rolledBack('True')], { rollback: { rejects: true } }],
    // The baseline declares the revision before again.
    ['Healthy', [progressing('False', 'RolledBack'), rolledBack('True')], { rollback: {} }],
    ['Healthy', [progressing('False', 'Completed')]],
    ['Healthy', [progressing('False', 'NothingToDo')]],
  ])('is %s: %#', async (expected, conditions, status = {}) => {
    expect(await healthsOf([rollout(status, {}, conditions)])).toEqual([expected]);
  });

  test('is asked for what its status says now, and for nothing else', async () => {
    const annotations = (name: string, value: string) => ({
      metadata: { annotations: { [`holdfast.dev/rollout-${name}`]: value } },
    });
    expect(await patchOf('skip', rollout(own))).toEqual(annotations('skip', `${revision}@${start}/2`));
    expect(await patchOf('promote', rollout(own))).toEqual(annotations('promote', `${revision}@${start}/2`));
    expect(await patchOf('abort', rollout(own))).toEqual(annotations('abort', `${revision}@${start}`));
    const rollback = { rejects: true, startTime: start, completionTime: start };
    expect(await patchOf('retry', rollout({ ...own, rollback }))).toEqual(annotations('retry', `${revision}@${start}`));
    expect(await patchOf('pause', rollout(own))).toEqual({ spec: { pause: { reason: 'paused in Argo CD' } } });
    expect(await patchOf('resume', rollout(own, { maxFailed: 0, pause: { reason: 'x' } }))).toEqual({
      spec: { pause: null },
    });
  });

  // https://github.com/argoproj/argo-cd/issues/19105: people looked for an action that had another name, or was not there.
  test('offers what makes sense as it is', async () => {
    const chosen = async (status: object, spec?: object) =>
      Object.entries(await actionsOf(rollout(status, spec)))
        .flatMap(([name, can]) => (can ? [name] : []))
        .sort();
    expect(await chosen(own)).toEqual(['abort', 'pause', 'promote', 'skip']);
    expect(await chosen(own, { pause: { reason: 'x' } })).toEqual(['abort', 'promote', 'resume', 'skip']);
    expect(await chosen({ ...own, failure: 'x' })).toEqual(['abort', 'pause']);
    expect(await chosen({ ...own, completionTime: start })).toEqual(['pause']);
    expect(await chosen({ ...own, rollback: { rejects: true, startTime: start } })).toEqual(['pause']);
    const over = { rejects: true, startTime: start, completionTime: start };
    expect(await chosen({ ...own, rollback: over })).toEqual(['pause', 'retry']);
    expect(await chosen({ ...own, seal: undefined })).toEqual(['pause']);
    await expect(patchOf('skip', rollout({ ...own, completionTime: start }))).rejects.toThrow(
      'not where this makes sense',
    );
  });
});
