/**
 * What a tenant tries who may write everything of Holdfast in a namespace of their own, and what somebody tries who may patch every status:
 * by every way in which the apiserver takes a change. `docs/security.md` counts them.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resources } from '../../operator/api/generated/resources.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { makeBaseline, motd } from '../builders/drift.ts';
import { makeApproval, makeWaiver } from '../builders/waiver.ts';
import { AsUser, routes, type Reply, type Route } from '../operator/asUser.ts';
import { apiVersion, namespace as fleet } from '../operator/bed.ts';
import { home, writer } from '../operator/clusterOnly.ts';
import { accepted, inFleet, inSeconds, startAttackBed, type AttackBed } from './attackBed.ts';
import { createAs } from '../operator/people.ts';

let scene: AttackBed;
let admin: AsUser;

beforeAll(async () => {
  scene = await startAttackBed();
  admin = await AsUser.connect(scene.kubectlKubeconfig);
}, 900_000);

afterAll(async () => {
  await admin.close();
  await scene.bed.stop();
}, 60_000);

/** Sven may patch and update every status; Nadia may do everything in the namespace. */
const forgers = ['sven', 'nadia'] as const;

const publicKey = `ssh-ed25519 ${'A'.repeat(68)}`;
const ssh = { host: 'web-01.example.com', user: 'x', hostKeys: [publicKey], credentialsRef: { name: 'none' } };
const run = { deviceNames: ['web-01'], playbook: { inline: '- hosts: all\n' } };
const window = { windows: [{ schedule: '0 2 * * 0', durationSeconds: 60 }] };
const clusterBaseline = {
  serviceAccountRef: { namespace: home, name: writer },
  suspend: { reason: 'test' },
  checks: [{ name: 'a', resource: { kind: 'ConfigMap' }, expression: 'true' }],
};

const suspend = { reason: 'test' };
const rollout = { target: { deviceBaselineRef: { name: 'none' } }, pause: { reason: 'test' } };
const objective = {
  indicator: { ratio: { errors: 'a{code="500"}', total: 'a' } },
  objectivePercent: '99',
  suspend,
};
const evidenceExport = { storeRef: { name: 'none' }, requestedBy: 'kubernetes-admin', reason: 'test' };
const archive = {
  ...{ digest: `sha256:${'0'.repeat(64)}`, bytes: 1, key: 'exports/a.tar', leftOut: 0, verdict: 'Verified' },
  ...{ packs: [], recordedTime: '2026-11-27T02:00:00Z' },
};
const pack = { storeRef: { name: 'none' }, signing: { keyRef: { name: 'none' } }, suspend };
const storedPack = {
  digest: `sha256:${'0'.repeat(64)}`,
  uri: 's3://elsewhere/pack',
  time: '2099-01-01T00:00:00Z',
  periodEnd: '2099-01-01T00:00:00Z',
  complete: true,
};

interface Case {
  readonly spec: object;
  /** What somebody would like it to say. */
  readonly status: object;
  readonly by?: string;
}

const condition = (type: string, status = 'True') => ({
  type,
  status,
  reason: 'Forged',
  message: '',
  lastTransitionTime: inSeconds(0),
});

const kinds: Readonly<Record<string, Case>> = {
  Device: { spec: { ssh, suspend: { reason: 'test' } }, status: { conditions: [condition('Compliant')] } },
  DeviceBaseline: { spec: makeBaseline({ checks: [motd] }).spec, status: { conditions: [condition('Compliant')] } },
  MaintenanceWindow: { spec: window, status: { conditions: [condition('Open')] } },
  AnsibleRun: { spec: { revertOf: { name: 'nobody' } }, status: { conditions: [condition('Succeeded')] } },
  PolicyWaiver: {
    spec: makeWaiver({ expiryTime: inSeconds(86_400) }).spec,
    status: { decision: 'Approved', conditions: [condition('Effective')] },
    by: 'alice',
  },
  Approval: { spec: makeApproval(makeWaiver()).spec, status: { conditions: [condition('Counted')] }, by: 'bob' },
  DriftReport: { spec: {}, status: { result: 'Pass', conditions: [condition('Compliant')] } },
  ClusterBaseline: { spec: clusterBaseline, status: { conditions: [condition('Compliant')] } },
  CanaryRollout: { spec: rollout, status: { step: 1, exposedPercent: 100, conditions: [condition('Progressing')] } },
  ServiceLevelObjective: { spec: objective, status: { conditions: [condition('Met')] } },
  EvidenceStore: { spec: { filesystem: {}, suspend }, status: { conditions: [condition('Locked')] } },
  // What would be downloaded.
  EvidenceExport: {
    spec: evidenceExport,
    status: { archive: { ...archive, uri: 'https://evil.example' }, conditions: [condition('Available')] },
  },
  // The pack that is to be followed, so that others are left out.
  EvidencePack: {
    spec: pack,
    status: { last: { ...storedPack, sequence: 99_999 }, conditions: [condition('ChainIntact')] },
  },
};

