/** The real apiserver accepts every CRD and every sample, and refuses bad input with a sentence that says what to do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { schemas } from '../../operator/api/generated/schemas.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, crds } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import type { RolloutGates } from '../../operator/api/v1alpha1/rolloutGates.ts';
import { baseline, check, device, digest, full, key, run, serviceAccountRef, template, waiver } from './fullObjects.ts';
import { acceptedGates, refusedGates } from './rolloutGateCases.ts';

const samples = resolve(import.meta.dirname, '../../manifests/samples');
let cluster: Cluster;
let kubectl: Kubectl;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster);
}, 900_000);

afterAll(() => cluster.stop(), 60_000);

describe('the samples', () => {
  const names = readdirSync(samples);

  test('are applied as a directory, in one go', async () => {
    const applied = await kubectl.run('apply', '--filename', samples);
    expect(
      applied
        .trim()
        .split('\n')
        .filter((line) => !line.endsWith(' created')),
    ).toEqual([]);
    expect(applied.trim().split('\n')).toHaveLength(names.length);
  });

  test('are then no difference, and a second time changes nothing', async () => {
    expect(await kubectl.try(['diff', '--filename', samples])).toEqual({ code: 0, stdout: '', stderr: '' });
    // kubectl says of some that they are configured: it sends lists without the defaults in them, which the apiserver fills in again.
    const generations = () => kubectl.run('get', 'holdfast', '--output=jsonpath={.items[*].metadata.generation}');
    const before = await generations();
    await kubectl.run('apply', '--filename', samples);
    expect(await generations()).toBe(before);
  });

  test('are applied into a namespace that is named', async () => {
    await kubectl.run('create', 'namespace', 'fleet');
    const elsewhere = new Kubectl(cluster, 'fleet');
    expect((await elsewhere.run('apply', '--filename', samples)).trim().split('\n')).toHaveLength(names.length);
  });
});

test.each<[string, string, object, RegExp]>([
  [
    'a Device without host keys',
    'Device',
    { ssh: { ...device.ssh, hostKeys: undefined } },
    /set exactly one of `hostKeys`/i,
  ],
  [
    'a Device with an empty list of host keys',
    'Device',
    { ssh: { ...device.ssh, hostKeys: [] } },
    /hostKeys.*should have at least 1 items/,
  ],
  ['a host that looks like an option', 'Device', { ssh: { ...device.ssh, host: '-oProxyCommand=id' } }, /ssh\.host/],
  ...['-oProxyCommand=id', 'hf@-oProxyCommand=id', 'hf@a b', 'hf@a;id', 'a@b@c', `a@${'b'.repeat(127)}`].map(
    (user): [string, string, object, RegExp] => [
      `an account that is called ${user.slice(0, 20)}`,
      'Device',
      { ssh: { ...device.ssh, user } },
      /ssh\.user/,
    ],
  ),
  [
    'a reference into another namespace',
    'Device',
    { ssh: { ...device.ssh, credentialsRef: { name: 'x', namespace: 'kube-system' } } },
    /unknown field "namespace"/,
  ],
  [
    'a check with two types',
    'DeviceBaseline',
    { ...baseline, checks: [{ ...check, sysctl: { name: 'a.b', value: '1' } }] },
    /a check must have exactly one of/i,
  ],
  [
    'a check without a type',
    'DeviceBaseline',
    { ...baseline, checks: [{ name: 'empty' }] },
    /a check must have exactly one of/i,
  ],
  [
    'two checks of one name',
    'DeviceBaseline',
    { ...baseline, checks: [check, check] },
    /duplicate entries for key \[name="motd"\]/,
  ],
  ['no checks', 'DeviceBaseline', { ...baseline, checks: [] }, /at least 1 items/],
  [
    'a path with ..',
    'DeviceBaseline',
    { ...baseline, checks: [{ name: 'x', file: { path: '/etc/../shadow' } }] },
    /file\.path/,
  ],
  [
    'a relative path',
    'DeviceBaseline',
    { ...baseline, checks: [{ name: 'x', file: { path: 'etc/motd' } }] },
    /file\.path/,
  ],
  [
    'content of an absent file',
    'DeviceBaseline',
    { ...baseline, checks: [{ name: 'x', file: { path: '/etc/motd', state: 'Absent', content: 'x' } }] },
    /absent file has no `content`/i,
  ],
  [
    'a line with a line break',
    'DeviceBaseline',
    { ...baseline, checks: [{ name: 'x', line: { path: '/etc/motd', line: 'a\nb' } }] },
    /line\.line/,
  ],
  [
    'a severity that there is not',
    'DeviceBaseline',
    { ...baseline, checks: [{ ...check, severity: 'Urgent' }] },
    /Unsupported value: "Urgent"/,
  ],
  [
    'maxUnavailable of nothing',
    'DeviceBaseline',
    { ...baseline, remediation: { maxUnavailable: '0%' } },
    /from 1% to 100%/,
  ],
  ['an interval of a second', 'DeviceBaseline', { ...baseline, intervalSeconds: 1 }, /greater than or equal to 10/],
  ['a field that there is not', 'DeviceBaseline', { ...baseline, chekcs: [] }, /unknown field "chekcs"/],
  ['a run of nothing', 'AnsibleRun', { deviceNames: ['web-01'] }, /set `checks`, `playbook` or both/i],
  ['a run on no host', 'AnsibleRun', { ...run, deviceNames: [] }, /must name at least one Device/i],
  ['a run that does and undoes', 'AnsibleRun', { ...run, revertOf: { name: 'x' } }, /`revertOf` alone/i],
  [
    'a connection variable',
    'AnsibleRun',
    { ...run, variables: { ansible_connection: 'local' } },
    /must not start with `ansible_`/i,
  ],
  [
    "one of Ansible's own variables",
    'AnsibleRun',
    { ...run, variables: { hostvars: 'x' } },
    /names of Ansible's own variables and keywords are reserved/i,
  ],
  [
    'a cluster baseline of nothing',
    'ClusterBaseline',
    { serviceAccountRef },
    /declare at least one of `objects` and `checks`/,
  ],
  [
    'a cluster baseline without an account',
    'ClusterBaseline',
    { objects: [template] },
    /missing required field "serviceAccountRef"/,
  ],
  [
    'a template without a kind',
    'ClusterBaseline',
    { serviceAccountRef, objects: [{ name: 'x', template: { apiVersion: 'v1' } }] },
    /kind: Required value/,
  ],
  [
    'two templates of one name',
    'ClusterBaseline',
    { serviceAccountRef, objects: [template, template] },
    /duplicate entries for key \[name="settings"\]/,
  ],
  [
    'an expression that is a book',
    'ClusterBaseline',
    { serviceAccountRef, checks: [{ name: 'x', resource: { kind: 'Pod' }, expression: 'a'.repeat(4097) }] },
    /may not be more than 4096/,
  ],
  [
    'a waiver of everything',
    'PolicyWaiver',
    { ...waiver, checks: ['*'] },
    /waives everything; name the checks, or use `breakGlass`/,
  ],
  [
    'a waiver for every target',
    'PolicyWaiver',
    { ...waiver, targets: { names: ['*'] } },
    /waives every target; name them, select them, or use `breakGlass`/,
  ],
  ['a waiver for nowhere', 'PolicyWaiver', { ...waiver, targets: {} }, /set `names`, `selector` or `namespaces`/],
  [
    'a waiver without an end',
    'PolicyWaiver',
    { ...waiver, expiryTime: undefined },
    /missing required field "expiryTime"/,
  ],
  [
    'a waiver that ends before it begins',
    'PolicyWaiver',
    { ...waiver, effectiveTime: '2100-01-02T00:00:00Z' },
    /`expiryTime` must be after `effectiveTime`/,
  ],
  [
    'a freeze that ends before it begins',
    'MaintenanceWindow',
    {
      windows: [{ schedule: '0 2 * * 0', durationSeconds: 7200 }],
      freezes: [{ startTime: '2026-01-02T00:00:00Z', endTime: '2026-01-01T00:00:00Z', reason: 'x' }],
    },
    /`endTime` must be after `startTime`/,
  ],
  ['a window without a schedule', 'MaintenanceWindow', { windows: [] }, /at least 1 items/],
  [
    'an approval of a kind that needs none',
    'Approval',
    { subjectRef: { kind: 'Secret', name: 'x' }, subjectDigest: digest, decision: 'Approve', approver: 'bob' },
    /Unsupported value: "Secret"/,
  ],
  [
    'a host key that is none',
    'Device',
    { ssh: { ...device.ssh, hostKeys: [`web-01 ${key}`] } },
    /hostKeys\[0\]: Invalid value: .*a key must be a line such as `ssh-ed25519 AAAA…`/,
  ],
  [
    'a schedule of four fields',
    'MaintenanceWindow',
    { windows: [{ schedule: '0 2 * sunday', durationSeconds: 3600 }] },
    /windows\[0\]\.schedule: .*a schedule must have five fields/,
  ],
  [
    'a zone that is an offset',
    'MaintenanceWindow',
    { timeZone: '+02:00', windows: [{ schedule: '0 2 * * 0', durationSeconds: 3600 }] },
    /timeZone: .*a time zone must be a name in the IANA database/,
  ],
  [
    'a digest that was cut',
    'Approval',
    {
      subjectRef: { kind: 'PolicyWaiver', name: 'x' },
      subjectDigest: 'sha256:0f',
      decision: 'Approve',
      approver: 'bob',
    },
    /subjectDigest: .*a digest must be `sha256:` followed by 64 lowercase hexadecimal digits/,
  ],
  [
    'a mode in letters',
    'DeviceBaseline',
    { ...baseline, checks: [{ name: 'motd', file: { path: '/etc/motd', mode: 'u=rw' } }] },
    /file\.mode: .*a mode is three or four octal digits/,
  ],
  ['a variable named as a keyword of Ansible', 'AnsibleRun', { ...run, variables: { throttle: 'x' } }, /reserved/],
  ['a variable that is a number of 60 bits', 'AnsibleRun', { ...run, variables: { x: 2 ** 60 } }, /at most 53 bits/],
  ['a variable that is a structure', 'AnsibleRun', { ...run, variables: { pkg: { a: 1 } } }, /variables/],
  ...refusedGates,
])('%s is refused', async (_, kind, spec, message) => {
  const { code, stderr } = await kubectl.tryApply({
    apiVersion,
    kind,
    metadata: { name: 'bad', ...(kind !== 'ClusterBaseline' && { namespace: 'default' }) },
    spec,
  });
  expect(code).not.toBe(0);
  expect(stderr).toMatch(message);
});

test('gates of a rollout are accepted, and get their defaults', async () => {
  const metadata = { name: 'gated', namespace: 'default' };
  await kubectl.apply({
    apiVersion,
    kind: 'CanaryRollout',
    metadata,
    spec: { target: { deviceBaselineRef: { name: 'rhel9' } }, gates: acceptedGates },
  });
  const stored = JSON.parse(
    await kubectl.run('get', 'canaryrollout', 'gated', '--output=jsonpath={.spec.gates}'),
  ) as RolloutGates;
  expect(stored.comparisons?.[0]).toMatchObject({ hostLabel: 'instance', falseAlarmPercent: 1, minSamples: 100 });
  expect(stored.metrics?.[0]).not.toHaveProperty('consecutiveFailures');
  expect(stored).toMatchObject({ errorBudget: { minRemainingPercent: 50, maxSpendPercent: 5 }, maxBlindSeconds: 3600 });
});

test('a run cannot be changed once it is made', async () => {
  const object = { apiVersion, kind: 'AnsibleRun', metadata: { name: 'fixed', namespace: 'default' }, spec: run };
  await kubectl.apply(object);
  const { code, stderr } = await kubectl.tryApply({ ...object, spec: { ...run, forks: 50 } });
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/an AnsibleRun cannot be changed; create another/i);
});

test('every kind has an object with everything in it', () => {
  expect(Object.keys(full).sort()).toEqual(Object.keys(schemas).sort());
});

/** All columns of a table, and the first of them; of any age, since a busy machine needs minutes until here. */
async function shown(kind: string, ...flags: string[]): Promise<string> {
  return (await kubectl.run('get', kind.toLowerCase(), ...flags)).replace(/(\d+[smhdy])+$/gm, '45s');
}

