import { describe, expect, test } from '@jest/globals';
import { fillIn, type Cluster } from './templating.ts';

const claim = (name: string, value: string) => ({
  apiVersion: 'cluster.open-cluster-management.io/v1alpha1',
  kind: 'ClusterClaim',
  metadata: { name },
  spec: { value },
});
const cluster: Cluster = {
  name: 'prod-1',
  objects: [
    claim('id.openshift.io', 'abc'),
    claim('nodes', '3'),
    claim('spot', 'true'),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'env', namespace: 'ops' },
      data: { 'a.b': ' x ', n: '12' },
    },
    {
      apiVersion: 'config.openshift.io/v1',
      kind: 'Infrastructure',
      metadata: { name: 'cluster' },
      status: { infrastructureName: 'prod-1-x7', count: 2, list: [] },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'ops' }, data: { p: 'aHVudGVyMg==' } },
    'no object',
    null,
  ],
};
const infrastructure = '(lookup "config.openshift.io/v1" "Infrastructure" "" "cluster").status';

function filled(value: unknown, areDisabled = false, known: Cluster = cluster) {
  const found = fillIn(value, '', { areDisabled, cluster: known });
  return 'reason' in found ? `${found.reason.reason} ${found.reason.text}` : found.value;
}

const hubObjects = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hub', namespace: 'policies' }, data: { k: 'v' } },
];

describe('what is filled in', () => {
  test.each([
    ['{{hub fromConfigMap "" "hub" "k" hub}}', 'v'],
    ['{{hub fromConfigMap "policies" "hub" "k" hub}}', 'v'],
  ])('%s from the hub', (template, value) => {
    expect(filled(template, false, { objects: [], hub: hubObjects })).toBe(value);
  });

  test('what is looked up on the cluster is not found on the hub, and the other way round', () => {
    expect(filled('{{ fromConfigMap "policies" "hub" "k" }}', false, { objects: [], hub: hubObjects })).toMatch(
      /in the cluster; provide it with --cluster FILE$/,
    );
    expect(filled('{{hub fromConfigMap "" "hub" "k" hub}}', false, { objects: hubObjects })).toMatch(
      /on the hub; provide it with --hub FILE/,
    );
  });

  test.each<[unknown, unknown]>([
    ['no template', 'no template'],
    ['{{hub .ManagedClusterName hub}}', 'prod-1'],
    ['{{ .ManagedClusterName }}-vars', 'prod-1-vars'],
    ['{{ fromClusterClaim "id.openshift.io" }}', 'abc'],
    ['{{ fromClusterClaim `id.openshift.io` }}', 'abc'],
    ['{{ fromClusterClaim "nodes" }}', '3'],
    ['{{ fromClusterClaim "nodes" | toInt }}', 3],
    ['{{- fromClusterClaim "nodes" | toInt -}}', 3],
    ['{{ fromClusterClaim "spot" | toBool }}', true],
    ['{{ fromClusterClaim "nodes" | toLiteral }}', 3],
    ['n {{ fromClusterClaim "nodes" | toInt }}', 'n 3'],
    ['{{ fromConfigMap "ops" "env" "a.b" }}', ' x '],
    ['{{ fromConfigMap "ops" "env" "a.b" | trim }}', 'x'],
    [`{{ ${infrastructure}.infrastructureName }}-worker`, 'prod-1-x7-worker'],
    [`{{ ${infrastructure}.count }}`, '2'],
    ['{{/* told\nto people */}}a', 'a'],
    ['a {{- fromClusterClaim "nodes" -}} b', 'a3b'],
    ['{{ .ManagedClusterName }}/{{ fromClusterClaim "id.openshift.io" }}', 'prod-1/abc'],
    [
      { a: [{ b: '{{ .ManagedClusterName }}' }], n: 5 },
      { a: [{ b: 'prod-1' }], n: 5 },
    ],
    [{ '{{ .ManagedClusterName }}': 1 }, { 'prod-1': 1 }],
  ])('%j is %j', (template, value) => {
    expect(filled(template)).toEqual(value);
  });

  test('braces are text where templates are disabled, but for those of the hub', () => {
    expect(filled('{{ $labels.job }}', true)).toBe('{{ $labels.job }}');
    expect(filled('{{ $labels.job }} of {{hub .ManagedClusterName hub}}', true)).toBe('{{ $labels.job }} of prod-1');
  });

  test('what it was filled in from is told, and that it is not followed', () => {
    const found = fillIn({ a: '{{ fromClusterClaim "nodes" }}', b: '{{ .ManagedClusterName }}' }, '', {
      areDisabled: false,
      cluster,
    });
    expect('notes' in found && found.notes.map(({ reason, text }) => [reason, text])).toEqual([
      ['FilledIn', 'a is filled in from ClusterClaim nodes as provided; later changes have no effect'],
      ['ClusterName', 'b is filled in for cluster prod-1 only'],
    ]);
  });
});

