/** Every manifest that we ship is valid by the schemas of the apiserver and of the kinds of others, and by our own, as a pipeline checks them. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { load, loadAll } from 'js-yaml';
import { setUp } from '../cluster/setUp.ts';
import { mustRun } from '../fleet/command.ts';
import { kubeconform, wrong } from '../shipped/kubeconform.ts';
import { layout, writeDefinitions, writeKubernetes } from '../shipped/schemas.ts';

const root = resolve(import.meta.dirname, '../..');
/** Ours are those that are generated. */
const own = join(root, 'crds/schemas/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json');
/** The CRDs of others, in their Go modules. */
const others: readonly (readonly [module: string, file: string])[] = [
  ['github.com/operator-framework/api@v0.9.1', 'crds/operators.coreos.com_clusterserviceversions.yaml'],
  ...['servicemonitors', 'prometheusrules'].map(
    (name) =>
      [
        'github.com/prometheus-operator/prometheus-operator@v0.85.0',
        `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
      ] as const,
  ),
];
/** Files without objects, and those of kinds whose schemas no small module has; each with what checks it instead. */
const unchecked: Readonly<Record<string, string>> = {
  'manifests/prometheus/alerts.yaml': 'rules of Prometheus: promtool, in test/monitoring',
  'manifests/olm/metadata/annotations.yaml': 'annotations of a bundle: operator/tools/olm.test.ts',
  'manifests/argocd/application.yaml': 'an Application: test/integration/argocd.test.ts',
  'manifests/argocd/openshift-gitops.yaml': 'items to copy into an ArgoCD: operator/tools/argocd.test.ts',
};
const image = ['image.repository=registry.example.com/holdfast-operator'];
const everything = [
  ...['prometheusRule.enabled=true', 'dashboard.enabled=true', 'serviceMonitor.enabled=true', 'hostMetrics=true'],
  ...['grants.fleet={credentials,jobs,playbooks,accounts}', 'grantsEverywhere={credentials,policy-reports}'],
  ...['grants.shop={accounts,policy-reports}', 'policyReports=openreports.io'],
  ...['runner.image.repository=registry.example.com/holdfast-runner', `image.digest=sha256:${'a'.repeat(64)}`],
  ...['imagePullSecrets[0].name=pull', 'nodeSelector.disk=ssd', 'priorityClassName=high', 'podLabels.team=x'],
  ...['tolerations[0].key=infra', 'tolerations[0].operator=Exists', 'serviceAccount.annotations.a=b'],
  ...['networkPolicy.ingressFrom[0].namespaceSelector.matchLabels.name=monitoring', 'podAnnotations.a=b'],
  ...['topologySpreadConstraints[0].maxSkew=1', 'topologySpreadConstraints[0].topologyKey=zone'],
  'topologySpreadConstraints[0].whenUnsatisfiable=ScheduleAnyway',
  'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key=a',
  'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].operator=Exists',
];
const nothing = ['replicas=1', 'crds.install=false', 'policies.install=false', 'roles.create=false'];
nothing.push('networkPolicy.enabled=false', 'podDisruptionBudget.enabled=false');

let folder: string;
let locations: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-schemas-'));
  locations = [own, join(folder, layout)];
  await writeKubernetes(folder);
  for (const [module, file] of others) await writeDefinitions(folder, module, file);
}, 900_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['as it is', image],
  ['with everything', [...image, ...everything]],
  ['with nothing that may be left out', [...image, ...nothing]],
])(
  'the chart, %s',
  async (_, settings) => {
    const helm = join(await setUp('helm'), 'helm');
    const flags = ['--kube-version', '1.30.0', ...settings.flatMap((setting) => ['--set', setting])];
    const text = await mustRun([
      helm,
      'template',
      'holdfast',
      join(root, 'charts/holdfast'),
      '--namespace',
      'ops',
      ...flags,
    ]);
    const checked = await kubeconform(locations, ['-'], text);
    expect(wrong(checked)).toEqual([]);
    expect(checked.length).toBe(loadAll(text).filter((one) => one !== null).length);
  },
  900_000,
);

test('what kustomize builds', async () => {
  const kubectl = join(await setUp('cluster'), 'kubectl');
  const text = await mustRun([kubectl, 'kustomize', join(root, 'manifests')]);
  const checked = await kubeconform(locations, ['-'], text);
  expect(wrong(checked)).toEqual([]);
  expect(checked.length).toBe(loadAll(text).length);
}, 900_000);

describe('files', () => {
  const files = globSync(['{crds,policies}/*.yaml', 'manifests/**/*.yaml'], { cwd: root }).sort();

  test('each with an object is valid', async () => {
    const chosen = files.filter((file) => !(file in unchecked));
    const checked = await kubeconform(
      locations,
      chosen.map((file) => join(root, file)),
    );
    expect(wrong(checked)).toEqual([]);
    expect(new Set(checked.map(({ filename }) => filename)).size).toBe(chosen.length);
  });

  test('those that are not checked are still there, and have no schema', async () => {
    const names = Object.keys(unchecked);
    expect(files).toEqual(expect.arrayContaining(names));
    const checked = await kubeconform(
      locations,
      names.map((file) => join(root, file)),
    );
    expect(checked.filter(({ status }) => status !== 'statusError')).toEqual([]);
  });
});

describe('what is broken is found', () => {
  const deployment = load(readFileSync(join(root, 'manifests/operator/deployment.yaml'), 'utf8')) as {
    spec: { template: { spec: object } };
  };
  const device = load(readFileSync(join(root, 'manifests/samples/device.yaml'), 'utf8')) as { spec: { ssh: object } };
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'x' },
  };
  const monitor = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: { name: 'x' } };

  test.each<[what: string, object: object, message: RegExp]>([
    // https://github.com/yannh/kubeconform/issues/32: with -ignore-missing-schemas, both are skipped, and the pipeline passes.
    ['a misspelled kind', { ...device, kind: 'Devise' }, /could not find schema for Devise/],
    ['a version that is not served', { ...device, apiVersion: 'holdfast.dev/v1' }, /could not find schema for Device/],
    // https://github.com/yannh/kubeconform/issues/171: -strict adds nothing to schemas that one brings.
    ['a misspelled field of ours', { ...device, spec: { ssh: { ...device.spec.ssh, hostkeys: [] } } }, /hostkeys/],
    ['a misspelled field of Kubernetes', { ...deployment, spec: { ...deployment.spec, replica: 2 } }, /replica/],
    [
      'a wrong type deep in it',
      {
        ...deployment,
        spec: {
          ...deployment.spec,
          template: { spec: { ...deployment.spec.template.spec, containers: [{ name: 1 }] } },
        },
      },
      /name/,
    ],
    ['a policy without a list', { ...policy, spec: { validations: 'x' } }, /validations/],
    ['a field of a kind of others', { ...monitor, spec: { selector: {}, endpoints: [], endpoint: [] } }, /endpoint/],
  ])('%s', async (_, object, message) => {
    const [found, ...more] = wrong(await kubeconform(locations, ['-'], JSON.stringify(object)));
    expect(more).toEqual([]);
    expect(found).toMatch(message);
  });

  test('and what is right is not', async () => {
    const input = [device, deployment, { ...policy, spec: { validations: [{ expression: 'true' }] } }].map((one) =>
      JSON.stringify(one),
    );
    expect(wrong(await kubeconform(locations, ['-'], input.join('\n---\n')))).toEqual([]);
  });
});
