/** Reads one kind, `Thing`, whose spec is given as the text of its fields, for tests of single tags and types. */
import { readTypes } from '../readTypes.ts';
import type { Kind, Schema } from '../schema.ts';

export interface ReadSpec {
  spec: Schema;
  kind: Kind | undefined;
  problems: string[];
}

/** `declarations` are more types of the same file; `tags` are lines of the comment of the kind. */
export function readSpec(fields: string, declarations = '', tags: readonly string[] = []): ReadSpec {
  const text = `
/**
 * A thing.
 *
 * @resource plural=things scope=Namespaced
 ${tags.map((tag) => `* ${tag}`).join('\n ')}
 */
export interface Thing extends Resource<ThingSpec> {
  kind: 'Thing';
}

/** Its spec. */
export interface ThingSpec {
${fields}
}

${declarations}
`;
  const { kinds, problems } = readTypes({ 'thing.ts': text });
  return { spec: kinds[0]?.schema.properties?.spec ?? {}, kind: kinds[0], problems };
}

/** Reads a field `field` with this type and these tags. */
export function readField(
  type: string,
  tags = '',
  declarations = '',
): { field: Schema | undefined; problems: string[] } {
  const { spec, problems } = readSpec(`  /**\n   * A field.\n   * ${tags}\n   */\n  field?: ${type};`, declarations);
  return { field: spec.properties?.field, problems };
}
