/**
 * What those who wait for objects (Flux, Helm, kpt) make of ours: the real kstatus of cli-utils over every kind, in the states in which the
 * real operator puts real objects, and over every kind in every state that the runtime knows.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { resources } from '../../operator/api/generated/resources.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { statusOf, suspendedStatus, type Verdict } from '../../operator/runtime/conditions.ts';
import { waiverDigest } from '../../operator/findings/waiver/digest.ts';
import { makeBaseline, makeDevice, motd } from '../builders/drift.ts';
import { makeApproval, makeWaiver } from '../builders/waiver.ts';
import { setUp } from '../cluster/setUp.ts';
import { runCommand } from '../fleet/command.ts';
import { apiVersion, conditionOf, namespace, operatorAccount } from '../operator/bed.ts';
import { grantedIn } from '../operator/grants.ts';
import { account, home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { createAs, people, rightsOf } from '../operator/people.ts';
import { until } from '../operator/until.ts';

let bed: ClusterOnlyBed;
let kstatus: string;

beforeAll(async () => {
  kstatus = join(await setUp('kstatus'), 'kstatus');
  bed = await startClusterOnly();
  await bed.kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...grantedIn(namespace, operatorAccount),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data: { a: '1' } },
    // Nothing needs to be there: the host refuses connections.
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'fleet-ssh', namespace },
      stringData: { 'ssh-privatekey': 'x' },
    },
    ...account('blind', []),
    ...rightsOf(people),
  );
}, 900_000);

afterAll(() => bed.stop(), 60_000);

/** `Current`, `InProgress` or `Failed`, in the order of the objects. */
async function statusesOf(objects: readonly object[]): Promise<string[]> {
  const input = objects.map((object) => JSON.stringify(object)).join('\n');
  const { code, stdout, stderr } = await runCommand([kstatus], { input });
  if (code !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]!);
}

describe('every kind, in every state of the runtime', () => {
  const said = { reason: 'Because', message: 'A sentence.' };
  const bounded = (kind: string): boolean => kind === 'AnsibleRun';
  const outcomes: readonly [Verdict, string][] = [
    [{ is: 'ready', ...said }, 'Current'],
    [{ is: 'progressing', ...said, recheckAfter: 1 }, 'InProgress'],
    [{ is: 'waiting', ...said, recheckAfter: 1 }, 'InProgress'],
    [{ is: 'stalled', ...said }, 'Failed'],
    [{ is: 'failed', ...said }, 'InProgress'],
    [{ is: 'broken', ...said }, 'InProgress'],
  ];
  const kinds = Object.values(resources).map(({ kind }) => kind);
  const object = (kind: string, status: object) => ({
    apiVersion,
    kind,
    metadata: { name: 'x', generation: 2 },
    status,
  });
  const now = new Date();

  test.each(outcomes)('%j', async (verdict, expected) => {
    const before = { observedGeneration: 1, conditions: [] };
    const statuses = kinds.map((kind) => {
      const judgement = { verdict, bounded: bounded(kind), domain: {}, generation: 2, now };
      return object(kind, statusOf(before, judgement));
    });
    expect(await statusesOf(statuses)).toEqual(kinds.map(() => expected));
  });

  test.each(outcomes)('suspended after %j', async (verdict) => {
    const statuses = kinds.map((kind) => {
      const about = { bounded: bounded(kind), generation: 2, now };
      const before = statusOf(undefined, { ...about, verdict, domain: {}, generation: 1 });
      return object(kind, suspendedStatus(before, { reason: 'x' }, about));
    });
    expect(await statusesOf(statuses)).toEqual(kinds.map(() => 'Current'));
  });
});

