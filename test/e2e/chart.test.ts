/** What the chart renders, with values as people have set them, without a cluster. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load, loadAll } from 'js-yaml';
import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { readObjectStores } from '../../operator/connect/objectStore/readObjectStores.ts';
import { readServers } from '../../operator/connect/prometheus/readServers.ts';
import { readServices } from '../../operator/connect/signing/readServices.ts';
import { deployment } from '../../operator/tools/deployment.ts';
import { setUp } from '../cluster/setUp.ts';
import { mustRun, runCommand } from '../fleet/command.ts';

const chart = resolve(import.meta.dirname, '../../charts/holdfast');
const image = ['--set', 'image.repository=registry.example.com/holdfast-operator'];
const values = load(readFileSync(join(chart, 'values.yaml'), 'utf8')) as Record<string, unknown>;
let command: [string, ...string[]];

beforeAll(async () => {
  const helm = join(await setUp('helm'), 'helm');
  command = [helm, 'template', 'holdfast', chart, '--namespace', 'ops', '--kube-version', '1.30.0', ...image];
}, 900_000);

type Rendered = Record<string, unknown> & { kind: string; metadata: { name: string; namespace?: string } };

async function render(...flags: readonly string[]): Promise<Rendered[]> {
  const text = await mustRun([...command, ...flags]);
  return (loadAll(text) as (Rendered | null)[]).filter((one) => one !== null);
}

async function deploymentOf(...flags: readonly string[]): Promise<V1Deployment> {
  return (await render(...flags)).find(({ kind }) => kind === 'Deployment') as unknown as V1Deployment;
}

/** Of those that are rendered, such as `PodDisruptionBudget`. */
async function kindsOf(...flags: readonly string[]): Promise<Set<string>> {
  return new Set((await render(...flags)).map(({ kind }) => kind));
}

test('it renders the same each time: nothing in it is random', async () => {
  expect(await render()).toEqual(await render());
});

test('the Deployment is the one that kustomize applies', async () => {
  const { spec } = await deploymentOf();
  const { labels, annotations } = spec!.template.metadata!;
  const [container] = spec!.template.spec!.containers;
  const { template, ...rest } = deployment.spec;
  expect({ ...spec, template: undefined }).toEqual({ ...rest, template: undefined });
  expect(labels).toMatchObject(template.metadata.labels);
  expect(annotations).toEqual(template.metadata.annotations);
  const named = { ...container, image: template.spec.containers[0]!.image };
  expect({ ...spec!.template.spec, containers: [named] }).toEqual(template.spec);
});

test('no user or group is fixed, so that OpenShift can choose one', async () => {
  const text = await mustRun([...command, '--set', 'serviceMonitor.enabled=true']);
  expect(text).not.toMatch(/runAsUser|runAsGroup|fsGroup/);
});

test('everything with a namespace is in that of the release, but for roles that are granted elsewhere', async () => {
  const all = await render('--set', 'prometheusRule.enabled=true,dashboard.enabled=true,grants.fleet={jobs}');
  const places = new Set(all.flatMap(({ metadata: { namespace } }) => namespace ?? []));
  expect([...places].sort()).toEqual(['fleet', 'ops']);
  expect(JSON.stringify(all.filter(({ kind }) => kind.endsWith('Binding')))).not.toContain('"namespace":"holdfast"');
});

describe('a budget for disruptions', () => {
  test.each([
    [1, false],
    [2, true],
  ])('with %i replicas: %s, since a single one could never be drained', async (replicas, isThere) => {
    expect((await kindsOf('--set', `replicas=${replicas}`)).has('PodDisruptionBudget')).toBe(isThere);
  });
});

