/** Objects of our kinds that pages show, and what is wrong with them: by the schemas, and by the rules of the CRDs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { resources } from '../../operator/api/generated/resources.ts';
import { schemas } from '../../operator/api/generated/schemas.ts';
import { createValidator } from '../../operator/api/validator.ts';
import { brokenRules, withDefaults, type RuledSchema } from '../../operator/cel/schemaRules.ts';
import { blocksOf, commandsOf, typed } from './blocks.ts';
import { root } from './pages.ts';

export interface Shown {
  readonly page: string;
  readonly line: number;
  readonly object: { readonly kind: keyof typeof resources; readonly metadata?: object };
}

/** What is a complete object: in blocks `yaml`, and in here-documents of commands. */
export function objectsIn(page: string, text: string): Shown[] {
  return blocksOf(page, text).flatMap((block) => {
    const documents =
      block.language === 'yaml'
        ? [block.text]
        : typed.includes(block.language)
          ? commandsOf(block).flatMap((command) => hereDocuments(command.text))
          : [];
    return documents.flatMap((yaml) =>
      (loadAll(filledIn(yaml)) as (Shown['object'] & { apiVersion?: string })[])
        .filter((object) => object?.apiVersion?.startsWith('holdfast.dev/'))
        .map((object) => ({ page, line: block.line, object })),
    );
  });
}

function hereDocuments(text: string): string[] {
  return [...text.matchAll(/<<-?\s*(['"]?)(\w+)\1[^\n]*\n([\s\S]*?)^\2$/gm)].map(([, , , document = '']) => document);
}

/** Examples of what a reader fills in, and of what a shell does. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/\$digest|\$\([^)]*digest[^)]*\)|sha256:…/gi, `sha256:${'0'.repeat(64)}`],
  [/\$\(date -u -d [^)]*\)/g, '2029-01-01T00:00:00Z'],
  [/\$\(date [^)]*\)/g, '2030-01-01T00:00:00Z'],
  [/(?<=ssh-ed25519 )AAAA…/g, 'A'.repeat(68)],
];

function filledIn(yaml: string): string {
  return placeholders.reduce((text, [pattern, example]) => text.replaceAll(pattern, example), yaml);
}

const validate = createValidator(schemas);

/** As the apiserver would answer. */
export function faultsOf({ page, line, object }: Shown): string[] {
  const { plural } = resources[object.kind] ?? {};
  if (plural === undefined) return [`${page}:${line}: there is no kind ${object.kind}`];
  const { spec } = load(readFileSync(join(root, `crds/holdfast.dev_${plural}.yaml`), 'utf8')) as Definition;
  const schema = spec.versions[0]!.schema.openAPIV3Schema;
  const declared = withDefaults(schema, object);
  const wrong = validate(object.kind, declared);
  return (wrong.length > 0 ? wrong : brokenRules(schema, declared)).map(
    (fault) => `${page}:${line}: ${object.kind}: ${fault}`,
  );
}

interface Definition {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: RuledSchema } }[] };
}
