import { describe, expect, test } from '@jest/globals';
import { controlsOf, keptAnnotations } from './controls.ts';
import { Names } from './names.ts';
import { scopeOf } from './scope.ts';
import { selectionOf } from './selection.ts';
import type { Cluster } from './templating.ts';

const none: Cluster = { objects: [] };
const domain = 'policy.open-cluster-management.io';

describe('controls come from the annotations', () => {
  const policy = (standards: string, controls: string) => ({
    metadata: { annotations: { [`${domain}/standards`]: standards, [`${domain}/controls`]: controls, other: 'x' } },
  });
  test.each([
    ['NIST SP 800-53', 'CM-2 Baseline Configuration', ['NIST-800-53:CM-2']],
    ['NIST 800-53', 'AC-6(2), AC-6 (10) Something', ['NIST-800-53:AC-6(2)', 'NIST-800-53:AC-6(10)']],
    ['NIST 800-53, NIST-CSF', 'CM-2 Baseline, PR.IP-1 Baseline', ['NIST-800-53:CM-2', 'NIST-CSF:PR.IP-1']],
    ['NIST-CSF', 'CM-2 Baseline', ['CM-2']],
    ['CIS', '5.1.20, 5.1.21', ['CIS:5.1.20', 'CIS:5.1.21']],
    ['ISO/IEC 27001, CIS', 'A.12.4.1', ['A.12.4.1']],
    ['', 'Our own rule\n 7', ['Our own rule 7']],
    ['CIS', '1, 1', ['CIS:1']],
    ['CIS', '', []],
  ])('%s: %s', (standards, controls, expected) => {
    expect(controlsOf(policy(standards, controls))).toEqual({ controls: expected, notes: [] });
  });

  test('what is too many or too long is named', () => {
    const many = Array.from({ length: 18 }, (_, index) => `c${index}`);
    const { controls, notes } = controlsOf(policy('', [...many, 'x'.repeat(129)].join(',')));
    expect(controls).toEqual(many.slice(0, 16));
    expect(notes[0]?.text).toContain(`c16, c17, ${'x'.repeat(129)}`);
  });

  test('the annotations stay, and no others', () => {
    expect(keptAnnotations(policy('CIS', '1'))).toEqual({
      [`${domain}/standards`]: 'CIS',
      [`${domain}/controls`]: '1',
    });
    expect(keptAnnotations({ metadata: { annotations: { [`${domain}/standards`]: 3 } } })).toBeUndefined();
  });
});

describe('names are valid and unique', () => {
  test.each([
    ['web', 'web'],
    ['Web_Server.v1', 'web-server-v1'],
    ['--a--', 'a'],
    ['cfg-{{ .ManagedClusterName }}-x', 'cfg-x'],
    ['x'.repeat(63), 'x'.repeat(63)],
  ])('%s becomes %s', (wanted, name) => {
    expect(new Names().free(wanted, 'id')).toBe(name);
  });

  test('what is too long, or has no letter, ends with a digest of what it stands for', () => {
    const names = new Names();
    const [one, two] = ['id 1', 'id 2'].map((identity) => names.free('x'.repeat(70), identity));
    expect(one).toMatch(/^x{54}-[0-9a-f]{8}$/);
    expect(two).not.toBe(one);
    expect(names.free('日本', 'id')).toMatch(/^item-[0-9a-f]{8}$/);
  });

  test('the second of a name has a number, and stays within the bound', () => {
    const names = new Names();
    const wanted = ['a', 'a', 'a', 'x'.repeat(63), 'x'.repeat(63)];
    expect(wanted.map((name) => names.free(name, name))).toEqual([
      'a',
      'a-2',
      'a-3',
      'x'.repeat(63),
      `${'x'.repeat(61)}-2`,
    ]);
  });
});

describe('namespaceSelector', () => {
  test.each([
    ['nothing', undefined, 'none'],
    ['an empty one', {}, 'none'],
    ['null', null, 'none'],
    ['an empty include', { include: [] }, 'none'],
  ])('%s selects no namespace', (_what, selector, is) => {
    expect(selectionOf(selector, none)).toEqual({ is, notes: [] });
  });

  test('one that only excludes selects no namespace, and that is told', () => {
    expect(selectionOf({ exclude: ['kube-*'] }, none)).toMatchObject({
      is: 'none',
      notes: [{ reason: 'NoNamespace' }],
    });
  });

  const expressions = [{ key: 'team', operator: 'Exists' }];
  test.each([
    ['names', { include: ['a-*'], exclude: ['a-x'] }, { include: ['a-*'], exclude: ['a-x'] }],
    ['labels', { matchLabels: { a: 'b' }, include: [] }, { matchLabels: { a: 'b' } }],
    ['no labels, which is all', { matchLabels: {} }, { matchLabels: {} }],
    [
      'expressions',
      { matchExpressions: expressions, exclude: ['b'] },
      { exclude: ['b'], matchExpressions: expressions },
    ],
    ['terminating', { include: ['a'], terminatingInclusion: 'Never' }, { include: ['a'] }],
  ])('%s', (_what, written, selector) => {
    expect(selectionOf(written, none)).toEqual({ is: 'some', selector, notes: [] });
  });

  test.each([
    ['a class of characters', { include: ['web-[ab]'] }, 'Selector'],
    ['an escape', { include: ['*'], exclude: ['a\\*'] }, 'Selector'],
    ['a template', { include: ['{{hub .ManagedClusterName hub}}'] }, 'HubTemplate'],
    ['a text', 'default', 'Malformed'],
    ['In without values', { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] }, 'Malformed'],
    ['NotIn without values', { matchExpressions: [{ key: 'a', operator: 'NotIn' }] }, 'Malformed'],
    ['Exists with values', { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }, 'Malformed'],
  ])('%s cannot be translated', (_what, written, reason) => {
    expect(selectionOf(written, none)).toMatchObject({ is: 'refused', reason: { reason } });
  });

  test.each([
    [{ include: ['*'], terminatingInclusion: 'IfMatch' }, 'Selector'],
    [{ include: ['*'], includes: ['a'] }, 'UnknownField'],
  ])('%j is translated with a note', (written, reason) => {
    expect(selectionOf(written, none)).toMatchObject({ is: 'some', notes: [{ reason }] });
  });
});

test.each([
  ['v1', 'Namespace', 'Cluster'],
  ['v1', 'ConfigMap', 'Namespaced'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'Cluster'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'Namespaced'],
  ['operator.openshift.io/v1', 'KubeAPIServer', 'Cluster'],
  ['operator.openshift.io/v1', 'IngressController', 'Namespaced'],
  ['config.openshift.io/v1', 'APIServer', 'Cluster'],
  ['example.com/v1', 'Thing', 'Unknown'],
  ['constructor/v1', 'Thing', 'Unknown'],
])('%s %s is %s', (apiVersion, kind, scope) => {
  expect(scopeOf(apiVersion, kind)).toBe(scope);
});
