/** The JSON Schemas of the sections of a pack, for those who read evidence. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Section } from '../evidence/sections/section.ts';
import type { Outputs } from './generate.ts';

export const sectionSchemasFolder = 'docs/schemas';
const list = 'operator/evidence/sections/sections.ts';

/** Nothing while there are no sections. */
export async function sectionSchemas(root: string): Promise<Outputs> {
  const path = join(root, list);
  if (!existsSync(path)) return new Map();
  const { sections } = (await import(pathToFileURL(path).href)) as { sections: readonly Section[] };
  return new Map(
    sections.map(({ stem, schema }) => {
      const $comment = `Generated from operator/evidence/sections; change that and run \`make generate\`.`;
      return [`${sectionSchemasFolder}/${stem}.v1.json`, `${JSON.stringify({ $comment, ...schema }, null, 2)}\n`];
    }),
  );
}
