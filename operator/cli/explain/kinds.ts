/** The kinds that this plugin ships, with their schemas, and which of them a word means. */
import { join } from 'node:path';
import { load } from 'js-yaml';
import { nearest } from '../../drift/objects/nearest.ts';
import type { RuledSchema } from '../../cel/schemaRules.ts';
import { Failure, type Io } from '../command.ts';

/** What is read of a CRD's schema, beside its rules. */
export interface FieldSchema extends RuledSchema {
  readonly description?: string;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

export interface ShippedKind {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly apiVersion: string;
  readonly schema: FieldSchema;
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string; readonly shortNames?: readonly string[] };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: FieldSchema } }[];
  };
}

export const root = join(import.meta.dirname, '../../..');
export const longestFile = 16 * 2 ** 20;

/** By name. */
export async function shippedKinds(io: Io): Promise<ShippedKind[]> {
  const folder = join(root, 'crds');
  const files = ((await io.readFolder(folder)) ?? []).filter(({ name }) => name.endsWith('.yaml'));
  const crds = await Promise.all(
    files.map(async ({ name }) => load(await io.readFile(join(folder, name), longestFile))),
  );
  return (crds as Crd[])
    .map(({ spec: { group, scope, names, versions } }) => ({
      kind: names.kind,
      plural: names.plural,
      shortNames: names.shortNames ?? [],
      namespaced: scope === 'Namespaced',
      apiVersion: `${group}/${versions[0]!.name}`,
      schema: versions[0]!.schema.openAPIV3Schema,
    }))
    .sort((a, b) => a.kind.localeCompare(b.kind));
}

/** By its name, its plural or a short name, in any case. Throws `Failure` with the one that may be meant. */
export function kindNamed(word: string, kinds: readonly ShippedKind[]): ShippedKind {
  const asked = word.toLowerCase();
  const found = kinds.find((one) => wordsOf(one).includes(asked));
  if (found) return found;
  const meant = nearest(asked, kinds.flatMap(wordsOf));
  const known = kinds.find((one) => meant !== undefined && wordsOf(one).includes(meant));
  throw new Failure(
    `there is no kind ${JSON.stringify(word)}${known ? `; did you mean ${known.kind}?` : ' of Holdfast;'} ${known ? 'See' : 'see'} \`kubectl holdfast explain\`.`,
  );
}

function wordsOf({ kind, plural, shortNames }: ShippedKind): string[] {
  return [kind.toLowerCase(), plural, ...shortNames];
}