// https://github.com/kubernetes/kubernetes/issues/7843: what is wider wraps, and nobody finds the column of a value.
test.each(Object.entries(full))('%s fits a terminal: 80 columns, 120 with -A or -o wide', async (kind, one) => {
  const { name, spec, status } = one;
  const namespace = kind === 'ClusterBaseline' ? {} : { namespace: 'default' };
  const object = { apiVersion, kind, metadata: { name, ...namespace }, spec };
  await kubectl.apply(object);
  const told = await kubectl.try(
    ['apply', '--server-side', '--subresource=status', '--filename', '-'],
    JSON.stringify({ ...object, status }),
  );
  expect(told.stderr).toBe('');
  const everywhere = namespace.namespace ? ['-A', `--field-selector=metadata.name=${name}`] : [name];
  for (const [flags, most] of [
    [[name], 80],
    [everywhere, 120],
    [[name, '-o', 'wide'], 120],
  ] as const) {
    const table = await shown(kind, ...flags);
    const width = Math.max(...table.split('\n').map((line) => line.trimEnd().length));
    expect({ table, fits: width <= most || width }).toEqual({ table, fits: true });
  }
  const [header = '', row = ''] = (await shown(kind, name, '-o', 'wide')).split('\n');
  expect(header).toMatch(/ (AGE|SINCE) *$/);
  // https://github.com/networking-incubator/coraza-kubernetes-operator/issues/30: columns pointed at fields that there are not.
  const starts = [...header.matchAll(/\S+/g)].map(({ index }) => index);
  const empty = starts.filter((start, at) => row.slice(start, starts[at + 1]).trim() === '');
  expect(empty.map((start) => header.slice(start).split(/\s/)[0])).toEqual([]);
});

// https://github.com/slauger/openvox-operator/pull/150: a column of type date shows <invalid> for what is yet to come.
test('times to come are shown as they are', async () => {
  const { name } = full['PolicyWaiver']!;
  expect(await shown('PolicyWaiver', name)).toContain(waiver.expiryTime);
});