describe('services for signing', () => {
  const flags = [
    '--set',
    'signing.services.ca.fulcio.url=https://fulcio.sigstore.svc,signing.services.ca.fulcio.tokenFile=/var/run/secrets/holdfast.dev/signing/token,signing.tokenAudience=sigstore,signing.secretName=certificates',
  ];

  test('the operator reads them as the chart has them, and has a token for the audience', async () => {
    const all = await render(...flags, '--set', 'signing.services.log.rekor.url=https://rekor.sigstore.svc');
    const { data } = all.find(
      ({ kind, metadata: { name } }) => kind === 'ConfigMap' && name === 'holdfast-signing',
    ) as unknown as { data: Record<string, string> };
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-chart-'));
    await writeFile(join(folder, 'services.json'), data['services.json'] ?? '');
    const services = readServices(join(folder, 'services.json'));
    await rm(folder, { recursive: true });
    expect(services.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['ca fulcio', 'log rekor']);
    const { spec } = await deploymentOf(...flags);
    const { containers, volumes } = spec!.template.spec!;
    expect(containers[0]?.args).toContain('--signing-services=/etc/holdfast/signing/services.json');
    expect(containers[0]?.volumeMounts?.map(({ name }) => name).slice(3)).toEqual([
      'signing',
      'signing-secret',
      'signing-token',
    ]);
    expect(volumes?.at(-1)?.projected?.sources).toEqual([
      { serviceAccountToken: { path: 'token', audience: 'sigstore', expirationSeconds: 600 } },
    ]);
  });

  test.each([
    'signing.services.ca.rekor.url=https://a',
    'signing.services.ca.fulcio.insecure=true',
    'signing.services.A.rekor.url=https://a',
  ])('%s is refused by the schema', async (field) => {
    const { code, stderr } = await runCommand([...command, ...flags, '--set', field]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("values don't meet the specifications")]);
  });
});

describe('Prometheus servers', () => {
  const flags = [
    '--set',
    'prometheus.servers.main.url=http://prometheus.monitoring.svc:9090,prometheus.secretName=prometheus',
  ];

  test('the operator reads them as the chart has them', async () => {
    const all = await render(
      ...flags,
      '--set',
      'prometheus.servers.main.maxBytes=33554432,prometheus.servers.other.url=https://b',
    );
    const { data } = all.find(
      ({ kind, metadata: { name } }) => kind === 'ConfigMap' && name === 'holdfast-prometheus',
    ) as unknown as {
      data: Record<string, string>;
    };
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-chart-'));
    await writeFile(join(folder, 'servers.json'), data['servers.json'] ?? '');
    const servers = readServers(join(folder, 'servers.json'));
    await rm(folder, { recursive: true });
    expect(servers).toMatchObject([
      { name: 'main', url: 'http://prometheus.monitoring.svc:9090', maxBytes: 33_554_432 },
      { name: 'other', url: 'https://b' },
    ]);
  });

  test('what is mounted is what the arguments name, and a change replaces the pods', async () => {
    const { spec } = await deploymentOf(...flags);
    const { containers, volumes } = spec!.template.spec!;
    const [operator] = containers;
    expect(operator?.args).toContain('--prometheus-servers=/etc/holdfast/prometheus/servers.json');
    expect(operator?.volumeMounts?.map(({ name, mountPath }) => [name, mountPath]).slice(3)).toEqual([
      ['prometheus', '/etc/holdfast/prometheus'],
      ['prometheus-secret', '/etc/holdfast/prometheus-secret'],
    ]);
    expect(volumes?.slice(3)).toEqual([
      { name: 'prometheus', configMap: { name: 'holdfast-prometheus' } },
      { name: 'prometheus-secret', secret: { secretName: 'prometheus' } },
    ]);
    const digest = (one: V1Deployment) => one.spec!.template.metadata!.annotations!['holdfast.dev/prometheus-servers'];
    const other = await deploymentOf(...flags, '--set', 'prometheus.servers.main.timeoutSeconds=5');
    expect(digest(other)).not.toBe(digest({ spec }));
  });

  test.each(['url=ftp://a', 'url=http://user:x@a', 'insecure=true', 'maxConcurrent=1', 'tokenFile=token'])(
    '%s is refused by the schema',
    async (field) => {
      const { code, stderr } = await runCommand([...command, ...flags, '--set', `prometheus.servers.main.${field}`]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("values don't meet the specifications")]);
    },
  );
});