const pluralOf = (kind: string): string => resources[kind as keyof typeof resources].plural;
const spotOf = (kind: string, name: string) => ({
  plural: pluralOf(kind),
  name,
  ...(kind !== 'ClusterBaseline' && { namespace: fleet }),
});

async function liveOf(kind: string, name: string): Promise<Resource> {
  const reply = await admin.get(spotOf(kind, name));
  if (reply.is === 'refused') throw new Error(reply.message);
  return reply.object;
}

describe('a status that is forged', () => {
  const name = 'forged';

  beforeAll(async () => {
    for (const [kind, { spec, by }] of Object.entries(kinds)) {
      const metadata = kind === 'ClusterBaseline' ? { name } : inFleet(name);
      if (by) accepted(await createAs(scene.kubectl, by, { apiVersion, kind, metadata, spec }));
      else await scene.make(kind, name, spec, metadata);
    }
  }, 60_000);

  const tried = Object.keys(kinds).flatMap((kind) =>
    routes.flatMap((route) => forgers.map((person): [string, string, Route] => [kind, person, route])),
  );

  test.each(tried)('of a %s by %s, as %s of the status, is refused', async (kind, person, route) => {
    const spot = { ...spotOf(kind, name), subresource: 'status' };
    const before = await liveOf(kind, name);
    const reply = await admin.as(person).change(route, spot, { status: kinds[kind]!.status }, before);
    expect(reply).toMatchObject({ is: 'refused', status: 403 });
    expect(await liveOf(kind, name)).toEqual(before);
  });

  const inSpec = Object.keys(kinds).flatMap((kind) => routes.map((route): [string, Route] => [kind, route]));

  test.each(inSpec)('of a %s, as %s of the object itself, changes nothing of it', async (kind, route) => {
    const before = await liveOf(kind, name);
    await admin.as('nadia').change(route, spotOf(kind, name), { status: kinds[kind]!.status }, before);
    expect((await liveOf(kind, name)).status).toEqual(before.status);
  });

  test.each(Object.keys(kinds).filter((kind) => !['ClusterBaseline', 'DriftReport'].includes(kind)))(
    'of a new %s is dropped',
    async (kind) => {
      const { spec, status } = kinds[kind]!;
      const isAsked = kind === 'PolicyWaiver' || kind === 'EvidenceExport';
      const own = kind === 'Approval' ? { approver: 'wendy' } : isAsked ? { requestedBy: 'wendy' } : {};
      const made = { apiVersion, kind, metadata: inFleet('born'), spec: { ...spec, ...own }, status };
      const reply = await admin.as('wendy').create(pluralOf(kind), made);
      // Who writes all kinds may not approve, or export, by that alone. What the schema has by default is there.
      const seen = reply.is === 'accepted' ? (reply.object.status ?? {}) : reply.message;
      const verb = ({ Approval: 'approve', EvidenceExport: 'export' } as Record<string, string>)[kind];
      const allowed = verb ? expect.stringMatching(new RegExp(`you need the verb \`${verb}\``)) : untold;
      expect(seen).toEqual(allowed);
    },
  );
});

const untold = { observedGeneration: -1 };

/** Creates it as somebody who may write all kinds in the namespace. */
async function created(kind: string, spec: object, metadata: object = {}): Promise<Reply> {
  const made = { apiVersion, kind, metadata: { ...inFleet(`try-${(count += 1)}`), ...metadata }, spec };
  return admin.as('wendy').create(pluralOf(kind), made);
}
let count = 0;

