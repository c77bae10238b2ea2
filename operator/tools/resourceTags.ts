/** The tags of a kind: how the API server names it, and the columns of `kubectl get`. */
import type { Tag } from './comments.ts';
import { writers, type Column, type Kind, type Report } from './schema.ts';

const columnTypes = ['integer', 'number', 'string', 'boolean', 'date'];

/** Reads `@resource plural=devices shortName=hdev scope=Namespaced writtenBy=author`; `shortName` may repeat or be left out, and so may `writtenBy`. */
export function readResourceTag(
  tags: readonly Tag[],
  kind: string,
  report: Report,
): Pick<Kind, 'plural' | 'shortNames' | 'namespaced' | 'writtenBy'> | undefined {
  const found = tags.filter((tag) => tag.name === 'resource');
  const options = words(found[0]?.value ?? '').map((word) => word.split('=', 2) as [string, string | undefined]);
  const valuesOf = (name: string) => options.flatMap(([key, value]) => (key === name && value ? [value] : []));
  const [plural, scope] = [valuesOf('plural'), valuesOf('scope')];
  const unknown = options.filter(
    ([key, value]) => !['plural', 'shortName', 'scope', 'writtenBy'].includes(key) || !value,
  );
  for (const [key] of unknown)
    report(kind, `'@resource' has no option '${key}'; use plural=, shortName=, scope= and writtenBy=`);
  const [writer] = valuesOf('writtenBy');
  const writtenBy = writers.find((one) => one === writer);
  if (writer && !writtenBy) report(kind, `'writtenBy=${writer}' is not one of ${writers.join(', ')}`);
  const name = plural[0];
  if (
    found.length !== 1 ||
    !name ||
    plural.length > 1 ||
    scope.length !== 1 ||
    !/^(Namespaced|Cluster)$/.test(scope[0] ?? '')
  ) {
    report(kind, 'needs one tag of the form: @resource plural=<plural> shortName=<short> scope=Namespaced|Cluster');
    return undefined;
  }
  return {
    plural: name,
    shortNames: valuesOf('shortName'),
    namespaced: scope[0] === 'Namespaced',
    ...(writtenBy && { writtenBy }),
  };
}

/** Reads `@printcolumn <Name> <type> <jsonPath> [priority=1] [:: description]`. */
export function readColumn(tag: Tag, kind: string, report: Report): Column | undefined {
  const [definition = '', description] = tag.value.split(/\s+::\s+/).map((part) => part.replace(/\s*\n\s*/g, ' '));
  const [name, type, jsonPath, ...options] = words(definition);
  if (!name || !type || !jsonPath?.startsWith('.')) {
    report(
      kind,
      `'@printcolumn ${tag.value}': write it as: @printcolumn <Name> <type> <.jsonPath> [priority=1] [:: description]`,
    );
    return undefined;
  }
  if (!columnTypes.includes(type))
    report(`${kind} column ${name}`, `type '${type}' is not one of ${columnTypes.join(', ')}`);
  const column: Column = { name, type, jsonPath, ...(description ? { description } : {}) };
  for (const option of options) {
    const priority = /^priority=(\d+)$/.exec(option)?.[1];
    if (priority) column.priority = Number(priority);
    else report(`${kind} column ${name}`, `'${option}' is unknown; only priority=<number> may follow the path`);
  }
  return column;
}

/** Reads `@sentence <jsonPath>`: where the status says in a sentence how the object is. Messages are too long for a column. */
export function readSentence(tags: readonly Tag[], kind: string, report: Report): string | undefined {
  const path = tags.find(({ name }) => name === 'sentence')?.value.trim();
  if (path !== undefined && !/^\.status\.\S+$/.test(path))
    report(kind, `'@sentence ${path}': write it as: @sentence <.status.path>`);
  return path;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
