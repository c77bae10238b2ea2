import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readTypes } from './readTypes.ts';
import { readField, readSpec } from './testdata/readSpec.ts';

const folder = 'operator/api/v1alpha1';
const everything = (name: string) => {
  const path = `${folder}/${name}.ts`;
  return [path, readFileSync(join(import.meta.dirname, 'testdata/everything', path), 'utf8')] as const;
};

describe('a set of type files', () => {
  const { kinds, problems } = readTypes(Object.fromEntries(['widget', 'note', 'shared'].map(everything)));
  const [note, widget] = kinds;

  test('gives its kinds in the order of their names, across imports and renamed imports', () => {
    expect(problems).toEqual([]);
    expect(kinds.map((kind) => kind.kind)).toEqual(['Note', 'Widget']);
    expect(widget?.schema.properties?.spec?.properties?.severity?.enum).toEqual(['Low', 'High', 'None']);
  });

  test('gives the names, the scope, the source and the description of a kind', () => {
    expect(widget).toMatchObject({
      plural: 'widgets',
      shortNames: ['wd', 'wdg'],
      namespaced: true,
      source: `${folder}/widget.ts`,
      description: 'A thing with every feature of the tag language. It exists for tests alone.',
    });
    expect(note).toMatchObject({ plural: 'notes', shortNames: [], namespaced: false });
  });

  test('gives columns with a filter, a description and a priority', () => {
    expect(widget?.columns).toEqual([
      {
        name: 'Ready',
        type: 'string',
        jsonPath: '.status.conditions[?(@.type=="Ready")].status',
        description: 'Whether it works.',
      },
      { name: 'Port', type: 'integer', jsonPath: '.spec.port' },
      { name: 'Last-Seen', type: 'date', jsonPath: '.status.lastSeenTime', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ]);
  });

  test('gives a status what its base has, and a kind without a status none', () => {
    const status = widget?.schema.properties?.status;
    expect(Object.keys(status?.properties ?? {})).toEqual(['lastSeenTime', 'observedGeneration', 'conditions']);
    expect(status?.properties?.conditions).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    });
    expect(note?.schema.properties).not.toHaveProperty('status');
  });

  test('gives rules of the kind at the root and rules of the spec at the spec', () => {
    expect(widget?.schema['x-kubernetes-validations']).toHaveLength(1);
    expect(note?.schema.properties?.spec?.['x-kubernetes-validations']?.[0]).toEqual({
      rule: 'self == oldSelf',
      message: '`spec` cannot be changed; delete and recreate the object',
    });
  });
});

describe('a kind that is not well declared is reported:', () => {
  test.each<[text: string, problem: string]>([
    ['/** X. */ export interface X extends Resource<S> {}', 'X: needs one tag of the form: @resource plural='],
    ['/** X. @resource plural=x scope=Global */ interface X extends Resource<S> {}', 'X: needs one tag of the form'],
    [
      '/** X. @resource plural=x scope=Cluster kind=Y */ interface X extends Resource<S> {}',
      "X: '@resource' has no option 'kind'",
    ],
    ['/** @resource plural=x scope=Cluster */ interface X extends Resource<S> {}', 'X: has no description'],
    [
      '/** X. @resource plural=x scope=Cluster */ interface X extends Resource {}',
      'X: has no spec; write extends Resource<',
    ],
    [
      "/** X. @resource plural=x scope=Cluster */ interface X extends Resource<S> { kind: 'Y' }",
      "X: its kind must be 'X'",
    ],
    [
      '/** X. @resource plural=x scope=Cluster */ interface X extends Resource<S> { a: 1 }',
      "X: 'a: 1' must be in the spec",
    ],
    [
      '/** X. @resource plural=x scope=Cluster */ interface X extends Resource<U> {}',
      "X.spec: has no description; write one above 'U'",
    ],
    [
      '/** X. @resource plural=x scope=Cluster @minLength 1 */ interface X extends Resource<S> {}',
      "X: '@minLength' does not fit object",
    ],
    [
      '/** X. @resource plural=x scope=Cluster @printcolumn A */ interface X extends Resource<S> {}',
      "X: '@printcolumn A': write it as",
    ],
    [
      '/** X. @resource plural=x scope=Cluster @sentence summary */ interface X extends Resource<S> {}',
      "X: '@sentence summary': write it as",
    ],
    [
      '/** X. @resource plural=x scope=Cluster @printcolumn A text .spec */ interface X extends Resource<S> {}',
      "X column A: type 'text'",
    ],
    [
      '/** X. @resource plural=x scope=Cluster @printcolumn A string .spec wide=1 */ interface X extends Resource<S> {}',
      "X column A: 'wide=1' is unknown; only priority=<number>",
    ],
    [
      '/** X. @resource plural=x shortName=x scope=Cluster */ interface X extends Resource<S> {}',
      'x: is the plural or short name of two',
    ],
  ])('%s', (text, problem) => {
    const declarations = '\n/** S. */ interface S {}\ninterface U {}';
    expect(readTypes({ 'x.ts': text + declarations }).problems).toContainEqual(expect.stringContaining(problem));
  });
});

