import { describe, expect, test } from '@jest/globals';
import { translateObject, type Outcome, type Shared } from './objectTemplate.ts';
import type { Reason } from './report.ts';
import { selectionOf } from './selection.ts';

const cluster = { objects: [] };
const bare: Shared = { controls: [], selection: selectionOf(undefined, cluster), areTemplatesDisabled: false, cluster };
const shared: Shared = {
  ...bare,
  severity: 'High',
  controls: ['CIS:1'],
  selection: selectionOf({ include: ['apps-*'] }, cluster),
};

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' }, data: { x: '1' } };
const item = (objectDefinition: unknown, others: object = {}) => ({
  complianceType: 'musthave',
  objectDefinition,
  ...others,
});

function translated(outcome: Outcome) {
  if (outcome.is === 'refused') throw new Error(outcome.reason.text);
  return { ...outcome, notes: outcome.notes.map(({ reason }) => reason) };
}

describe('what is translated', () => {
  test.each([
    ['musthave', 'MustContain'],
    ['MustNotHave', 'MustNotHave'],
    ['mustonlyhave', 'MustOnlyHave'],
    ['Mustonlyhave', 'MustOnlyHave'],
  ])('complianceType %s is %s', (complianceType, match) => {
    expect(translated(translateObject(item(configMap, { complianceType }), bare)).object.match).toBe(match);
  });

  test('an object with a namespace, as it is', () => {
    expect(translated(translateObject(item(configMap), shared))).toEqual({
      is: 'translated',
      isNeverCorrected: false,
      object: { severity: 'High', controls: ['CIS:1'], match: 'MustContain', template: configMap },
      notes: [],
    });
  });

  test('one without a namespace is in those of the selector', () => {
    const { object, notes } = translated(translateObject(item({ ...configMap, metadata: { name: 'a' } }), shared));
    expect(object).toMatchObject({ namespaceSelector: { include: ['apps-*'] }, template: { metadata: { name: 'a' } } });
    expect(notes).toEqual([]);
  });

  test('one of a kind without namespaces takes neither', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod', namespace: 'prod' } };
    const { object, notes } = translated(translateObject(item(namespace), shared));
    expect(object).not.toHaveProperty('namespaceSelector');
    expect(object.template).toEqual({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } });
    expect(notes).toEqual(['Scope']);
  });

  test('objectSelector counts without a name only', () => {
    const objectSelector = { matchLabels: { app: 'web' } };
    const unnamed = { ...configMap, metadata: { namespace: 'b' } };
    const one = translated(translateObject(item(unnamed, { objectSelector }), bare));
    expect(one).toMatchObject({ isNeverCorrected: false, object: { objectSelector }, notes: [] });
    const other = translated(translateObject(item(configMap, { objectSelector }), bare));
    expect(other.object).not.toHaveProperty('objectSelector');
    expect(other.notes).toEqual(['ObjectSelector']);
  });

  test('without a name and a selector it is only shown, because Open Cluster Management never writes by it', () => {
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { namespace: 'b' }, reason: 'FailedAdmission' };
    const forbidden = translated(translateObject(item(event, { complianceType: 'mustnothave' }), bare));
    expect(forbidden).toMatchObject({ isNeverCorrected: true, object: { match: 'MustNotHave' }, notes: [] });
    for (const complianceType of ['musthave', 'mustonlyhave'])
      expect(translated(translateObject(item(event, { complianceType }), bare))).toMatchObject({
        isNeverCorrected: true,
        object: { match: 'MustExist', template: event },
      });
  });

  test('mustnothave is about the name alone, where there is one', () => {
    const { object, notes } = translated(
      translateObject(item({ ...configMap, data: { x: '1' } }, { complianceType: 'mustnothave' }), bare),
    );
    expect(object.template).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' } });
    expect(notes).toEqual(['Fields']);
  });

  test.each<[string, object, object]>([
    ['rbac.authorization.k8s.io/v1', { kind: 'RoleBinding', roleRef: { name: 'x' } }, { subjects: null }],
    ['rbac.authorization.k8s.io/v1', { kind: 'Role', rules: [] }, {}],
    ['v1', { kind: 'ConfigMap', data: {} }, { binaryData: null, immutable: null }],
    ['apps/v1', { kind: 'Deployment', spec: {} }, {}],
  ])('mustonlyhave is about fields that the template does not name, too: %s %j', (apiVersion, fields, absent) => {
    const definition = { apiVersion, metadata: { name: 'a', namespace: 'b' }, ...fields };
    const { object, notes } = translated(translateObject(item(definition, { complianceType: 'mustonlyhave' }), bare));
    expect(object.template).toEqual({ ...definition, ...absent });
    expect(notes).toEqual([]);
  });

  test('whole numbers beyond those of JavaScript stay what they are', () => {
    const big = { ...configMap, spec: { n: 9007199254740993n, low: -(2n ** 63n) } };
    expect(translated(translateObject(item(big), bare)).object.template).toEqual(big);
  });

  test('braces are text where templates are disabled', () => {
    const rule = { ...configMap, data: { x: '{{ $labels.job }}' } };
    expect(translated(translateObject(item(rule), { ...bare, areTemplatesDisabled: true })).object.template).toEqual(
      rule,
    );
  });
});