const away = [
  '../kube-system/key',
  'kube-system/key',
  'key?watch=1',
  'key%2f..',
  '-key',
  'Key',
  'key\n',
  '{{ x }}',
  '',
];

describe('a reference to what is not of the namespace', () => {
  const references: [where: string, kind: string, specOf: (name: string) => object][] = [
    ['ssh.credentialsRef', 'Device', (name) => ({ ssh: { ...ssh, credentialsRef: { name } } })],
    ['playbook.configMapRef', 'AnsibleRun', (name) => ({ ...run, playbook: { configMapRef: { name } } })],
    ['revertOf', 'AnsibleRun', (name) => ({ revertOf: { name } })],
    ['deviceNames', 'AnsibleRun', (name) => ({ ...run, deviceNames: [name] })],
    [
      'remediation.windowRef',
      'DeviceBaseline',
      (name) => ({ ...makeBaseline({ checks: [motd] }).spec, remediation: { windowRef: { name } } }),
    ],
    [
      's3.credentialsRef',
      'EvidenceStore',
      (name) => ({ s3: { endpoint: 'main', bucket: 'evidence', credentialsRef: { name } } }),
    ],
    ['storeRef', 'EvidencePack', (name) => ({ ...pack, storeRef: { name } })],
    ['signing.keyRef', 'EvidencePack', (name) => ({ ...pack, signing: { keyRef: { name } } })],
    ['frameworkRefs', 'EvidencePack', (name) => ({ ...pack, frameworkRefs: [{ name }] })],
    ['target.deviceBaselineRef', 'CanaryRollout', (name) => ({ ...rollout, target: { deviceBaselineRef: { name } } })],
    [
      'subjectRef',
      'Approval',
      (name) => ({ ...makeApproval(makeWaiver()).spec, subjectRef: { kind: 'PolicyWaiver', name } }),
    ],
  ];

  test.each(references.flatMap(([where, kind, specOf]) => away.map((name) => [where, name, kind, specOf] as const)))(
    '%s: %j is refused',
    async (_, name, kind, specOf) => {
      expect((await created(kind, specOf(name))).is).toBe('refused');
    },
  );

  test.each(references.filter(([where]) => where !== 'deviceNames'))(
    '%s with a namespace beside the name loses it',
    async (where, kind, specOf) => {
      const spec: unknown = JSON.parse(
        JSON.stringify(specOf('key')).replace('"name":"key"', '"name":"key","namespace":"kube-system"'),
      );
      const reply = await created(kind, spec as object);
      if (reply.is === 'accepted') expect(JSON.stringify(reply.object.spec)).not.toContain('kube-system');
      else expect([where, reply.status]).toEqual(['subjectRef', 403]);
    },
  );
});

describe('a place that is that of others', () => {
  const s3 = { endpoint: 'main', bucket: 'evidence', credentialsRef: { name: 'keys' } };

  test.each([
    'holdfast.dev/other/store',
    'a/holdfast.dev/other',
    '../other',
    'a/../other',
    '/other',
    'a//b',
    'a/',
    'a\nb',
    '.',
  ])('as the prefix of an EvidenceStore, %j is refused', async (prefix) => {
    expect((await created('EvidenceStore', { s3: { ...s3, prefix } })).is).toBe('refused');
  });

  test('a store cannot be moved to where another one is, nor a chain to another store', async () => {
    const store = await created('EvidenceStore', { s3: { ...s3, prefix: 'mine' }, suspend });
    const chain = await created('EvidencePack', pack);
    if (store.is === 'refused' || chain.is === 'refused') throw new Error(`${JSON.stringify([store, chain])}`);
    const wendy = admin.as('wendy');
    const moved = await wendy.change(
      'merge',
      spotOf('EvidenceStore', store.object.metadata.name),
      { spec: { s3: { prefix: 'yours' } } },
      store.object,
    );
    expect(moved).toMatchObject({ is: 'refused', status: 422 });
    const other = await wendy.change(
      'merge',
      spotOf('EvidencePack', chain.object.metadata.name),
      { spec: { storeRef: { name: 'yours' } } },
      chain.object,
    );
    expect(other).toMatchObject({ is: 'refused', status: 422 });
  });
});