describe('what the API server or a user would stumble over is reported:', () => {
  test.each<[type: string, tags: string, problem: string]>([
    ['string', '', ': the string has no bound; add @maxLength'],
    ['string', '@pattern ^a$', ': the string has no bound; add @maxLength'],
    ['Int32[]', '', ': the list has no bound; add @maxItems'],
    ['Record<string, Int32>', '', ': the map has no bound; add @maxProperties'],
    ['Item[]', '@maxItems 1', ': a list of objects needs @listType: map with @listMapKey, or atomic'],
    ['Item[]', '@maxItems 1 @listType set', ': @listType set is for lists of plain values; use map or atomic'],
    ['Item[]', '@maxItems 1 @listType map', ': @listType map needs @listMapKey <field>'],
    ['Item[]', '@maxItems 1 @listType atomic @listMapKey a', ': @listMapKey needs @listType map'],
    [
      'Item[]',
      '@maxItems 1 @listType map @listMapKey b',
      ": @listMapKey 'b' must be a required field or have a @default",
    ],
    [
      '{\n/** B. @default 1 */\nb?: Int32 }[]',
      '@maxItems 1 @listType atomic',
      ': a @default within a list without keys is a difference from Git for ever (Argo CD); use @listType map',
    ],
    ['Item[]', '@maxItems 1 @listType map @listMapKey z', ": @listMapKey 'z' is not a field of the items"],
    ['Int32[]', '@maxItems 1 @listType map', ': @listType map is for lists of objects; use set or atomic'],
    [
      'Fixed[]',
      '@maxItems 1 @listType set',
      '[]: a rule with oldSelf (also @immutable) cannot work in a list without keys',
    ],
  ])('%s with %s', (type, tags, problem) => {
    const declarations = `
      /** @immutable */
      type Fixed = Int32;
      interface Item {
        /** A. */
        a: boolean;
        /** B. */
        b?: boolean;
      }`;
    expect(readField(type, tags, declarations).problems).toContainEqual(
      expect.stringContaining(`Thing.spec.field${problem}`),
    );
  });

  test.each<[column: string, problem: string | undefined]>([
    ['One boolean .spec.list[0].a', undefined],
    ['One boolean .spec.list[?(@.a==true)].a', undefined],
    ['One boolean .spec.map.key', undefined],
    ['One boolean .spec.open.anything.goes', undefined],
    ['One boolean .metadata.labels.x', undefined],
    ['One boolean .spec.lists[0].a', "Thing column One: there is no field at '.spec.lists[0].a'; fix the path"],
    ['One boolean .spec.list.a', "Thing column One: there is no field at '.spec.list.a'; fix the path"],
    ['TWO boolean .spec.map.key', 'Thing column TWO: is defined twice; rename or remove one'],
  ])('column %s: %s', (column, problem) => {
    const fields = `
      /** L. @maxItems 1 @listType atomic */
      list?: {
        /** A. */
        a: boolean;
      }[];
      /** M. @maxProperties 1 */
      map?: Record<string, boolean>;
      /** O. @preserveUnknown */
      open?: unknown;`;
    const two = '@printcolumn Two date .metadata.creationTimestamp';
    const { problems } = readSpec(fields, '', [two, `@printcolumn ${column}`]);
    expect(problems).toEqual(problem ? [problem] : []);
  });
});

test('all problems are told together, each once', () => {
  const { problems } = readSpec('a?: string;\n/** B. @wrong */\nb?: number;\n/** C. */\nc?: string[];');
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'Thing.spec.a',
    'Thing.spec.b',
    'Thing.spec.a',
    'Thing.spec.c',
    'Thing.spec.c[]',
  ]);
});