describe('what means something else has a note', () => {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'a', namespace: 'b' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'b' },
    spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }] },
  };
  const two = { ...role, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] };
  const labelled = { ...configMap, metadata: { ...configMap.metadata, labels: { a: 'b' } } };
  const custom = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { parts: [1] } };
  const cases: [string, object, object, Reason[]][] = [
    ['a list of musthave', role, {}, []],
    ['any list of mustnothave', role, { complianceType: 'mustnothave' }, ['Fields']],
    ['a list of a CRD, and a selector that may be wrong', custom, {}, ['Scope']],
    ['null', { ...configMap, data: null }, {}, ['Comparison']],
    ['null deep within', { ...pod, spec: { containers: [{ name: 'c', env: null }] } }, {}, ['Comparison']],
    ['mustonlyhave', configMap, { complianceType: 'mustonlyhave' }, []],
    ['mustonlyhave with a list of one item', role, { complianceType: 'mustonlyhave' }, []],
    ['mustonlyhave with a list of which the order counts', two, { complianceType: 'mustonlyhave' }, ['Lists']],
    ['mustonlyhave of a CRD', custom, { complianceType: 'mustonlyhave' }, ['Scope', 'Comparison']],
    ['mustonlyhave with a status', { ...pod, status: {} }, { complianceType: 'mustonlyhave' }, ['Comparison']],
    ['mustonlyhave with labels', labelled, { complianceType: 'mustonlyhave' }, ['Comparison']],
    [
      'mustonlyhave with labels among others',
      labelled,
      { complianceType: 'mustonlyhave', metadataComplianceType: 'musthave' },
      [],
    ],
    ['labels and no others', labelled, { metadataComplianceType: 'mustonlyhave' }, ['Comparison']],
    ['labels among others', labelled, { metadataComplianceType: 'musthave' }, []],
    [
      'mustnothave without a name, and a field that is often left out',
      { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'b' }, spec: { hostNetwork: false } },
      { complianceType: 'mustnothave' },
      ['Comparison'],
    ],
    ['recordDiff', configMap, { recordDiff: 'None' }, ['RecordDiff']],
    ['recreateOption', configMap, { recreateOption: 'IfRequired' }, ['Recreate']],
    ['recreateOption None', configMap, { recreateOption: 'None' }, []],
    ['an unknown field', configMap, { remediationAction: 'inform' }, ['UnknownField']],
    [
      'other metadata',
      { ...configMap, metadata: { ...configMap.metadata, creationTimestamp: '', finalizers: ['x'] } },
      {},
      ['Metadata', 'Creation'],
    ],
  ];
  test.each(cases)('%s', (_what, definition, others, reasons) => {
    expect(translated(translateObject(item(definition, others), shared)).notes).toEqual(reasons);
  });

  test('a namespaced object for which nobody says a namespace', () => {
    const { notes, object } = translated(translateObject(item({ ...configMap, metadata: { name: 'a' } }), bare));
    expect(notes).toEqual(['NoNamespace']);
    expect(object).not.toHaveProperty('namespaceSelector');
  });

  test('a kind that is not known, without any namespace, is taken for one without', () => {
    expect(translated(translateObject(item({ ...custom, spec: {} }), bare)).notes).toEqual([]);
  });
});

