/** What editors and pipelines make of our files, by the schemas that are committed. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { load } from 'js-yaml';
import { resources } from '../api/generated/resources.ts';
import { editorSchema, editorSchemaPath } from './editorSchemas.ts';
import { readSpec } from './testdata/readSpec.ts';

interface Sample {
  kind: string;
  metadata: object;
  spec: object;
}

const root = resolve(import.meta.dirname, '../..');
const ajv = new Ajv({ strict: false, validateFormats: false });
const kinds = Object.keys(resources);
const validators = new Map<string, ValidateFunction>(
  kinds.map((kind) => [
    kind,
    ajv.compile(JSON.parse(readFileSync(join(root, editorSchemaPath({ kind })), 'utf8')) as object),
  ]),
);
const samples = globSync('manifests/samples/*.yaml', { cwd: root }).map((path) => {
  return [path, load(readFileSync(join(root, path), 'utf8')) as Sample] as const;
});

function problems(object: Sample): string[] {
  const validate = validators.get(object.kind);
  return validate?.(object) ? [] : (validate?.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

test('there is a schema for each kind, by the name that kubeconform looks for', () => {
  const names = globSync('crds/schemas/*', { cwd: root }).sort();
  expect(names).toEqual(kinds.map((kind) => `crds/schemas/${kind.toLowerCase()}_v1alpha1.json`).sort());
});

describe.each(samples)('%s', (_, sample) => {
  test('is valid, also as the apiserver returns it', () => {
    expect(problems(sample)).toEqual([]);
    const set = { uid: 'x', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' };
    expect(problems({ ...sample, metadata: { ...sample.metadata, ...set, managedFields: [{}] } })).toEqual([]);
  });

  test.each(['metadata', 'spec'] as const)(
    'with an unknown field in %s is refused, as the apiserver prunes it',
    (part) => {
      expect(problems({ ...sample, [part]: { ...sample[part], lables: {} } })).toEqual([
        `/${part} must NOT have additional properties`,
      ]);
    },
  );

  test('of another version or without a spec is refused', () => {
    expect(problems({ ...sample, apiVersion: 'holdfast.dev/v1' } as Sample)).toHaveLength(1);
    expect(problems({ ...sample, spec: undefined as unknown as object })).toHaveLength(1);
  });
});

describe('the schema of a field', () => {
  const fieldOf = (field: string, declarations = ''): unknown => {
    const { kind, problems } = readSpec(field, declarations);
    expect(problems).toEqual([]);
    const schema = JSON.parse(editorSchema(kind!)) as { properties: { spec: { properties: object } } };
    return Object.values(schema.properties.spec.properties)[0];
  };
  const item =
    '/** An item. */\ninterface Item {\n/** B. @maxLength 5 */\nb: string;\n}\n/** @maxLength 5 */\ntype Name = string;';

  test.each<[what: string, field: string, schema: object]>([
    ['a set', '/**\n * A.\n * @maxItems 2\n * @listType set\n */\na?: Name[];', { type: 'array', uniqueItems: true }],
    [
      'a list by name',
      '/**\n * A.\n * @maxItems 2\n * @listType map\n * @listMapKey b\n */\na?: Item[];',
      {
        description: 'A.\n\nChecked by the apiserver only:\n- no two items may have the same `b`',
        items: { additionalProperties: false },
      },
    ],
    // https://github.com/yannh/kubeconform/issues/295: a field of this name was taken for the word of JSON Schema.
    [
      'a field that is called properties',
      '/** A. */\nproperties?: Item;',
      { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: false },
    ],
  ])('%s', (_, field, schema) => {
    const found = fieldOf(field, item);
    expect(found).toMatchObject(schema);
    expect(JSON.stringify(found)).not.toContain('x-kubernetes');
  });
});

// https://github.com/yannh/kubeconform/issues/224: what the apiserver keeps was refused.
test('an object that is declared for the cluster may have any field', () => {
  const [, sample] = samples.find(([path]) => path.endsWith('clusterBaseline.yaml'))!;
  const objects = [{ name: 'x', template: { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, anything: [1] } }];
  expect(problems({ ...sample, spec: { ...sample.spec, objects } })).toEqual([]);
});
