/** Objects in files, and in which line each of their fields is. Pure. */
import { EVENT_ID, parseEvents } from 'js-yaml';
import { readDocuments } from '../yaml.ts';

export interface Written {
  readonly file: string;
  /** As it was read: anything. */
  readonly value: unknown;
  /** The line of a field, or of the innermost one around it that is there. */
  lineOf(path: string): number;
}

/** Throws `Failure` for what is no YAML. Items of a List are objects of their own. */
export function objectsIn(text: string, file: string): Written[] {
  const documents = readDocuments(text, file);
  const places = placesIn(text);
  return documents.flatMap((value, at) => {
    if (value === null || value === undefined) return [];
    const offsets = places[at] ?? new Map<string, number>();
    const written = (one: unknown, prefix: string): Written => ({
      file,
      value: one,
      lineOf: (path) => lineAt(text, offsetOf(offsets, joined(prefix, path))),
    });
    const { kind, items } = value as { kind?: unknown; items?: unknown };
    if (kind === 'List' && Array.isArray(items)) return items.map((item, index) => written(item, `items[${index}]`));
    return [written(value, '')];
  });
}

function joined(prefix: string, path: string): string {
  if (prefix === '' || path === '') return `${prefix}${path}`;
  return path.startsWith('[') ? `${prefix}${path}` : `${prefix}.${path}`;
}

function offsetOf(offsets: ReadonlyMap<string, number>, path: string): number {
  for (let steps = stepsOf(path); steps.length > 0; steps = steps.slice(0, -1)) {
    const found = offsets.get(steps.reduce(join, ''));
    if (found !== undefined) return found;
  }
  return offsets.get('') ?? 0;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const step = /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|[^.[\]]+/g;

/** `spec.checks[0].file` → `spec`, `checks`, `0`, `file`. */
export function stepsOf(path: string): string[] {
  return [...path.matchAll(step)].map(([word, index, name]) => index ?? name ?? word);
}

/** As paths are written in sentences about objects. */
function join(path: string, one: string): string {
  if (/^\d+$/.test(one)) return `${path}[${one}]`;
  if (!/^[\w-]+$/.test(one)) return `${path}["${one}"]`;
  return path ? `${path}.${one}` : one;
}

interface Open {
  readonly path: string;
  readonly isMap: boolean;
  /** The key whose value comes next. */
  key?: string;
  count: number;
}

/** Where each field is, document by document: its key, or the beginning of an item. */
function placesIn(text: string): Map<string, number>[] {
  const documents: Map<string, number>[] = [];
  const open: (Open | undefined)[] = [];
  /** Notes where a value is, and says its path; undefined for a key. */
  const placed = (offset: number, isScalar: boolean, word: string): string | undefined => {
    const parent = open.at(-1);
    const places = documents.at(-1)!;
    if (!parent) {
      places.set('', offset);
      return '';
    }
    if (parent.isMap && parent.key === undefined) {
      const key = isScalar ? word : '';
      parent.key = key;
      places.set(join(parent.path, key), offset);
      return undefined;
    }
    const path = join(parent.path, parent.isMap ? parent.key! : `${parent.count++}`);
    delete parent.key;
    if (!places.has(path)) places.set(path, offset);
    return path;
  };
  for (const event of parseEvents(text, {})) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        documents.push(new Map());
        open.push(undefined);
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const path = placed(event.start, false, '') ?? '';
        open.push({ path, isMap: event.type === EVENT_ID.MAPPING, count: 0 });
        break;
      }
      case EVENT_ID.SCALAR:
        placed(Math.max(0, event.valueStart), true, text.slice(event.valueStart, event.valueEnd));
        break;
      case EVENT_ID.ALIAS:
        placed(event.anchorStart, false, '');
        break;
      case EVENT_ID.POP:
        open.pop();
    }
  }
  return documents;
}
