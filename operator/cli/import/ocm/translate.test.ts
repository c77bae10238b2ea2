import { describe, expect, test } from '@jest/globals';
import { api, configuration, imported, object, policy } from '../../../../test/builders/ocm.ts';
import { yamlOf } from './baselines.ts';

describe('a Policy becomes a baseline', () => {
  test('with all its parts, and nothing to tell', () => {
    const { names, specs, told, made } = imported([policy('web', [configuration('one'), configuration('two')])]);
    expect(names).toEqual(['web']);
    expect(specs).toEqual([
      {
        serviceAccountRef: { namespace: 'platform', name: 'writer' },
        mode: 'Inform',
        objects: ['one', 'two'].map((name) => ({
          name,
          match: 'MustContain',
          template: object(name).objectDefinition,
        })),
      },
    ]);
    expect(told).toEqual([
      ['one[0] ConfigMap b/one', 'Translated'],
      ['two[0] ConfigMap b/two', 'Translated'],
    ]);
    expect(made[0]?.comments).toEqual(['Policy policies/web, from 0.yaml']);
  });

  test('a ConfigurationPolicy on its own does, too', () => {
    expect(imported([configuration('one')])).toMatchObject({ names: ['one'], specs: [{ mode: 'Inform' }] });
  });

  test('a disabled one is suspended', () => {
    const { specs } = imported([policy('web', [configuration('one')], { disabled: true })]);
    expect(specs[0]?.suspend).toEqual({ reason: 'Policy policies/web was disabled when it was imported' });
  });

  test('several objects of a part are told apart by kind and name', () => {
    const part = configuration('many', { 'object-templates': [object('x'), object('x'), object('Y.y')] });
    const { specs } = imported([policy('web', [part])]);
    expect(specs[0]?.objects?.map(({ name }) => name)).toEqual([
      'many-configmap-b-x',
      'many-configmap-b-x-2',
      'many-configmap-b-y-y',
    ]);
  });

  test('more objects than a baseline can hold go into the next', () => {
    const many = Array.from({ length: 230 }, (_, index) => object(`c${index}`));
    const { names, specs } = imported([policy('web', [configuration('many', { 'object-templates': many })])]);
    expect(names).toEqual(['web', 'web-2', 'web-3']);
    expect(specs.map(({ objects }) => objects?.length)).toEqual([100, 100, 30]);
  });

  test('more text than a baseline can hold goes into the next', () => {
    const long = (name: string) => {
      const { objectDefinition } = object(name);
      return {
        complianceType: 'musthave',
        objectDefinition: { ...objectDefinition, data: { x: 'x'.repeat(250_000) } },
      };
    };
    const part = configuration('many', { 'object-templates': [long('a'), long('b'), long('c')] });
    expect(imported([policy('web', [part])]).specs.map(({ objects }) => objects?.length)).toEqual([2, 1]);
  });
});

describe('the mode: of the user, of the Policy, of its part', () => {
  test.each([
    { wish: undefined, ofPolicy: undefined, ofPart: undefined, mode: 'Inform' },
    { wish: undefined, ofPolicy: undefined, ofPart: 'Enforce', mode: 'Enforce' },
    { wish: undefined, ofPolicy: 'inform', ofPart: 'enforce', mode: 'Inform' },
    { wish: undefined, ofPolicy: 'InformOnly', ofPart: 'enforce', mode: 'Inform' },
    { wish: undefined, ofPolicy: 'enforce', ofPart: 'inform', mode: 'Enforce' },
    { wish: undefined, ofPolicy: '', ofPart: 'enforce', mode: 'Enforce' },
    { wish: 'Inform' as const, ofPolicy: 'enforce', ofPart: 'enforce', mode: 'Inform' },
    { wish: 'Enforce' as const, ofPolicy: 'inform', ofPart: undefined, mode: 'Enforce' },
  ])('$wish, $ofPolicy, $ofPart: $mode', ({ wish, ofPolicy, ofPart, mode }) => {
    const written = policy('web', [configuration('one', { remediationAction: ofPart })], {
      remediationAction: ofPolicy,
    });
    const { specs, told } = imported([written], wish && { mode: wish });
    expect(specs[0]?.mode).toBe(mode);
    expect(told).toHaveLength(1);
  });

  test('what is neither is only shown, and told', () => {
    const { specs, told } = imported([configuration('one', { remediationAction: '{{hub x hub}}' })]);
    expect(specs[0]?.mode).toBe('Inform');
    expect(told[0]).toEqual(['one (settings)', 'Translated with notes', 'RemediationAction']);
  });
});

