/** The real apiserver accepts every CRD and every sample, and refuses bad input with a sentence that says what to do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, crds } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import type { RolloutGates } from '../../operator/api/v1alpha1/rolloutGates.ts';
import { acceptedGates, refusedGates } from './rolloutGateCases.ts';

const samples = resolve(import.meta.dirname, '../../manifests/samples');
let cluster: Cluster;
let kubectl: Kubectl;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster);
}, 900_000);

afterAll(() => cluster.stop(), 60_000);

const key = `ssh-ed25519 ${'A'.repeat(68)}`;
const device = { ssh: { host: 'web-01', user: 'holdfast', hostKeys: [key], credentialsRef: { name: 'fleet-ssh' } } };
const check = { name: 'motd', file: { path: '/etc/motd', state: 'Present' } };
const baseline = { selector: {}, checks: [check] };
const serviceAccountRef = { namespace: 'default', name: 'writer' };
const template = {
  name: 'settings',
  template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' } },
};
const waiver = {
  source: { kind: 'DeviceBaseline', name: 'rhel9' },
  checks: ['motd'],
  targets: { names: ['web-01'] },
  reason: 'migration',
  requestedBy: 'alice',
  expiryTime: '2100-01-01T00:00:00Z',
};
const digest = `sha256:${'0'.repeat(64)}`;
const run = { deviceNames: ['web-01'], checks: [check] };

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

const conditions = (status: Record<string, 'True' | 'False' | 'Unknown'>, message: string) =>
  Object.entries(status).map(([type, is]) => ({
    type,
    status: is,
    reason: 'NotAllHostsHold',
    message,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));

/** One of each kind as it looks in a large fleet: long names, high counts, everything wrong. */
const full: Record<string, { name: string; spec: object; status: object }> = {
  Device: {
    name: 'web-frontend-01',
    spec: device,
    status: {
      conditions: conditions({ Ready: 'False', Reachable: 'Unknown', Compliant: 'Unknown', Suspended: 'False' }, 'm'),
      summary: { score: '117/120', drift: '12 (10 critical)', unknown: 3, revision: '1f2e3d4c' },
    },
  },
  DeviceBaseline: {
    name: 'cis-rhel9-level-2',
    spec: { ...baseline, mode: 'Enforce' },
    status: {
      conditions: conditions(
        { Ready: 'Unknown', Compliant: 'False', Suspended: 'False' },
        'a long sentence '.repeat(9),
      ),
      devices: { total: 9900, compliant: 9000, drifted: 800, waived: 50, unknown: 50 },
      summary: { compliant: '9000/9900', correction: 'Contended', correctionMessage: 'a long sentence '.repeat(9) },
    },
  },
  CanaryRollout: {
    name: 'cis-rhel9-level-2',
    spec: { target: { deviceBaselineRef: { name: 'rhel9' } } },
    status: {
      conditions: conditions({ Ready: 'True', Progressing: 'False' }, 'a long sentence '.repeat(9)),
      summary: { revision: '1f2e3d4c', step: '2/3 50%', hosts: '4999/5000', state: 'RollbackIncomplete' },
    },
  },
  ClusterBaseline: {
    name: 'platform-defaults',
    spec: { serviceAccountRef, objects: [template], mode: 'Enforce' },
    status: {
      conditions: conditions(
        { Ready: 'Unknown', Compliant: 'False', Suspended: 'False' },
        'a long sentence '.repeat(9),
      ),
      objects: { total: 9900, compliant: 9000, drifted: 800, waived: 50, unknown: 50 },
      summary: { compliant: '9000/9900', correction: 'Contended', correctionMessage: 'a long sentence '.repeat(9) },
    },
  },
  DriftReport: {
    name: 'cis-rhel9-level-2.web-frontend-01',
    spec: {},
    status: {
      result: 'NotApplicable',
      summary: { pass: 100, fail: 12, waived: 3, unknown: 4, drift: '12 (10 critical)' },
      observedTime: '2026-01-01T00:00:00Z',
    },
  },
  AnsibleRun: {
    name: 'cis-rhel9-level-2-117',
    spec: run,
    status: { conditions: conditions({ Succeeded: 'Unknown' }, 'm'), summary: '117/120 verified' },
  },
  PolicyWaiver: {
    name: 'legacy-crypto',
    spec: waiver,
    status: {
      conditions: conditions({ Ready: 'Unknown', Effective: 'Unknown' }, 'a long sentence '.repeat(9)),
      decision: 'InfoRequested',
      matchedFindings: 117,
      closure: '2/5',
      summary: 'a long sentence '.repeat(9),
    },
  },
  Approval: {
    name: 'legacy-crypto-yes',
    spec: {
      subjectRef: { kind: 'PolicyWaiver', name: 'legacy-crypto' },
      subjectDigest: digest,
      decision: 'Approve',
      approver: 'bob@example.com',
    },
    status: { conditions: conditions({ Counts: 'False' }, 'm') },
  },
  MaintenanceWindow: {
    name: 'sunday-night',
    spec: { timeZone: 'America/New_York', windows: [{ schedule: '0 2 * * 0', durationSeconds: 3600 }] },
    status: {
      conditions: conditions({ Ready: 'True', Open: 'False', Suspended: 'False' }, 'm'),
      summary: 'opens Sun 2026-11-29 02:00 America/New_York',
    },
  },
  EvidencePack: {
    name: 'nightly-evidence',
    spec: { storeRef: { name: 'local' }, signing: { keyRef: { name: 'evidence-key' } } },
    status: {
      conditions: conditions({ Ready: 'Unknown', Signed: 'Unknown', Complete: 'Unknown', Stored: 'Unknown' }, 'm'),
      nextTime: '2026-11-28T02:00:00Z',
      last: {
        sequence: 1234,
        digest,
        uri: `s3://${'b'.repeat(63)}/holdfast.dev/default/local/packs/nightly-evidence/00001234.sigstore.json`,
        time: '2026-01-01T00:00:00Z',
        periodEnd: '2026-01-01T00:00:00Z',
        complete: true,
      },
    },
  },
  EvidenceExport: {
    name: 'q4-audit',
    spec: { storeRef: { name: 'local' }, requestedBy: 'carol@example.com', reason: 'Audit of Q4 2026' },
    status: {
      conditions: conditions({ Ready: 'Unknown', Recorded: 'Unknown', Available: 'Unknown', Verified: 'True' }, 'm'),
      startTime: '2026-11-28T02:00:00.123Z',
      expiryTime: '2026-11-28T02:00:00Z',
      archive: {
        ...{ digest, bytes: 1_234_567_890, key: 'exports/q4-audit.tar', leftOut: 0, verdict: 'Verified' },
        packs: [{ name: 'nightly', first: 1, last: 92, count: 92 }],
        recordedTime: '2026-11-28T02:00:00Z',
        uri: `s3://${'b'.repeat(63)}/holdfast.dev/default/local/exports/q4-audit.tar`,
      },
    },
  },
  EvidenceStore: {
    name: 'audit-compliance',
    spec: {
      s3: {
        endpoint: 'main',
        bucket: 'evidence',
        credentialsRef: { name: 'keys' },
        objectLock: { mode: 'Compliance', retentionDays: 36500 },
      },
    },
    status: {
      conditions: conditions({ Ready: 'Unknown', Locked: 'Unknown' }, 'm'),
      uri: `s3://${'b'.repeat(63)}/${'p'.repeat(100)}/holdfast.dev/default/audit-compliance`,
      probe: { time: '2026-01-01T00:00:00Z', revision: digest, key: 'probes/a.json', versionId: 'v'.repeat(1024) },
    },
  },
};

test.each(Object.entries(full))('%s fits a terminal: 80 columns, 120 with -A', async (kind, { name, spec, status }) => {
  const namespace = kind === 'ClusterBaseline' ? {} : { namespace: 'default' };
  const object = { apiVersion, kind, metadata: { name, ...namespace }, spec };
  await kubectl.apply(object);
  const told = await kubectl.try(
    ['apply', '--server-side', '--subresource=status', '--filename', '-'],
    JSON.stringify({ ...object, status }),
  );
  expect(told.stderr).toBe('');
  for (const [flags, most] of [
    [[name], 80],
    [namespace.namespace ? ['-A', `--field-selector=metadata.name=${name}`] : [name], 120],
  ] as const) {
    // Of any age: a busy machine needs minutes until here.
    const table = (await kubectl.run('get', kind.toLowerCase(), ...flags)).replace(/(\d+[smhdy])+$/gm, '45s');
    expect({ table, widest: Math.max(...table.split('\n').map(({ length }) => length)) <= most }).toEqual({
      table,
      widest: true,
    });
  }
});
