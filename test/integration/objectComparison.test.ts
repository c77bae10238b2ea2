/** What the comparison says of objects as a real apiserver stored them, and of the changes that people make to them. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { differences, holds, storedDifferences } from '../../operator/drift/objects/compare.ts';
import { schemaOf, type FieldSchema } from '../../operator/drift/objects/schema.ts';
import { isAutoscaled, lastWriter, type ManagedFieldsEntry } from '../../operator/drift/objects/writer.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { until } from '../cluster/observation.ts';
import { bareObjects } from './bareObjects.ts';
import { declaredObjects, type Json } from './declaredObjects.ts';

jest.setTimeout(300_000);
let cluster: Cluster;
const schemas = new Map<string, FieldSchema | undefined>();
const documents = new Map<string, unknown>();

beforeAll(async () => {
  cluster = await startCluster();
  for (const object of [...declaredObjects, ...bareObjects]) await until(() => created(object));
}, 1_200_000);
afterAll(() => cluster.stop());

async function kubectl(words: readonly string[], input?: object): Promise<string> {
  const arguments_ = ['--kubeconfig', cluster.kubeconfig, ...words];
  const running = promisify(execFile)(cluster.kubectl, arguments_, { maxBuffer: 2 ** 26 });
  running.child.stdin?.end(input ? JSON.stringify(input) : '');
  return (await running).stdout;
}

/** A kind that was just defined is not there at once. */
async function created(object: Json): Promise<boolean> {
  return kubectl(['create', '--filename=-', '--validate=strict'], object).then(
    () => true,
    (error: unknown) => {
      if (/no matches for kind|could not find the requested resource/.test(String(error))) return false;
      throw error;
    },
  );
}

function groupAndVersion({ apiVersion }: Json): { group: string; version: string } {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version };
}

async function schemaFor(object: Json): Promise<FieldSchema | undefined> {
  const { group, version } = groupAndVersion(object);
  const id = `${object.apiVersion} ${object.kind}`;
  if (schemas.has(id)) return schemas.get(id);
  const path = group ? `/openapi/v3/apis/${group}/${version}` : `/openapi/v3/api/${version}`;
  const document = documents.get(path) ?? (JSON.parse(await kubectl(['get', '--raw', path])) as unknown);
  documents.set(path, document);
  const schema = schemaOf(document, { group, version, kind: object.kind });
  schemas.set(id, schema);
  return schema;
}

/** As kubectl takes it. */
function nameOf(object: Json): string[] {
  const { group, version } = groupAndVersion(object);
  return [group ? `${object.kind}.${version}.${group}` : object.kind, object.metadata.name];
}

async function liveOf(object: Json): Promise<Json> {
  return JSON.parse(await kubectl(['get', ...nameOf(object), '--output=json', '--show-managed-fields'])) as Json;
}

async function dryRun(object: Json): Promise<Json> {
  const words = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '--field-manager=holdfast:test'];
  return JSON.parse(
    await kubectl([...words, '--filename=-', '--output=json', '--show-managed-fields'], object),
  ) as Json;
}

function declared(kind: string): Json {
  return structuredClone(declaredObjects.find((object) => object.kind === kind)) as Json;
}

describe('objects as the apiserver stored them', () => {
  test.each(declaredObjects.map((object) => [object.kind, object] as const))(
    'a %s has what was declared, without any doubt',
    async (_kind, object) => {
      const schema = await schemaFor(object);
      expect(schema).toBeDefined();
      const live = await liveOf(object);
      expect(differences({ template: object, live, schema }, 'MustHave')).toEqual([]);
      expect(holds({ template: object, live, schema })).toBe(true);
      expect(storedDifferences({ template: object, live, schema }, await dryRun(object))).toEqual([]);
    },
  );

  test.each(declaredObjects.map((object) => [object.kind, object] as const))(
    'a %s has nothing else but what the apiserver fills in, as a replacement would show',
    async (_kind, object) => {
      const schema = await schemaFor(object);
      const live = await liveOf(object);
      const extra = differences({ template: object, live, schema }, 'MustOnlyHave');
      expect(extra.filter(({ kind }) => kind !== 'extra')).toEqual([]);
      const parts = Object.entries(object).filter(([name]) => !['apiVersion', 'kind', 'metadata'].includes(name));
      const patch = parts.map(([name, value]) => ({ op: 'add', path: `/${name}`, value }));
      const words = ['patch', ...nameOf(object), '--type=json', '--dry-run=server', '--output=json'];
      const replaced = JSON.parse(await kubectl([...words, `--patch=${JSON.stringify(patch)}`])) as Json;
      expect(storedDifferences({ template: object, live, schema }, replaced)).toEqual([]);
    },
  );
});

