/**
 * Strict JSON Schemas without a network: of what Kubernetes has, from the source of the apiserver of the test bed, and of others' kinds, from their
 * CRDs. Strict: an unknown field is an error, as for `kubectl --validate=strict`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { mustRun } from '../fleet/command.ts';

export interface Schema {
  readonly [word: string]: unknown;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** As kubeconform fills its template in; the group of what has none is its version. */
export const layout = '{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json';
const controlPlane = resolve(import.meta.dirname, '../cluster/controlplane/go.mod');
const anyKind = 'x-kubernetes-group-version-kind';

/** The schema in the words of JSON Schema. */
export function strict(schema: Schema): Schema {
  const { properties, items, additionalProperties, nullable, ...rest } = schema;
  if (schema['x-kubernetes-int-or-string'] ?? schema.format === 'int-or-string') return { type: ['integer', 'string'] };
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] ?? schema['x-kubernetes-embedded-resource'];
  return {
    ...rest,
    ...(nullable && schema.type && { type: [schema.type, 'null'].flat() }),
    ...(properties && { properties: mapValues(properties, strict) }),
    ...(properties && !keepsUnknown && { additionalProperties: false }),
    ...(items && { items: strict(items) }),
    ...(additionalProperties && {
      additionalProperties: additionalProperties === true ? true : strict(additionalProperties),
    }),
  };
}

function mapValues(record: Readonly<Record<string, Schema>>, map: (schema: Schema) => Schema): Record<string, Schema> {
  return Object.fromEntries(Object.entries(record).map(([name, schema]) => [name, map(schema)]));
}

/** Writes the schemas of all kinds of the apiserver of the test bed. */
export async function writeKubernetes(folder: string): Promise<void> {
  const [, version] = /\sk8s\.io\/kubernetes (v\S+)/.exec(await readFile(controlPlane, 'utf8')) ?? [];
  const source = await moduleFolder(`k8s.io/kubernetes@${version}`);
  const { definitions } = JSON.parse(await readFile(join(source, 'api/openapi-spec/swagger.json'), 'utf8')) as {
    definitions: Readonly<Record<string, Schema>>;
  };
  const all: Readonly<Record<string, Schema>> = {
    ...mapValues(definitions, strict),
    // A number as well, which the definition does not say.
    'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
  };
  const kinds = Object.entries(definitions).flatMap(([name, schema]) => {
    const served = (schema[anyKind] ?? []) as readonly GroupVersionKind[];
    // Others, such as DeleteOptions, are of every group.
    return served.length === 1 && schema.properties?.['metadata'] ? [[name, served[0]!] as const] : [];
  });
  for (const [name, kind] of kinds)
    await writeSchema(folder, kind, { $ref: `#/definitions/${name}`, definitions: reached(name, all) });
}

/** What a definition refers to, itself among it. */
function reached(name: string, all: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const found = new Map<string, Schema>();
  const waiting = [name];
  for (const one of waiting) {
    const schema = all[one];
    if (!schema || found.has(one)) continue;
    found.set(one, schema);
    for (const [, ref = ''] of JSON.stringify(schema).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) waiting.push(ref);
  }
  return Object.fromEntries(found);
}

/** Writes the schemas of a file of CRDs of a module of Go. */
export async function writeDefinitions(folder: string, module: string, path: string): Promise<void> {
  const text = await readFile(join(await moduleFolder(module), path), 'utf8');
  for (const { spec } of loadAll(text) as Definition[])
    for (const { name: version, schema } of spec.versions) {
      const { properties, ...rest } = schema.openAPIV3Schema;
      const typed = { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...properties };
      const kind = { group: spec.group, version, kind: spec.names.kind };
      await writeSchema(folder, kind, strict({ ...rest, properties: typed }));
    }
}

async function writeSchema(folder: string, { group, version, kind }: GroupVersionKind, schema: Schema): Promise<void> {
  const place = join(folder, group || version);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, `${kind.toLowerCase()}_${version}.json`), JSON.stringify(schema));
}

/** The source of a module, by its version. Outside of every module, or the go.sum there would be changed. */
export async function moduleFolder(module: string): Promise<string> {
  const text = await mustRun(['go', 'mod', 'download', '-C', tmpdir(), '-json', module], { timeoutSeconds: 600 });
  return (JSON.parse(text) as { Dir: string }).Dir;
}