describe('what is not filled in says why, and by which function', () => {
  test.each<[unknown, RegExp]>([
    [
      '{{ fromClusterClaim "other" }}',
      /^GoTemplate .*ClusterClaim other is looked up in the cluster; provide it .*--cluster FILE$/,
    ],
    ['{{ fromConfigMap "ops" "env" "z" }}', /data\.z of ConfigMap ops\/env is missing/],
    [`{{ ${infrastructure}.list }}`, /is a list/],
    ['{{ fromConfigMap "ops" "env" "a.b" | toInt }}', /toInt does not accept/],
    ['{{ fromSecret "ops" "s" "p" }}', /fromSecret: the baseline would disclose the value of a Secret/],
    ['{{ (lookup "v1" "Secret" "ops" "s").data.p }}', /would disclose the value of a Secret/],
    ['{{ (lookup "v1" "secrets" "ops" "s").data.p }}', /would disclose the value of a Secret/],
    ['{{ copySecretData "ops" "s" }}', /copySecretData/],
    ['{{ .ObjectName }}', /\.ObjectName: it refers to the object.*CEL/],
    ['{{ if eq (fromClusterClaim "nodes") "3" }}x{{ end }}', /if: a baseline has no variables, conditions or loops/],
    ['{{ range $n := list }}{{ $n }}{{ end }}', /range: a baseline has no/],
    ['{{ $x := 1 }}', /a baseline has no variables/],
    ['{{ fromClusterClaim "nodes" | atoi | add 1 }}', /atoi: write out its value$/],
    ['{{ hasNodesWithExactRoles "infra" }}', /hasNodesWithExactRoles: write out its value$/],
    ['{{ lookup "v1" "ConfigMap" "ops" "env" }}', /lookup: only a single field of a named object can be filled in/],
    ['{{ fromClusterClaim "nodes"', /it is not closed$/],
    ['{{hub fromConfigMap "" "x" "y" hub}}', /^HubTemplate .*or use the Policy that the hub replicated to a cluster$/],
    ['{{- hub fromSecret "a" "b" "c" hub}}', /^HubTemplate .*fromSecret: the baseline/],
    [{ '{{ .key }}': 1 }, /\.key: write out its value$/],
  ])('%j', (template, says) => {
    expect(filled(template)).toMatch(says);
  });

  test('what is filled into YAML is a plain word', () => {
    const evil = [claim('evil', 'x\n- complianceType: musthave'), claim('plain', 'a-1.b')];
    const fill = (name: string) =>
      fillIn(`- {{ fromClusterClaim "${name}" }}`, '', {
        areDisabled: false,
        cluster: { objects: evil },
        into: 'YAML',
      });
    expect(fill('evil')).toMatchObject({
      reason: { text: expect.stringContaining('its value has special characters') },
    });
    expect(fill('plain')).toMatchObject({ value: '- a-1.b' });
  });

  test('no value of a Secret is ever told', () => {
    for (const one of ['{{ fromSecret "ops" "s" "p" }}', '{{ (lookup "v1" "Secret" "ops" "s").data.p | base64dec }}'])
      expect(JSON.stringify(filled(one))).not.toMatch(/hunter|aHVudGVy/);
  });

  test('nothing is filled in where nothing is given', () => {
    const nothing: Cluster = { objects: [] };
    expect(filled('{{ .ManagedClusterName }}', false, nothing)).toMatch(/--cluster-name$/);
    expect(filled('{{ fromConfigMap "ops" "env" "n" }}', false, nothing)).toMatch(/--cluster FILE$/);
  });
});
