import { describe, expect, test } from '@jest/globals';
import { translateObject, type Outcome, type Shared } from './objectTemplate.ts';
import type { Reason } from './report.ts';
import { selectionOf } from './selection.ts';

const shared: Shared = {
  mode: 'Enforce',
  severity: 'High',
  controls: ['CIS:1'],
  selection: selectionOf({ include: ['apps-*'] }),
  areTemplatesDisabled: false,
};
const bare: Shared = { mode: 'Enforce', controls: [], selection: selectionOf(undefined), areTemplatesDisabled: false };

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
    ['musthave', 'MustHave'],
    ['MustNotHave', 'MustNotHave'],
    ['mustonlyhave', 'MustOnlyHave'],
    ['Mustonlyhave', 'MustOnlyHave'],
  ])('complianceType %s is %s', (complianceType, match) => {
    expect(translated(translateObject(item(configMap, { complianceType }), bare)).object.match).toBe(match);
  });

  test('an object with a namespace, as it is', () => {
    expect(translated(translateObject(item(configMap), shared))).toEqual({
      is: 'translated',
      mode: 'Enforce',
      object: { severity: 'High', controls: ['CIS:1'], match: 'MustHave', template: configMap },
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
    expect(one).toMatchObject({ mode: 'Enforce', object: { objectSelector }, notes: [] });
    const other = translated(translateObject(item(configMap, { objectSelector }), bare));
    expect(other.object).not.toHaveProperty('objectSelector');
    expect(other.notes).toEqual(['ObjectSelector']);
  });

  test('MustNotHave without a name is only shown, because Open Cluster Management never deletes by it', () => {
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { namespace: 'b' }, reason: 'FailedAdmission' };
    const outcome = translated(translateObject(item(event, { complianceType: 'mustnothave' }), bare));
    expect(outcome).toMatchObject({ mode: 'Inform', notes: ['InformOnly'] });
    const shown = translated(
      translateObject(item(event, { complianceType: 'mustnothave' }), { ...bare, mode: 'Inform' }),
    );
    expect(shown).toMatchObject({ mode: 'Inform', notes: [] });
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
  const withArgs = { ...pod, spec: { containers: [{ name: 'c', args: ['-v'] }] } };
  const labelled = { ...configMap, metadata: { ...configMap.metadata, labels: { a: 'b' } } };
  const custom = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { parts: [1] } };
  const cases: [string, object, object, Reason[]][] = [
    ['a list that is replaced as a whole', role, {}, ['Lists']],
    ['lists that are merged by keys', pod, {}, []],
    ['a list within those', withArgs, {}, ['Lists']],
    ['any list of MustNotHave', role, { complianceType: 'mustnothave' }, []],
    ['a list of a CRD, and a selector that may be wrong', custom, {}, ['Scope', 'Lists']],
    ['MustOnlyHave', configMap, { complianceType: 'mustonlyhave' }, ['Comparison']],
    ['MustOnlyHave with labels', labelled, { complianceType: 'mustonlyhave' }, ['Comparison', 'Comparison']],
    [
      'MustOnlyHave with labels among others',
      labelled,
      { complianceType: 'mustonlyhave', metadataComplianceType: 'musthave' },
      ['Comparison'],
    ],
    ['labels and no others', labelled, { metadataComplianceType: 'mustonlyhave' }, ['Comparison']],
    ['labels among others', labelled, { metadataComplianceType: 'musthave' }, []],
    ['recordDiff', configMap, { recordDiff: 'None' }, ['RecordDiff']],
    ['recreateOption', configMap, { recreateOption: 'IfRequired' }, ['Recreate']],
    ['recreateOption None', configMap, { recreateOption: 'None' }, []],
    ['an unknown field', configMap, { remediationAction: 'inform' }, ['UnknownField']],
    [
      'other metadata',
      { ...configMap, metadata: { ...configMap.metadata, creationTimestamp: '', finalizers: ['x'] } },
      {},
      ['Metadata'],
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
    ['no kind', item({ apiVersion: 'v1', metadata: { name: 'a' } }), 'Malformed', 'template.kind is required'],
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
    ['at least one', item({ ...configMap, metadata: { namespace: 'b' } }), 'AtLeastOne', 'at least one ConfigMap'],
    [
      'none of a kind at all',
      item({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'b' } }, { complianceType: 'mustnothave' }),
      'ForbidsAll',
      'every Pod',
    ],
    ['a long number', item({ ...configMap, data: { x: 9007199254740993n } }), 'Number', 'data.x is 9007199254740993'],
    ['infinity', item({ ...configMap, data: { x: Infinity } }), 'Number', 'data.x is Infinity'],
    ['much text', item({ ...configMap, data: { x: 'x'.repeat(700_000) } }), 'TooLarge', 'split it'],
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
    const stuck = { ...bare, selection: selectionOf({ include: ['[ab]'] }) };
    expect(translateObject(item({ ...configMap, metadata: { name: 'a' } }), stuck)).toMatchObject({
      is: 'refused',
      reason: { reason: 'Selector' },
    });
    expect(translateObject(item(configMap), stuck).is).toBe('translated');
  });
});