const suspend = { reason: 'migration' };
const configMap = (data: object, name = 'settings') => ({
  name: 'settings',
  template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data },
});
const cluster = (name: string, objects: object[], spec: object = {}, account = writer) => ({
  apiVersion,
  kind: 'ClusterBaseline',
  metadata: { name },
  spec: { serviceAccountRef: { namespace: home, name: account }, objects, ...spec },
});
const host = (name: string, secret = 'fleet-ssh', spec: object = {}) => {
  const made = makeDevice(name);
  const ssh = { ...made.spec.ssh, host: '127.0.0.1', port: 1, hostKeys: [`ssh-ed25519 ${'A'.repeat(68)}`] };
  const metadata = { name, namespace, labels: { name } };
  return { ...made, metadata, spec: { ssh: { ...ssh, credentialsRef: { name: secret } }, ...spec } };
};
const fleet = (name: string, on: string, spec: object = {}) => {
  const made = makeBaseline({ checks: [motd] }, name);
  return {
    ...made,
    metadata: { name, namespace },
    spec: { ...made.spec, selector: { matchLabels: { name: on } }, ...spec },
  };
};
const window = (name: string, schedule: string, spec: object = {}) => ({
  apiVersion,
  kind: 'MaintenanceWindow',
  metadata: { name, namespace },
  spec: { timeZone: 'Etc/UTC', windows: [{ schedule, durationSeconds: 60 }], ...spec },
});
const run = (name: string, spec: object) => ({ apiVersion, kind: 'AnsibleRun', metadata: { name, namespace }, spec });
const playbook = { inline: '- hosts: all\n  tasks: []\n' };
const expiryTime = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z/, 'Z');
const waiver = (name: string, source: string) => {
  const made = makeWaiver({ source: { kind: 'DeviceBaseline', name: source }, expiryTime }, undefined, name);
  return { ...made, metadata: { name, namespace } };
};
const approval = (name: string, approver: string, digest?: string) => {
  const subject = waiver('asked', 'unreachable') as never;
  const made = makeApproval(subject, { approver, ...(digest && { subjectDigest: digest }) });
  return { ...made, metadata: { name, namespace } };
};

/** What is declared, the state that this puts it in, and what kstatus makes of it. `by` is who makes it, otherwise the administrator. */
interface Row {
  readonly state: string;
  readonly object: { kind: string; metadata: { name: string }; spec: unknown };
  readonly expected: 'Current' | 'InProgress' | 'Failed';
  readonly by?: string;
}
const rows: readonly Row[] = [
  { state: 'without credentials', object: host('bare', 'none'), expected: 'InProgress' },
  { state: 'unreachable, which is told by Reachable', object: host('away'), expected: 'Current' },
  { state: 'suspended before it was looked at', object: host('asleep', 'none', { suspend }), expected: 'Current' },
  { state: 'of no host', object: fleet('empty', 'nobody'), expected: 'Current' },
  { state: 'none of whose hosts can be read', object: fleet('unreachable', 'away'), expected: 'InProgress' },
  { state: 'suspended', object: fleet('paused', 'away', { suspend }), expected: 'Current' },
  { state: 'that holds', object: cluster('holds', [configMap({ a: '1' })]), expected: 'Current' },
  { state: 'that drifts', object: cluster('drifts', [configMap({ a: '2' })]), expected: 'Current' },
  {
    state: 'of which one part can be read',
    object: cluster('half', [
      configMap({ a: '1' }),
      { name: 'other', template: { apiVersion: 'x.example/v1', kind: 'X', metadata: { name: 'x' } } },
    ]),
    expected: 'Current',
  },
  {
    state: 'without any right',
    object: cluster('blind', [configMap({ a: '1' })], {}, 'blind'),
    expected: 'InProgress',
  },
  {
    state: 'of a kind that is not there, which is told by Compliant',
    object: cluster('early', [
      { name: 'other', template: { apiVersion: 'x.example/v1', kind: 'X', metadata: { name: 'x' } } },
    ]),
    expected: 'Current',
  },
  { state: 'that is invalid', object: cluster('wrong', [configMap({ a: '1' }, 'a/b')]), expected: 'Failed' },
  { state: 'suspended', object: cluster('paused', [configMap({ a: '2' })], { suspend }), expected: 'Current' },
  {
    state: 'suspended, and without rights',
    object: cluster('paused-blind', [configMap({ a: '2' })], { suspend }, 'blind'),
    expected: 'Current',
  },
  { state: 'with a schedule', object: window('sunday', '0 2 * * 0'), expected: 'Current' },
  {
    state: 'with a schedule in a zone that there is not',
    object: window('never', '0 2 * * 0', { timeZone: 'Nowhere/Land' }),
    expected: 'Failed',
  },
  { state: 'suspended', object: window('off', '0 2 * * 0', { suspend }), expected: 'Current' },
  {
    state: 'that is refused',
    object: run('refused', { deviceNames: ['away'], backend: 'Local', playbook }),
    expected: 'Failed',
  },
  {
    state: 'that waits for its host',
    object: run('waits', { deviceNames: ['nobody'], backend: 'Local', checks: [motd] }),
    expected: 'InProgress',
  },
  { state: 'that waits for a decision', object: waiver('asked', 'unreachable'), expected: 'Current', by: 'alice' },
  {
    state: 'of a baseline that is not there',
    object: waiver('of-nothing', 'nothing'),
    expected: 'Failed',
    by: 'alice',
  },
  { state: 'that counts', object: approval('counts', 'bob'), expected: 'Current', by: 'bob' },
  {
    state: 'of another version',
    object: approval('other-version', 'bob', waiverDigest(makeWaiver().spec)),
    expected: 'Failed',
    by: 'bob',
  },
];