describe('object stores', () => {
  const flags = [
    '--set',
    'objectStores.stores.main.s3.endpoint=https://s3.example.com,objectStores.stores.main.s3.region=us-east-1,objectStores.caConfigMapName=ca',
  ];

  test('the operator reads them as the chart has them', async () => {
    const all = await render(...flags, '--set', 'objectStores.stores.main.s3.requestSeconds=600');
    const { data } = all.find(
      ({ kind, metadata: { name } }) => kind === 'ConfigMap' && name === 'holdfast-object-stores',
    ) as unknown as { data: Record<string, string> };
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-chart-'));
    await writeFile(join(folder, 'stores.json'), data['stores.json'] ?? '');
    const stores = readObjectStores(join(folder, 'stores.json'));
    await rm(folder, { recursive: true });
    expect(stores).toMatchObject([{ name: 'main', url: 'https://s3.example.com', requestSeconds: 600 }]);
  });

  test('what is mounted is what the arguments name, and a change replaces the pods', async () => {
    const { spec } = await deploymentOf(...flags);
    const { containers, volumes } = spec!.template.spec!;
    expect(containers[0]?.args).toContain('--object-stores=/etc/holdfast/object-stores/stores.json');
    expect(containers[0]?.volumeMounts?.map(({ name, mountPath }) => [name, mountPath]).slice(3)).toEqual([
      ['object-stores', '/etc/holdfast/object-stores'],
      ['object-store-ca', '/etc/holdfast/object-store-ca'],
    ]);
    expect(volumes?.slice(3)).toEqual([
      { name: 'object-stores', configMap: { name: 'holdfast-object-stores' } },
      { name: 'object-store-ca', configMap: { name: 'ca' } },
    ]);
    const digest = (one: V1Deployment) => one.spec!.template.metadata!.annotations!['holdfast.dev/object-stores'];
    const other = await deploymentOf(...flags, '--set', 'objectStores.stores.main.s3.maxConnections=5');
    expect(digest(other)).not.toBe(digest({ spec }));
  });

  test.each([
    'endpoint=ftp://a',
    'endpoint=https://user:x@a',
    'insecure=true',
    'maxConnections=0',
    'caFile=ca',
    'checksums=Off',
  ])('%s is refused by the schema', async (field) => {
    const { code, stderr } = await runCommand([...command, ...flags, '--set', `objectStores.stores.main.s3.${field}`]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("values don't meet the specifications")]);
  });
});

test('evidence in the file system is on the claim that is named', async () => {
  const { spec } = await deploymentOf('--set', 'evidence.claimName=evidence');
  const { containers, volumes } = spec!.template.spec!;
  expect(containers[0]?.args).toContain('--evidence-folder=/var/lib/holdfast-evidence/stores');
  expect(containers[0]?.volumeMounts?.at(-1)).toEqual({ name: 'evidence', mountPath: '/var/lib/holdfast-evidence' });
  expect(volumes?.at(-1)).toEqual({ name: 'evidence', persistentVolumeClaim: { claimName: 'evidence' } });
});

