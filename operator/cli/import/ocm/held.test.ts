/** No import is Enforce where it does not mean the same: a policy for each reason, and the reasons of all notes together. */
import { describe, expect, test } from '@jest/globals';
import { api, configuration, imported, object, policy } from '../../../../test/builders/ocm.ts';
import { acceptable, otherMeanings, type Reason } from './report.ts';

const enforced = (spec: object = {}, metadata: object = {}) =>
  configuration('one', { remediationAction: 'enforce', ...spec }, metadata);
const only = (definition: object, more: object = {}) =>
  enforced({ 'object-templates': [{ complianceType: 'mustonlyhave', objectDefinition: definition, ...more }] });
const about = (apiVersion: string, kind: string, more: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'a', namespace: 'b', ...metadata },
  ...more,
});
const withSettings = (settings: object) => enforced({ 'object-templates': [{ ...object('a'), ...settings }] });
const having = (definition: object) =>
  enforced({ 'object-templates': [{ complianceType: 'musthave', objectDefinition: definition }] });
const dependencies = [{ apiVersion: api, kind: 'Policy', name: 'first', compliance: 'Compliant' }];
const claim = {
  apiVersion: 'cluster.open-cluster-management.io/v1alpha1',
  kind: 'ClusterClaim',
  metadata: { name: 'id' },
  spec: { value: 'x' },
};
const rbac = 'rbac.authorization.k8s.io/v1';

/** Policies that enforce what means something else here. */
const cases: Record<string, { readonly reason: Reason; readonly written: object }> = {
  'labels that must be alone': { reason: 'Comparison', written: only(about('v1', 'ConfigMap', {}, { labels: {} })) },
  'labels that must be alone beside a list that must contain': {
    reason: 'Comparison',
    written: withSettings({
      metadataComplianceType: 'mustonlyhave',
      objectDefinition: about('v1', 'ConfigMap', {}, { labels: { a: 'b' } }),
    }),
  },
  'a kind of which fields are not known': { reason: 'Comparison', written: only(about('x.example/v1', 'Thing')) },
  'a status that must be alone': {
    reason: 'Comparison',
    written: only(about('apps/v1', 'Deployment', { status: {} })),
  },
  null: { reason: 'Comparison', written: having(about('v1', 'ConfigMap', { data: null })) },
  'objects that lack a field that must be false': {
    reason: 'Comparison',
    written: enforced({
      'object-templates': [
        {
          complianceType: 'mustnothave',
          objectSelector: { matchLabels: { a: 'b' } },
          objectDefinition: { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'b' }, spec: { hostPID: false } },
        },
      ],
    }),
  },
  finalizers: { reason: 'Creation', written: having(about('v1', 'ConfigMap', {}, { finalizers: ['a/b'] })) },
  'what it waits for': { reason: 'Dependencies', written: policy('web', [enforced()], { dependencies }) },
  'what a part waits for': {
    reason: 'Dependencies',
    written: policy('web', [], {
      'policy-templates': [{ objectDefinition: enforced(), extraDependencies: dependencies }],
    }),
  },
  'what was looked up': {
    reason: 'FilledIn',
    written: having(about('v1', 'ConfigMap', { data: { id: '{{ fromClusterClaim "id" }}' } })),
  },
  'what the namespaces were filled in from': {
    reason: 'FilledIn',
    written: enforced({
      namespaceSelector: { include: ['{{ fromClusterClaim "id" }}'] },
      'object-templates': [
        {
          complianceType: 'musthave',
          objectDefinition: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
        },
      ],
    }),
  },
  'what a text of objects was filled in from': {
    reason: 'FilledIn',
    written: enforced({
      'object-templates': undefined,
      'object-templates-raw': `- complianceType: musthave\n  objectDefinition: {apiVersion: v1, kind: Namespace, metadata: {name: '{{ fromClusterClaim "id" }}'}}`,
    }),
  },
  'an order that does not count': {
    reason: 'Lists',
    written: only(about(rbac, 'Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] })),
  },
  'no namespace': {
    reason: 'NoNamespace',
    written: having({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
  },
  once: { reason: 'Once', written: enforced({ evaluationInterval: { compliant: 'never' } }) },
  prune: { reason: 'Prune', written: enforced({ pruneObjectBehavior: 'DeleteAll' }) },
  'to be made anew': { reason: 'Recreate', written: withSettings({ recreateOption: 'IfRequired' }) },
  'namespaces that are being deleted': {
    reason: 'Selector',
    written: enforced({
      namespaceSelector: { include: ['*'], terminatingInclusion: 'IfMatch' },
      'object-templates': [
        {
          complianceType: 'musthave',
          objectDefinition: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
        },
      ],
    }),
  },
  'a field that is not known': { reason: 'UnknownField', written: enforced({ anything: 1 }) },
  'a field of an object that is not known': { reason: 'UnknownField', written: withSettings({ anything: 1 }) },
  'a field of a Policy that is not known': {
    reason: 'UnknownField',
    written: policy('web', [enforced()], { anything: 1 }),
  },
};
const cluster = { objects: [claim] };

describe('what means something else is only shown, until it is accepted', () => {
  test.each(Object.entries(cases))('%s', (_what, { reason, written }) => {
    const { specs, rows } = imported([written], { cluster });
    expect(otherMeanings(rows.flatMap(({ notes }) => notes))).toEqual([reason]);
    expect(specs.map(({ mode }) => mode)).toEqual(['Inform']);
    expect(rows.flatMap(({ notes }) => notes).filter((one) => one.reason === 'NotEnforced')).toEqual([
      {
        reason: 'NotEnforced',
        text: `NOT ENFORCED, only reported (${reason}): it has a different meaning in Holdfast`,
      },
    ]);
    // Not even by a mode for all of them, but by having read the note.
    expect(imported([written], { cluster, mode: 'Enforce' }).specs[0]?.mode).toBe('Inform');
    expect(imported([written], { cluster, accepted: new Set([reason]) }).specs[0]?.mode).toBe('Enforce');
    const others = new Set(acceptable.filter((one) => one !== reason));
    expect(imported([written], { cluster, accepted: others }).specs[0]?.mode).toBe('Inform');
  });

  test('there is a case for each reason', () => {
    expect([...new Set(Object.values(cases).map(({ reason }) => reason))].sort()).toEqual([...acceptable].sort());
  });

  test('the rest of a policy is enforced', () => {
    const written = enforced({ 'object-templates': [object('a'), { ...object('b'), recreateOption: 'Always' }] });
    const { specs } = imported([written]);
    expect(specs.map(({ mode, objects }) => [mode, objects?.map(({ name }) => name)])).toEqual([
      ['Enforce', ['one-configmap-b-a']],
      ['Inform', ['one-configmap-b-b']],
    ]);
  });

  test.each<[string, object]>([
    ['musthave with lists', about(rbac, 'Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] })],
    ['a namespaceSelector that no object needs', about('v1', 'ConfigMap')],
  ])('%s is enforced, and nothing is told', (_what, definition) => {
    const { specs, told } = imported([
      { ...having(definition), spec: { ...having(definition).spec, namespaceSelector: { include: ['x'] } } },
    ]);
    expect(specs[0]).toMatchObject({ mode: 'Enforce', objects: [{ match: 'MustContain' }] });
    expect(told.map(([, result]) => result)).toEqual(['Translated']);
  });
});