describe('real objects of the real operator', () => {
  const names = rows.map(({ object, state }, at) => [`${object.kind} ${object.metadata.name}: ${state}`, at] as const);
  const seen = async ({ object: { kind, metadata } }: Row): Promise<Resource> =>
    (await bed.kubectl.get<Resource>(kind, metadata.name, namespace))!;

  beforeAll(async () => {
    for (const { object, by } of rows) {
      const { code, stderr } = await (by
        ? createAs(bed.kubectl, by, object)
        : bed.kubectl.try(['create', '--filename', '-'], JSON.stringify(object)));
      if (code !== 0) throw new Error(`${object.metadata.name}: ${stderr}`);
    }
  }, 120_000);

  test('nobody takes for done what nobody has looked at', async () => {
    expect(await statusesOf(await Promise.all(rows.map(seen)))).toEqual(rows.map(() => 'InProgress'));
    await bed.operator();
  });

  test.each(names)('%s', async (_, at) => {
    const row = rows[at]!;
    await until(
      `kstatus says ${row.expected}`,
      async () => {
        const object = await seen(row);
        const [status] = await statusesOf([object]);
        return object.status?.conditions?.length && status === row.expected ? true : undefined;
      },
      { seconds: 30, seen: () => seen(row) },
    );
  });

  test('a DriftReport is as it was last seen', async () => {
    const reports = await bed.kubectl.list<Resource>('driftreports', { namespace });
    expect(reports).not.toHaveLength(0);
    expect(new Set(await statusesOf(reports))).toEqual(new Set(['Current']));
  });

  test.each(['Failed', 'Stalled', 'Succeeded=False'])(
    'kubectl wait --for=condition=%s is told of a failed run',
    async (condition) => {
      const flags = ['--namespace', namespace, `--for=condition=${condition}`, '--timeout=10s'];
      expect((await bed.kubectl.try(['wait', 'ansiblerun/refused', ...flags])).code).toBe(0);
    },
  );

  test('one that was suspended while it waited is let go, and waited for again when it is resumed', async () => {
    const merge = (spec: object) =>
      bed.kubectl.run('patch', 'clusterbaseline', 'blind', '--type=merge', '--patch', JSON.stringify({ spec }));
    const settled = (expected: string, isPaused: boolean) =>
      until(
        `it is ${expected}`,
        async () => {
          const one = (await bed.kubectl.get<Resource>('clusterbaseline', 'blind'))!;
          const is = conditionOf(one, 'Suspended')?.status === 'True';
          return is === isPaused && (await statusesOf([one]))[0] === expected ? one : undefined;
        },
        { seconds: 30 },
      );
    await merge({ suspend });
    const paused = await settled('Current', true);
    expect(paused.status?.observedGeneration).toBe(paused.metadata.generation);
    expect(conditionOf(paused, 'Compliant')?.status).toBe('Unknown');
    await merge({ suspend: null });
    expect(conditionOf(await settled('InProgress', false), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'AllUnreadable',
    });
  });
});