describe('what would be an option or a program', () => {
  const hosts = [
    '-oProxyCommand=id',
    'a b',
    'a\nb',
    'a;id',
    '$(id)',
    '`id`',
    'a,b',
    'user@host',
    '%h',
    '[::1',
    'a/../b',
    '',
  ];
  test.each(hosts)('as a host, %j is refused', async (host) => {
    expect((await created('Device', { ssh: { ...ssh, host } })).is).toBe('refused');
  });

  test.each(['-l', 'root -o', 'a\nb', 'a;id', '$(id)', 'Root', '..', ''])(
    'as an account, %j is refused',
    async (user) => {
      expect((await created('Device', { ssh: { ...ssh, user } })).is).toBe('refused');
    },
  );

  test.each([
    '@cert-authority * ssh-ed25519 AAAA',
    'ssh-dss AAAAB3NzaC1kc3MAAACBAA==========',
    `ssh-ed25519 ${'A'.repeat(68)}\nssh-ed25519 ${'B'.repeat(68)}`,
    `* ssh-ed25519 ${'A'.repeat(68)}`,
    `ssh-ed25519,ssh-rsa ${'A'.repeat(68)}`,
  ])('as a host key, %j is refused', async (key) => {
    expect((await created('Device', { ssh: { ...ssh, hostKeys: [key] } })).is).toBe('refused');
  });

  const variables = [
    'ansible_connection',
    'ansible_ssh_common_args',
    'ansible_ssh_executable',
    'ansible_python_interpreter',
    'ansible_become_exe',
    'ansible_shell_executable',
    'ansible_host',
    'ansible_playbook_python',
    'holdfast_work',
    'hostvars',
    'groups',
    'omit',
    'vars',
    'a-b',
    'a\n',
    '__proto__',
  ];
  test.each(variables)('as a variable, %j is refused', async (name) => {
    const reply = await created('AnsibleRun', { ...run, variables: Object.fromEntries([[name, 'x']]) });
    expect(reply.is).toBe('refused');
  });

  test.each(['community.general', 'a.b.c;id', '../../etc', 'a.b.{{ c }}', 'a b.c.d', '-a.b.c', ''])(
    'as a role, %j is refused',
    async (collectionRole) => {
      expect((await created('AnsibleRun', { ...run, playbook: { collectionRole } })).is).toBe('refused');
    },
  );
});

describe('a name that would be another', () => {
  const checked = (name: string) => created('DeviceBaseline', makeBaseline({ checks: [{ ...motd, name }] }).spec);
  test.each(['__proto__', 'constructor\n', '../motd', 'motd motd', 'MOTD', 'mоtd', 'motd\u202e', ''])(
    'of a check, %j, is refused',
    async (name) => {
      expect((await checked(name)).is).toBe('refused');
    },
  );
});

describe('who is spoken for', () => {
  test.each(['alice', 'system:serviceaccount:fleet:default', 'Wendy', 'wendy ', ''])(
    'a request in the name of %j is refused',
    async (requestedBy) => {
      const spec = { ...makeWaiver({ expiryTime: inSeconds(86_400) }).spec, requestedBy };
      expect((await created('PolicyWaiver', spec)).is).toBe('refused');
    },
  );

  test.each(['alice', 'bob', 'system:admin', ''])('an approval in the name of %j is refused', async (approver) => {
    expect((await created('Approval', { ...makeApproval(makeWaiver()).spec, approver })).is).toBe('refused');
  });

  test.each(['security', 'owner', 'approve', '*', ''])('an approval in the role %j is refused', async (role) => {
    expect((await created('Approval', { ...makeApproval(makeWaiver()).spec, approver: 'wendy', role })).is).toBe(
      'refused',
    );
  });

  test.each([writer, 'default', 'cluster-admin'])('a ClusterBaseline as account %j is refused', async (name) => {
    const spec = { ...clusterBaseline, serviceAccountRef: { namespace: home, name } };
    const made = { apiVersion, kind: 'ClusterBaseline', metadata: { name: `as-${name}` }, spec };
    for (const person of ['nadia', 'olga'])
      expect(await admin.as(person).create('clusterbaselines', made as unknown as Resource)).toMatchObject({
        is: 'refused',
        status: 403,
      });
  });
});