describe('values as people have them', () => {
  // operator-framework/operator-sdk#7003, openshift/lightspeed-operator#343
  test('Prometheus asks with a token of its own for metrics, and reads no file: OpenShift refuses that', async () => {
    const all = await render('--set', 'serviceMonitor.enabled=true');
    const monitor = all.find(({ kind }) => kind === 'ServiceMonitor')!;
    expect(JSON.stringify(monitor)).not.toMatch(/File"/);
    expect(monitor['spec']).toMatchObject({
      endpoints: [{ authorization: { credentials: { name: 'holdfast-monitor', key: 'token' } } }],
    });
    const secret = all.find(({ kind, metadata: { name } }) => kind === 'Secret' && name === 'holdfast-monitor');
    expect(secret).toMatchObject({
      type: 'kubernetes.io/service-account-token',
      metadata: { annotations: { 'kubernetes.io/service-account.name': 'holdfast-monitor' } },
    });
    const bindings = all.filter(
      ({ kind, subjects }) => /Binding$/.test(kind) && JSON.stringify(subjects)?.includes('holdfast-monitor'),
    );
    expect(bindings).toMatchObject([
      { roleRef: { name: 'holdfast-metrics' }, subjects: [{ name: 'holdfast-monitor', namespace: 'ops' }] },
    ]);
  });

  // knative/func#1888, kubestellar/console#20630
  test('a group that may write to a volume of root is added to what is restricted', async () => {
    const { spec } = await deploymentOf('--set', 'podSecurityContext.fsGroup=10001');
    expect(spec!.template.spec!.securityContext).toEqual({
      fsGroup: 10_001,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  // goharbor/harbor-helm#408, helmforgedev/charts#1294
  test('with a volume, a pod ends before the one that replaces it begins', async () => {
    const { spec } = await deploymentOf('--set', 'evidence.claimName=a,replicas=1');
    expect(spec!.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
    expect((await deploymentOf()).spec!.strategy).toBeUndefined();
  });

  // squat/generic-device-plugin#216
  test('labels and annotations of pods that are ours stay ours, and none is there twice', async () => {
    const own = 'app\\.kubernetes\\.io/name=mine';
    const all = await render(
      ...['--set', `serviceMonitor.enabled=true,serviceMonitor.labels.${own},serviceMonitor.labels.a=b`],
      ...['--set', `dashboard.enabled=true,dashboard.labels.${own}`],
    );
    const monitor = all.find(({ kind }) => kind === 'ServiceMonitor')!;
    expect(monitor.metadata).toMatchObject({ labels: { 'app.kubernetes.io/name': 'holdfast', a: 'b' } });
    const flags = ['--set', 'podLabels.app\\.kubernetes\\.io/name=mine,podLabels.a=b'];
    const { spec } = await deploymentOf(
      ...flags,
      '--set',
      'podAnnotations.kubectl\\.kubernetes\\.io/default-container=mine',
    );
    expect(spec!.template.metadata!.labels).toMatchObject({ ...spec!.selector.matchLabels, a: 'b' });
    expect(spec!.template.metadata!.annotations).toEqual({ 'kubectl.kubernetes.io/default-container': 'operator' });
  });

  test('a name that looks like a number is a name', async () => {
    const all = await render(
      '--set',
      'grants.1e3={jobs}',
      '--set-string',
      'evidence.claimName=1e3,priorityClassName=1e3',
    );
    expect(all.filter(({ metadata: { namespace } }) => namespace === '1e3')).toHaveLength(1);
    const { spec } = all.find(({ kind }) => kind === 'Deployment') as unknown as V1Deployment;
    expect(spec!.template.spec!.priorityClassName).toBe('1e3');
    expect(spec!.template.spec!.volumes?.at(-1)?.persistentVolumeClaim?.claimName).toBe('1e3');
  });

  test('a dashboard without a label of its own is one all the same', async () => {
    const flags = ['--set', 'dashboard.enabled=true,dashboard.labels.grafana_dashboard=null'];
    const { metadata } = (await render(...flags)).find(({ metadata: { name } }) => name === 'holdfast-dashboard')!;
    expect(Object.keys((metadata as V1Deployment['metadata'])!.labels!)).not.toContain('grafana_dashboard');
  });

  test('the pod of helm test goes where the operator may go', async () => {
    const flags = ['--set', 'nodeSelector.infra=x,tolerations[0].key=infra,tolerations[0].operator=Exists'];
    const { spec } = (await render(...flags)).find(({ kind }) => kind === 'Pod') as unknown as V1Pod;
    expect(spec).toMatchObject({ nodeSelector: { infra: 'x' }, tolerations: [{ key: 'infra', operator: 'Exists' }] });
  });

  // helm/helm#13351
  test.each(['nodeSelector', 'tolerations', 'affinity', 'topologySpreadConstraints', 'resources', 'imagePullSecrets'])(
    '%s may be null',
    async (name) => {
      const { spec } = await deploymentOf('--set', `${name}=null`);
      expect(spec!.template.spec!.containers).toHaveLength(1);
    },
  );
});

describe('a value that is null', () => {
  test.each(Object.keys(values))('%s is as if it was not there, or refused by the schema', async (name) => {
    const { code, stderr } = await runCommand([...command, '--set', `${name}=null`]);
    if (code !== 0) expect(stderr).toMatch(/image\.repository is missing|values don't meet the specifications/);
    expect(stderr).not.toContain('nil pointer');
  });
});

describe('each value has an effect', () => {
  test.each<[string, string]>([
    ['nodeSelector.disk=marker', 'disk: marker'],
    ['tolerations[0].key=marker', 'key: marker'],
    ['affinity.nodeAffinity.marker=x', 'marker: x'],
    ['topologySpreadConstraints[0].topologyKey=marker', 'topologyKey: marker'],
    ['priorityClassName=marker', 'priorityClassName: "marker"'],
    ['imagePullSecrets[0].name=marker', 'name: marker'],
    ['podAnnotations.marker=x', 'marker: x'],
    ['podLabels.marker=x', 'marker: x'],
    ['podSecurityContext.fsGroup=77', 'fsGroup: 77'],
    ['serviceAccount.annotations.marker=x', 'marker: x'],
    ['resources.limits.memory=77Mi', 'memory: 77Mi'],
    ['stateSizeLimit=77Mi', 'sizeLimit: 77Mi'],
    ['terminationGracePeriodSeconds=77', 'terminationGracePeriodSeconds: 77'],
    ['allowedNetworks={10.7.0.0/16}', '--allowed-networks=10.7.0.0/16'],
    ['deniedNetworks={10.7.0.0/16}', '--denied-networks=10.7.0.0/16'],
    ['maxConnections=77', '--max-connections=77'],
    ['logLevel=debug', '--log-level=debug'],
    ['hostMetrics=true', '--host-metrics'],
    ['extraArgs={--allow-local-playbooks}', '- --allow-local-playbooks'],
    ['runner.image.repository=marker', '--runner-image=marker:0.1.0'],
    [`image.digest=sha256:${'a'.repeat(64)}`, `holdfast-operator@sha256:${'a'.repeat(64)}`],
    ['networkPolicy.ingressFrom[0].marker=x', 'marker: x'],
    [
      'prometheusRule.enabled=true,prometheusRule.runbooks=https://example.com/r',
      'runbook_url: https://example.com/r/',
    ],
    ['dashboard.enabled=true,dashboard.labels.marker=x', 'marker: x'],
    ['serviceMonitor.enabled=true,serviceMonitor.interval=77s', 'interval: 77s'],
  ])('%s', async (setting, text) => {
    expect(await mustRun(command)).not.toContain(text);
    expect(await mustRun([...command, '--set', setting])).toContain(text);
  });

  test.each<[string, string]>([
    ['crds.install=false', 'CustomResourceDefinition'],
    ['policies.install=false', 'ValidatingAdmissionPolicy'],
    ['networkPolicy.enabled=false', 'NetworkPolicy'],
    ['podDisruptionBudget.enabled=false', 'PodDisruptionBudget'],
  ])('%s: no %s', async (setting, kind) => {
    expect((await kindsOf()).has(kind)).toBe(true);
    expect((await kindsOf('--set', setting)).has(kind)).toBe(false);
  });

  test.each(['crds.keep=false', 'roles.create=false'])('%s', async (setting) => {
    const text = setting.startsWith('crds') ? 'resource-policy' : 'holdfast-approver';
    expect(await mustRun(command)).toContain(text);
    expect(await mustRun([...command, '--set', setting])).not.toContain(text);
  });
});

describe('a value that is wrong is refused with its name', () => {
  test.each<[string, RegExp]>([
    ['replicas=two', /\/replicas/],
    ['replicas=0', /\/replicas/],
    ['logLevel=verbose', /\/logLevel.*'debug', 'info', 'warn'/],
    ['allowedNetworks={10.0.0.1}', /\/allowedNetworks\/0/],
    ['grants.fleet={secrets}', /\/grants\/fleet\/0.*'credentials', 'jobs'/],
    ['grants.Fleet={jobs}', /Fleet/],
    ['image.digest=latest', /\/image\/digest/],
    ['imag.repository=x', /imag/],
    ['extraArgs={lease=x}', /\/extraArgs\/0/],
  ])('%s', async (setting, message) => {
    const { code, stderr } = await runCommand([...command, '--set', setting]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
  });

  test('a cluster that is too old', async () => {
    const { code, stderr } = await runCommand([...command, '--kube-version', '1.29.0']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/requires kubeVersion: >=1\.30/) });
  });
});
