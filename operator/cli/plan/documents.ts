/** The objects of files, as an apply would take them; what is none is named beside them. Pure. */
import { Failure } from '../command.ts';
import type { Input } from '../inputs.ts';
import { readYaml } from '../yaml.ts';

/** An object that is declared in a file. */
export interface Declared {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string } & Readonly<Record<string, unknown>>;
  readonly [part: string]: unknown;
}

/** A document, and the file that it is in. */
export interface Document {
  readonly file: string;
  readonly object: Declared;
}

export interface Documents {
  readonly all: readonly Document[];
  /** What cannot be applied as it is, in sentences that name the file. */
  readonly problems: readonly string[];
}

/** An apply in a directory leaves out what is no object of Kubernetes there, and so does this: a values.yaml is no error. */
export function documentsIn(inputs: readonly Input[]): Documents {
  const all: Document[] = [];
  const problems: string[] = [];
  for (const input of inputs) {
    if ('problem' in input) {
      problems.push(`${input.name}: ${input.problem}`);
      continue;
    }
    const objects = objectsIn(input.text, input.name);
    if (typeof objects === 'string') {
      problems.push(objects);
      continue;
    }
    for (const object of objects) {
      const wrong = whatIsWrong(object);
      if (wrong === undefined) all.push({ file: input.name, object: object as Declared });
      else if (input.isNamed || isKubernetes(object)) problems.push(`${input.name}: ${wrong}.`);
    }
  }
  return { all: withoutRepeats(all, problems), problems };
}

function objectsIn(text: string, file: string): unknown[] | string {
  try {
    return readYaml(text, file).flatMap(itemsOf);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

function itemsOf(document: unknown): unknown[] {
  const { kind, items } = (document ?? {}) as { readonly kind?: unknown; readonly items?: unknown };
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList ? (items as unknown[]) : [document];
}

function isKubernetes(document: unknown): boolean {
  const { apiVersion, kind } = (document ?? {}) as Partial<Declared>;
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

function whatIsWrong(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return 'a document is not an object';
  const { apiVersion, kind, metadata } = document as Partial<Declared>;
  if (!isKubernetes(document)) return 'a document has no `apiVersion` or no `kind`; it is not an object of Kubernetes';
  if (!isSegment(kind) || !/^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(\/[A-Za-z0-9]+)?$/.test(apiVersion ?? ''))
    return '`apiVersion` and `kind` must be those of a kind';
  const { name, namespace } = (metadata ?? {}) as Partial<Declared['metadata']>;
  if (name === undefined && 'generateName' in (metadata ?? {}))
    return `a ${kind} has \`generateName\`: it cannot be applied; give it a name`;
  if (!isSegment(name)) return `a ${kind} has no valid \`metadata.name\`; give it one`;
  if (namespace !== undefined && !isSegment(namespace)) return `${kind} ${name} has no valid \`metadata.namespace\``;
  return undefined;
}

/** What is part of a path to the apiserver. */
function isSegment(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9]([-A-Za-z0-9.:_]{0,251}[A-Za-z0-9])?$/.test(value);
}

/** Of two documents about one object, an apply of both would leave the later one. */
function withoutRepeats(all: readonly Document[], problems: string[]): Document[] {
  const byId = Map.groupBy(all, ({ object: { apiVersion, kind, metadata } }) =>
    [apiVersion.split('/')[0], kind, metadata.namespace, metadata.name].join('/'),
  );
  return [...byId.values()].map((same) => {
    const last = same.at(-1)!;
    const { kind, metadata } = last.object;
    if (same.length > 1)
      problems.push(
        `${kind} ${metadata.name} is declared ${same.length} times (${same.map(({ file }) => file).join(', ')}); keep one.`,
      );
    return last;
  });
}
