import { describe, expect, test } from '@jest/globals';
import { api, configuration, imported, policy } from '../../../../test/builders/ocm.ts';
import type { Reason } from './report.ts';

describe('every other field of a ConfigurationPolicy has a note', () => {
  test.each<[string, unknown, Reason]>([
    ['customMessage', { compliant: '{{ .DefaultMessage }}' }, 'CustomMessage'],
    ['evaluationInterval', { compliant: '10m' }, 'EvaluationInterval'],
    ['severity', 'dire', 'Severity'],
    ['complianceType', 'musthave', 'UnknownField'],
  ])('%s', (field, value, reason) => {
    const { told } = imported([configuration('one', { [field]: value })]);
    expect(told[0]).toEqual(['one (settings)', 'Translated with notes', reason]);
  });

  test('an interval of never says what a baseline does', () => {
    const { rows } = imported([configuration('one', { evaluationInterval: { compliant: 'never' } })]);
    expect(rows[0]?.notes[0]?.text).toContain('suspend it');
  });

  test('nothing is said of a field without a value', () => {
    expect(imported([configuration('one', { customMessage: null, severity: null })]).told).toHaveLength(1);
  });
});

describe('object-templates-raw', () => {
  const raw = (text: unknown) => configuration('one', { 'object-templates': undefined, 'object-templates-raw': text });
  const plain = `- complianceType: musthave\n  objectDefinition: {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n`;
  test('is a list like any other without templates', () => {
    expect(imported([raw(plain)]).told).toEqual([['one[0] Namespace a', 'Translated']]);
  });
  test.each<[unknown, Reason]>([
    ['{{ range $n := list }}x{{ end }}', 'ObjectTemplatesRaw'],
    ['{{hub range x hub}}', 'ObjectTemplatesRaw'],
    ['a: 1', 'Malformed'],
    ['a: [', 'Malformed'],
    [5, 'Malformed'],
  ])('%j cannot be translated', (text, reason) => {
    expect(imported([raw(text)]).told).toEqual([['one', 'Not translated', reason]]);
  });
  test('must not be beside object-templates', () => {
    const both = configuration('one', { 'object-templates-raw': plain });
    expect(imported([both]).told).toEqual([['one', 'Not translated', 'Malformed']]);
  });
});

describe('parts of a Policy that are no ConfigurationPolicy', () => {
  const part = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'x' }, spec: {} });
  test.each([
    [part('policy.open-cluster-management.io/v1beta1', 'OperatorPolicy'), 'OLM'],
    [part(api, 'CertificatePolicy'), 'certificates'],
    [part(api, 'IamPolicy'), 'CEL'],
    [part('constraints.gatekeeper.sh/v1beta1', 'K8sRequiredLabels'), 'Gatekeeper'],
    [part('kyverno.io/v1', 'ClusterPolicy'), 'Kyverno'],
    [part('v1', 'ConfigMap'), 'apply it as it is'],
    [{ metadata: { name: 'x' } }, 'apply it as it is'],
  ])('%j says what to do with it, and the others are translated', (written, says) => {
    const { rows, names } = imported([policy('web', [written, configuration('one')])]);
    expect(rows[0]).toMatchObject({ result: 'Not translated', notes: [{ reason: 'OtherKind' }] });
    expect(rows[0]?.notes[0]?.text).toContain(says);
    expect(names).toEqual(['web']);
  });
});

describe('dependencies', () => {
  const on = (compliance: string) => [{ apiVersion: api, kind: 'Policy', name: 'first', compliance }];
  const withExtra = (compliance: string) => {
    const templates = [
      { objectDefinition: configuration('one'), extraDependencies: on(compliance), ignorePending: true },
    ];
    return policy('web', [], { 'policy-templates': templates });
  };
  test('on compliance are an order, which a baseline does not keep', () => {
    const { told } = imported([policy('web', [configuration('one')], { dependencies: on('Compliant') })]);
    expect(told[0]).toEqual(['Policy (settings)', 'Translated with notes', 'Dependencies']);
    expect(imported([withExtra('Compliant')]).told[0]).toEqual([
      'one (template)',
      'Translated with notes',
      'Dependencies',
      'Propagation',
    ]);
  });
  test('on anything else are a condition, without which it would say something else', () => {
    const whole = imported([policy('web', [configuration('one')], { dependencies: on('NonCompliant') })]);
    expect(whole).toMatchObject({ names: [], told: [['Policy', 'Not translated', 'Conditional']] });
    expect(imported([withExtra('Pending')]).told).toEqual([
      ['ConfigurationPolicy one', 'Not translated', 'Conditional'],
    ]);
  });
});

test('fields for the way from the hub, and unknown ones, have a note', () => {
  const spec = { copyPolicyMetadata: false, hubTemplateOptions: { serviceAccountName: 'x' }, other: 1 };
  expect(imported([policy('web', [configuration('one')], spec)]).told[0]).toEqual([
    'Policy (settings)',
    'Translated with notes',
    'Propagation',
    'Propagation',
    'UnknownField',
  ]);
});

describe('what is broken is told', () => {
  test.each<[string, unknown, string]>([
    ['no spec', { apiVersion: api, kind: 'Policy', metadata: { name: 'a' } }, 'NoObjects'],
    ['no parts', policy('a', []), 'NoObjects'],
    ['a part of text', { ...policy('a', []), spec: { 'policy-templates': ['x'] } }, 'Malformed'],
    ['no spec in the part', policy('a', [{ apiVersion: api, kind: 'ConfigurationPolicy' }]), 'Malformed'],
    ['no objects', configuration('a', { 'object-templates': [] }), 'NoObjects'],
    ['objects of text', configuration('a', { 'object-templates': 'x' }), 'NoObjects'],
  ])('%s', (_what, written, reason) => {
    expect(imported([written])).toMatchObject({ names: [], rows: [{ result: 'Not translated', notes: [{ reason }] }] });
  });
});