describe('a Policy is split where its parts differ', () => {
  const enforced = { remediationAction: 'enforce' };
  const event = {
    complianceType: 'mustnothave',
    objectDefinition: { apiVersion: 'v1', kind: 'Event', metadata: { namespace: 'b' }, reason: 'Failed' },
  };
  test.each([
    ['in mode', [{}, enforced, {}], ['web-inform', 'web-enforce']],
    [
      'in prune',
      [
        { ...enforced, pruneObjectBehavior: 'DeleteAll' },
        { ...enforced, pruneObjectBehavior: 'None' },
      ],
      ['web-all', 'web-keep'],
    ],
    [
      'in both',
      [{}, { ...enforced, pruneObjectBehavior: 'DeleteIfCreated' }],
      ['web-inform-keep', 'web-enforce-created'],
    ],
    [
      'by an object without a name',
      [{ ...enforced, 'object-templates': [object('a'), event] }],
      ['web-enforce', 'web-inform'],
    ],
  ])('%s', (_how, specs, names) => {
    const parts = specs.map((spec, index) => configuration(`p${index}`, spec));
    expect(imported([policy('web', parts)], { accepted: new Set(['Prune']) }).names).toEqual(names);
  });
});

describe('prune', () => {
  test.each([
    ['DeleteAll', 'All'],
    ['DeleteIfCreated', 'Created'],
  ])('%s is %s, with a note on what differs', (pruneObjectBehavior, prune) => {
    const { specs, told } = imported([configuration('one', { pruneObjectBehavior, remediationAction: 'enforce' })]);
    expect(specs[0]?.prune).toBe(prune);
    expect(told[0]).toEqual(['one (settings)', 'Translated with notes', 'Prune']);
  });
  test('None is the default, and another word is told', () => {
    expect(imported([configuration('one', { pruneObjectBehavior: 'None' })]).told).toHaveLength(1);
    const { specs, told } = imported([configuration('one', { pruneObjectBehavior: 'Some' })]);
    expect(specs[0]).not.toHaveProperty('prune');
    expect(told[0]).toContain('Prune');
  });
});

describe('documents', () => {
  const other = (apiVersion: string, kind: string, more: object = {}) => ({
    apiVersion,
    kind,
    metadata: { name: 'x' },
    ...more,
  });
  test.each([
    [other('cluster.open-cluster-management.io/v1beta1', 'Placement'), 'Not needed', ['Placement']],
    [other('apps.open-cluster-management.io/v1', 'PlacementRule'), 'Not needed', ['Placement']],
    [other(api, 'PlacementBinding'), 'Not needed', ['Placement']],
    [
      other(api, 'PlacementBinding', { bindingOverrides: { remediationAction: 'enforce' } }),
      'Not needed',
      ['Placement', 'RemediationAction'],
    ],
    [other(api, 'PolicySet'), 'Not needed', ['Placement']],
    [other(api, 'PolicyGenerator'), 'Not translated', ['Generator']],
    [other(api, 'PolicyAutomation'), 'Not translated', ['OtherKind']],
    [other(api, 'OperatorPolicy'), 'Not translated', ['OtherKind']],
  ])('%j', (document, result, reasons) => {
    expect(imported([document]).told).toEqual([[document.kind, result, ...reasons]]);
  });

  test('that are no policies are counted by kind', () => {
    const { skipped, rows } = imported([other('v1', 'Secret'), other('kyverno.io/v1', 'Policy'), 'text', [1], {}]);
    expect({ skipped, rows }).toEqual({
      skipped: ['Secret', 'Policy', 'without a kind', 'without a kind', 'without a kind'],
      rows: [],
    });
  });

  test('in a List are documents', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [policy('a', [configuration('one')]), configuration('b')] };
    expect(imported([list])).toMatchObject({
      names: ['a', 'b'],
      made: [{ comments: ['Policy policies/a, from 0.yaml, item 1'] }, {}],
    });
  });

  test('of the same name are both translated, and the second says so', () => {
    const { names, told, rows } = imported([
      configuration('a'),
      configuration('a'),
      policy('a', [configuration('one')]),
    ]);
    expect(names).toEqual(['a', 'a-2', 'a-3']);
    expect(told.filter((row) => row.includes('Duplicate'))).toHaveLength(1);
    expect(rows[1]?.notes[0]?.text).toBe(
      '0.yaml has a ConfigurationPolicy of the same name; this one became a-2: keep one of them',
    );
  });
});

test('names are made valid, with the prefix of the user', () => {
  const { names, told } = imported(
    [policy('Web_Policy.v1', [configuration('cfg-{{ .x }}-a', { 'object-templates': [object('a')] })])],
    { prefix: 'ocm-' },
  );
  expect(names).toEqual(['ocm-web-policy-v1']);
  expect(told[0]).toEqual(['cfg-{{ .x }}-a (settings)', 'Translated with notes', 'Name']);
  expect(imported([policy('x'.repeat(200), [configuration('y'.repeat(200))])]).names[0]).toHaveLength(63);
});

test('what the reader of the file should know stands above the baseline, on one line each', () => {
  const written = policy('web\nkind: Evil', [
    configuration('one', { customMessage: { compliant: 'x' } }),
    { apiVersion: api, kind: 'IamPolicy', metadata: { name: 'a\nb: c' } },
  ]);
  const lines = yamlOf(imported([written]).made).split('\n');
  const comments = lines.slice(1, lines.indexOf('apiVersion: holdfast.dev/v1alpha1'));
  expect(comments.map((line) => line.slice(0, 60))).toEqual([
    '# Policy policies/web kind: Evil, from 0.yaml',
    '# one (settings): customMessage: findings have messages of H',
    '# IamPolicy a b: c: not translated: IamPolicy: it counts the',
  ]);
});
