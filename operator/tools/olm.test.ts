/** The six checks by which OLM's scorecard judges a bundle, on the one that is committed. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';

interface Descriptor {
  readonly path: string;
  readonly displayName: string;
  readonly description: string;
}
interface Owned {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  readonly resources: readonly { readonly kind: string; readonly version: string }[];
  readonly specDescriptors: readonly Descriptor[];
  readonly statusDescriptors: readonly Descriptor[];
}
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] };
}

const folder = resolve(import.meta.dirname, '../../manifests/olm');
const read = <T>(path: string): T => load(readFileSync(join(folder, path), 'utf8')) as T;
const csv = read<{
  metadata: { name: string; annotations: Record<string, string> };
  spec: { version: string; customresourcedefinitions: { owned: readonly Owned[] } };
}>('manifests/holdfast.clusterserviceversion.yaml');
const { owned } = csv.spec.customresourcedefinitions;
const examples = JSON.parse(csv.metadata.annotations['alm-examples'] ?? '[]') as readonly {
  kind: string;
  spec?: object;
}[];
const definitions = globSync('manifests/holdfast.dev_*.yaml', { cwd: folder }).map((path) => read<Definition>(path));
const schemaOf = ({ name }: Owned): Schema =>
  definitions.find(({ metadata }) => metadata.name === name)?.spec.versions[0]?.schema.openAPIV3Schema ?? {};
const paths = (descriptors: readonly Descriptor[]) => descriptors.map(({ path }) => path).sort();
const keys = (schema: Schema | undefined) => Object.keys(schema?.properties ?? {}).sort();

test('the bundle is one version, with the kinds that it owns and no others', () => {
  const { annotations } = read<{ annotations: Record<string, string> }>('metadata/annotations.yaml');
  const prefix = 'operators.operatorframework.io.bundle';
  expect(annotations).toMatchObject({
    [`${prefix}.mediatype.v1`]: 'registry+v1',
    [`${prefix}.package.v1`]: 'holdfast',
  });
  expect(csv.metadata.name).toBe(`holdfast.v${csv.spec.version}`);
  expect(owned.map(({ name }) => name).sort()).toEqual(definitions.map(({ metadata }) => metadata.name).sort());
});

test('each kind but the one that the operator makes has an example, and each example a spec', () => {
  expect(examples.map(({ kind }) => kind).sort()).toEqual(
    owned.flatMap(({ kind }) => (kind === 'DriftReport' ? [] : [kind])).sort(),
  );
  expect(examples.filter(({ spec }) => !spec)).toEqual([]);
});

describe.each(owned.map((one) => [one.kind, one] as const))('%s', (kind, one) => {
  test('has a schema for every field of its example', () => {
    const known = keys(schemaOf(one).properties?.['spec']);
    const used = examples.flatMap((example) => (example.kind === kind ? Object.keys(example.spec ?? {}) : []));
    expect(used.filter((field) => !known.includes(field))).toEqual([]);
    expect(known.length + keys(schemaOf(one).properties?.['status']).length).toBeGreaterThan(0);
  });

  test('lists the kinds that it makes', () => {
    expect(one.resources.length).toBeGreaterThan(0);
    expect(one.resources.filter((resource) => !resource.kind || !resource.version)).toEqual([]);
  });

  test('describes each field of its spec and of its status', () => {
    const { spec, status } = schemaOf(one).properties ?? {};
    expect([paths(one.specDescriptors), paths(one.statusDescriptors)]).toEqual([keys(spec), keys(status)]);
    const all = [...one.specDescriptors, ...one.statusDescriptors];
    expect(all.filter(({ displayName, description }) => !displayName || !description)).toEqual([]);
  });
});