describe('what is filled in is known, also of who may not try a write', () => {
  test.each(bareObjects.map((object) => [object.kind, object.metadata.name, object] as const))(
    '%s %s has nothing else',
    async (_kind, _name, object) => {
      const live = await liveOf(object);
      expect(differences({ template: object, live, schema: await schemaFor(object) }, 'MustOnlyHave')).toEqual([]);
    },
  );

  test.each<[kind: string, change: (spec: Json) => void, ...told: string[]]>([
    ['Deployment', (spec) => (spec['replicas'] = 2), 'spec.replicas'],
    ['Deployment', (spec) => (spec['strategy'] = { type: 'Recreate' }), 'spec.strategy'],
    ['Pod', (spec) => (spec['dnsPolicy'] = 'Default'), 'spec.dnsPolicy'],
    ['Pod', (spec) => (spec['hostNetwork'] = true), 'spec.hostNetwork'],
    ['Service', (spec) => (spec['sessionAffinity'] = 'ClientIP'), 'spec.sessionAffinity'],
    ['Job', (spec) => (spec['backoffLimit'] = 0), 'spec.backoffLimit'],
    ['NetworkPolicy', (spec) => (spec['policyTypes'] = ['Egress']), 'spec.policyTypes'],
    ['CSIDriver', (spec) => (spec['attachRequired'] = false), 'spec.attachRequired'],
  ])('another value than that is told: %s', async (kind, change, ...told) => {
    const object = bareObjects.find((one) => one.kind === kind)!;
    const live = await liveOf(object);
    change(live['spec'] as Json);
    const found = differences({ template: object, live, schema: await schemaFor(object) }, 'MustOnlyHave');
    expect(found.map(({ path }) => path)).toEqual(told);
  });
});

