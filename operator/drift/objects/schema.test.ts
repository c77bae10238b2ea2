import { describe, expect, test } from '@jest/globals';
import { openApi, thingKind, thingSchema } from '../../../test/builders/thing.ts';
import { schemaOf, type FieldSchema } from './schema.ts';

function at(field: FieldSchema | undefined, ...names: string[]): FieldSchema | undefined {
  return names.reduce<FieldSchema | undefined>(
    (found, name) => found?.shape.fields?.get(name) ?? (name === '[]' ? found?.shape.items : found?.shape.values),
    field,
  );
}
const document = (schema: object) => ({
  components: { schemas: { Root: { ...schema, 'x-kubernetes-group-version-kind': [thingKind] } } },
});

describe('a schema', () => {
  test.each([
    ['limits', 'cpu', 'quantity'],
    ['timeout', undefined, 'duration'],
    ['wait', undefined, 'duration'],
    ['since', undefined, 'time'],
    ['bytes', undefined, 'bytes'],
    ['crdSize', undefined, 'quantity'],
    ['name', undefined, undefined],
  ])('knows what %s %s is: %s', (name, entry, scalar) => {
    expect(at(thingSchema, 'spec', name, ...(entry ? [entry] : []))?.shape.scalar).toBe(scalar);
  });
  test('knows how lists and objects are merged, and the defaults of fields, not of items', () => {
    expect(at(thingSchema, 'spec', 'containers')?.shape).toMatchObject({ list: 'map', keys: ['name'] });
    expect(at(thingSchema, 'spec', 'merged')?.shape).toMatchObject({ list: 'map', keys: ['type'] });
    expect(at(thingSchema, 'spec', 'tags')?.shape).toMatchObject({ list: 'set' });
    expect(at(thingSchema, 'spec', 'args')?.shape).toMatchObject({ list: 'atomic' });
    expect(at(thingSchema, 'spec', 'selector')?.atomic).toBe(true);
    expect(at(thingSchema, 'spec', 'containers', '[]', 'ports', '[]', 'protocol')?.default).toBe('TCP');
    expect(at(thingSchema, 'spec', 'tags', '[]')?.default).toBeUndefined();
    expect(at(thingSchema, 'spec', 'selector', 'matchLabels', 'any')?.default).toBeUndefined();
  });
  test('of a type that contains itself is one that contains itself', () => {
    const tree = at(thingSchema, 'spec', 'tree');
    expect(at(tree, 'left', 'left', 'children', 'x', 'left')?.shape).toBe(tree?.shape);
  });
  test.each([
    ['another kind', openApi, { ...thingKind, kind: 'Other' }],
    ['another version', openApi, { ...thingKind, version: 'v2' }],
    ['another group', openApi, { ...thingKind, group: '' }],
    ['no document', undefined, thingKind],
    ['a document without types', { components: {} }, thingKind],
    ['text', '{}', thingKind],
  ])('of %s is not known', (_what, given, kind) => {
    expect(schemaOf(given, kind)).toBeUndefined();
  });
  test.each([
    ['a reference to nothing', { properties: { a: { $ref: '#/components/schemas/Nothing' } } }],
    ['a reference to what every object inherits', { properties: { a: { $ref: '#/components/schemas/constructor' } } }],
    ['references in a circle', { $ref: '#/components/schemas/Root' }],
    ['nonsense', { properties: { a: 5, b: null, c: [] }, additionalProperties: true, items: [], allOf: 'x' }],
    [
      'map keys of nonsense',
      { properties: { a: { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': 'x' } } },
    ],
  ])('with %s knows nothing there', (_what, schema) => {
    const field = at(schemaOf(document(schema), thingKind), 'a');
    expect(field?.shape.fields).toBeUndefined();
    expect(field?.shape.list ?? 'atomic').toBe('atomic');
  });
  test('ends where a document nests without end', () => {
    let deep: object = { type: 'string' };
    for (let depth = 0; depth < 5000; depth += 1) deep = { properties: { a: deep } };
    expect(at(schemaOf(document(deep), thingKind), ...Array<string>(100).fill('a'))?.shape.fields).toBeDefined();
    expect(at(schemaOf(document(deep), thingKind), ...Array<string>(300).fill('a'))).toBeUndefined();
  });
});
