/** An object of one of our kinds as the apiserver would store it, and why it would not, by the schema and the rules of this version. */
import { join } from 'node:path';
import { load } from 'js-yaml';
import { schemas } from '../../api/generated/schemas.ts';
import type { Kind } from '../../api/kind.ts';
import { createValidator } from '../../api/validator.ts';
import { brokenRules, withDefaults, type RuledSchema } from '../../cel/schemaRules.ts';
import type { Io } from '../command.ts';

const longest = 16 * 2 ** 20;
const folder = join(import.meta.dirname, '../../../crds');

export interface StoredForm<R> {
  readonly object: R;
  readonly problems: readonly string[];
}

export async function storedForm<R extends { metadata: { name?: string }; status?: unknown }>(
  { group, plural, kind }: Kind,
  found: object,
  io: Pick<Io, 'readFile'>,
): Promise<StoredForm<R>> {
  const { spec } = load(await io.readFile(join(folder, `${group}_${plural}.yaml`), longest)) as {
    spec: { versions: readonly { schema: { openAPIV3Schema: RuledSchema } }[] };
  };
  const schema = spec.versions[0]!.schema.openAPIV3Schema;
  const { status, ...declared } = withDefaults(schema, found) as R;
  const named = declared.metadata?.name ? [] : ['metadata.name is required.'];
  const wrong = [...named, ...createValidator(schemas)(kind as keyof typeof schemas, declared)];
  // Rules are about objects of the right form.
  const problems = wrong.length > 0 ? wrong : brokenRules(schema, declared);
  return { object: { ...declared, ...(status !== undefined && { status }) } as R, problems };
}