/** What somebody does to an object, and exactly what is told of it. */
const changes: [kind: string, what: string, patch: object, ...told: string[]][] = [
  [
    'Deployment',
    'another image',
    { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:2' }] } } } },
    'different spec.template.spec.containers[name=web].image "nginx:1" "nginx:2"',
  ],
  [
    'Deployment',
    'a smaller limit',
    { spec: { template: { spec: { containers: [{ name: 'web', resources: { limits: { cpu: '900m' } } }] } } } },
    'different spec.template.spec.containers[name=web].resources.limits.cpu "1000m" "900m"',
  ],
  [
    'Deployment',
    'the host network',
    { spec: { template: { spec: { hostNetwork: true } } } },
    'different spec.template.spec.hostNetwork false true',
  ],
  [
    'Service',
    'another target port',
    { spec: { ports: [{ port: 80, targetPort: 'https' }] } },
    'different spec.ports[port=80,protocol=TCP].targetPort "http" "https"',
  ],
  ['Service', 'a selector more', { spec: { selector: { tier: 'x' } } }, 'extra spec.selector.tier absent "x"'],
  [
    'NetworkPolicy',
    'an open door',
    { spec: { ingress: [{}] } },
    'missing spec.ingress[0].from [{"podSelector":{}},{"namespaceSelector":{"matchLabels":{"team":"a"}}}] absent',
    'missing spec.ingress[0].ports [{"port":8080},{"port":53,"protocol":"UDP"}] absent',
  ],
  [
    'ClusterRole',
    'a rule more',
    {
      rules: [...(declared('ClusterRole')['rules'] as object[]), { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    },
    'extra rules[2] absent {"apiGroups":["*"],"resources":["*"],"verbs":["*"]}',
  ],
  [
    'ClusterRoleBinding',
    'another subject',
    {
      subjects: [
        { kind: 'User', name: 'alice', apiGroup: 'rbac.authorization.k8s.io' },
        { kind: 'Group', name: 'all', apiGroup: 'rbac.authorization.k8s.io' },
      ],
    },
    'different subjects[1].kind "ServiceAccount" "Group"',
    'different subjects[1].name "reader" "all"',
    'missing subjects[1].namespace "default" absent',
  ],
  [
    'ResourceQuota',
    'more memory',
    { spec: { hard: { 'limits.memory': '3Gi' } } },
    'different spec.hard["limits.memory"] "2048Mi" "3Gi"',
  ],
  [
    'ConfigMap',
    'other data',
    { data: { 'a.conf': null, 'b.conf': 'x' } },
    'missing data["a.conf"] "x: 1\\ny: 2\\n" absent',
  ],
  [
    'Secret',
    'another password',
    { stringData: { password: 'leaked' } },
    'different data.password (concealed) (concealed)',
  ],
  ['PodDisruptionBudget', 'a number for a share', { spec: { minAvailable: 1 } }, 'different spec.minAvailable "50%" 1'],
  ['CronJob', 'a pause', { spec: { suspend: true } }, 'different spec.suspend false true'],
  [
    'Ingress',
    'another host',
    {
      spec: { rules: [{ ...(declared('Ingress')['spec'] as { rules: object[] }).rules[0], host: 'evil.example.com' }] },
    },
    'different spec.rules[0].host "web.example.com" "evil.example.com"',
  ],
  [
    'Ingress',
    'another owner',
    { metadata: { annotations: { 'example.com/owner': 'evil' } } },
    'different metadata.annotations["example.com/owner"] "web" "evil"',
  ],
  ['StorageClass', 'an expansion', { allowVolumeExpansion: true }],
  [
    'ValidatingWebhookConfiguration',
    'fewer operations',
    {
      webhooks: [
        {
          name: 'hook.example.com',
          rules: [{ apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['things'] }],
        },
      ],
    },
    'different webhooks[name=hook.example.com].rules[0].operations[0] "CREATE" "UPDATE"',
  ],
  [
    'Gauge',
    'another size',
    { spec: { size: 2, parts: [{ name: 'a', weight: 3 }, { name: 'b' }, { name: 'c' }] } },
    'different spec.size "1000m" 2',
    'different spec.parts[name=a].weight 2 3',
  ],
  ['Gauge', 'the same size in other words', { spec: { size: 1, wait: '1m30s' } }],
  [
    'Gauge',
    'another rule',
    { spec: { rules: [{ name: 'one', effect: 'Deny' }] } },
    'extra spec.rules[0].effect absent "Deny"',
  ],
];

describe('what people change', () => {
  test.each(changes)('%s: %s', async (kind, _what, patch, ...told) => {
    const object = declared(kind);
    const schema = await schemaFor(object);
    const type = kind === 'Gauge' ? 'merge' : 'strategic';
    const words = ['patch', ...nameOf(object), `--type=${type}`, '--field-manager=somebody'];
    await kubectl([...words, `--patch=${JSON.stringify(patch)}`]);
    const live = await liveOf(object);
    const found = differences({ template: object, live, schema }, 'MustHave');
    expect(found.map((one) => `${one.kind} ${one.path} ${one.expected} ${one.actual}`)).toEqual(told);
    const stored = storedDifferences({ template: object, live, schema }, await dryRun(object));
    expect(stored.map(({ path }) => path)).toEqual(expect.arrayContaining(found.map(({ path }) => path)));
    const managed = (live['metadata'] as unknown as { managedFields: ManagedFieldsEntry[] }).managedFields;
    expect(found.map(({ fields }) => lastWriter(managed, fields, 'holdfast:test')?.name)).toEqual(
      found.map(() => 'somebody'),
    );
    await kubectl(
      ['apply', '--server-side', '--force-conflicts', '--field-manager=holdfast:test', '--filename=-'],
      object,
    );
    expect(differences({ template: object, live: await liveOf(object), schema }, 'MustHave')).toEqual([]);
  });

  test('what an autoscaler scales is told from what a person scales', async () => {
    const object = declared('Deployment');
    const schema = await schemaFor(object);
    const scaledBy = async (manager: string, replicas: number) => {
      const patch = ['--subresource=scale', '--type=merge', `--patch={"spec":{"replicas":${replicas}}}`];
      await kubectl(['patch', 'deployment', 'web', ...patch, `--field-manager=${manager}`]);
      const live = await liveOf(object);
      const [found] = differences({ template: object, live, schema }, 'MustHave');
      const managed = (live['metadata'] as unknown as { managedFields: ManagedFieldsEntry[] }).managedFields;
      return [found?.path, isAutoscaled(managed, found?.fields ?? []), lastWriter(managed, found?.fields ?? [])?.name];
    };
    expect(await scaledBy('kube-controller-manager', 3)).toEqual(['spec.replicas', true, 'kube-controller-manager']);
    expect(await scaledBy('kubectl', 4)).toEqual(['spec.replicas', false, 'kubectl']);
  });
});