describe('what cannot be translated says why', () => {
  const refusedCases: [string, unknown, Reason, string][] = [
    ['no object', { complianceType: 'musthave' }, 'Malformed', 'objectDefinition'],
    ['a text', 'x', 'Malformed', 'objectDefinition'],
    ['no complianceType', { objectDefinition: configMap }, 'Malformed', 'musthave, mustnothave, mustonlyhave'],
    ['another complianceType', item(configMap, { complianceType: 'mayhave' }), 'Malformed', 'complianceType'],
    ['no kind', item({ apiVersion: 'v1', metadata: { name: 'a' } }), 'Malformed', 'has no kind; add it'],
    ['an empty kind', item({ apiVersion: 'v1', kind: '', metadata: {} }), 'Malformed', 'has no kind; add it'],
    ['no kind and no version', item({ metadata: {} }), 'Malformed', 'has no apiVersion and no kind; add them'],
    ['a wrong apiVersion', item({ ...configMap, apiVersion: 'V1' }), 'Malformed', 'template.apiVersion must match'],
    ['a template', item({ ...configMap, data: { x: '{{ fromSecret "a" "b" "c" }}' } }), 'GoTemplate', 'data.x'],
    [
      'a template in the name',
      item({ ...configMap, metadata: { name: 'a-{{hub x hub}}' } }),
      'HubTemplate',
      'metadata.name',
    ],
    ['a name with a pattern', item({ ...configMap, metadata: { name: 'a*' } }), 'Name', 'metadata.name is "a*"'],
    ['a placeholder', item({ ...configMap, metadata: { name: 'a', namespace: '<ns>' } }), 'Name', 'metadata.namespace'],
    ['a number as name', item({ ...configMap, metadata: { name: 5 } }), 'Name', 'metadata.name is 5'],
    [
      'none of a kind at all',
      item({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'b' } }, { complianceType: 'mustnothave' }),
      'ForbidsAll',
      'every Pod',
    ],
    [
      'a number beyond 64 bits',
      item({ ...configMap, data: { x: 2n ** 63n } }),
      'Number',
      'data.x is 9223372036854775808',
    ],
    ['infinity', item({ ...configMap, data: { x: Infinity } }), 'Number', 'data.x is Infinity'],
    ['much text', item({ ...configMap, data: { x: 'x'.repeat(700_000) } }), 'TooLarge', 'split it'],
    [
      'a selector of objects without values',
      item({ ...configMap, metadata: {} }, { objectSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }),
      'Malformed',
      'objectSelector.matchExpressions[0] is In without values, which is an error in OCM, too',
    ],
    [
      'a wrong selector of objects',
      item(
        { ...configMap, metadata: { namespace: 'b' } },
        { objectSelector: { matchExpressions: [{ key: 'a', operator: 'Gt' }] } },
      ),
      'Malformed',
      'objectSelector.matchExpressions[0].operator must be one of',
    ],
  ];
  test.each(refusedCases)('%s', (_what, written, reason, says) => {
    const outcome = translateObject(written, shared);
    expect(outcome).toMatchObject({ is: 'refused', reason: { reason } });
    expect(outcome.is === 'refused' && outcome.reason.text).toContain(says);
  });

  test('a selector that cannot be translated stops only objects that need it', () => {
    const stuck = { ...bare, selection: selectionOf({ include: ['[ab]'] }, cluster) };
    expect(translateObject(item({ ...configMap, metadata: { name: 'a' } }), stuck)).toMatchObject({
      is: 'refused',
      reason: { reason: 'Selector' },
    });
    expect(translateObject(item(configMap), stuck).is).toBe('translated');
  });
});
