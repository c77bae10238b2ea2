/**
 * What differs between an object as it is and as it would be, place by place, in few words. Values of Secrets, and of what is declared as sensitive or
 * not readable by all, are never among them, neither that of before nor that of after. Pure.
 */
import { canonicalJson } from '../../lib/digest.ts';
import { excerpts } from '../../drift/checks/shown.ts';
import { shortened } from '../../lib/text.ts';

export interface Difference {
  /** Such as `spec.checks[motd].file.mode`. */
  readonly path: string;
  readonly is: 'added' | 'removed' | 'changed' | 'moved';
  /** Values, where they are short and may be shown. */
  readonly before?: string;
  readonly after?: string;
}

type Json = Readonly<Record<string, unknown>>;

const longestValue = 72;
/** A file of ten thousand differences is told by its first. */
export const mostDifferences = 500;
const deepest = 64;
export const concealed = '(concealed)';

/** The identity, and what the apiserver keeps for itself, are no differences; neither is what a client noted about itself. */
const metadataParts = ['labels', 'annotations', 'finalizers', 'ownerReferences'];
const ownAnnotations = ['kubectl.kubernetes.io/last-applied-configuration'];

/** `before` is undefined where there is none. */
export function differencesBetween(before: object | undefined, after: object): Difference[] {
  const found: Difference[] = [];
  const walk = new Walk(found);
  walk.members(comparable(before ?? {}), comparable(after), { path: '', hides: false, depth: 0 });
  return found;
}

/** Texts of an object that must not be shown, such as where the apiserver quotes them. */
export function concealedTexts(object: object): string[] {
  const texts: string[] = [];
  new Walk([], texts).members({}, comparable(object), { path: '', hides: false, depth: 0 });
  return texts;
}

function comparable(object: object): Json {
  const { kind, metadata, ...others } = object as Json;
  const rest = omitted(others, ['apiVersion', 'status']);
  const { annotations, ...parts } = Object.fromEntries(
    Object.entries((metadata ?? {}) as Json).filter(([name]) => metadataParts.includes(name)),
  );
  const kept = Object.entries((annotations ?? {}) as Json).filter(([name]) => !ownAnnotations.includes(name));
  const own = { ...parts, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) };
  const isEmpty = Object.keys(own).length === 0;
  // The kind says whether it is a Secret; it is the same on both sides.
  return { ...rest, ...(!isEmpty && { metadata: own }), ...(kind === 'Secret' && { [secretMark]: true }) };
}

function omitted(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

const secretMark = '\0secret';
const secretParts = new Set(['data', 'stringData']);
/** Of something sensitive, these say where it is and who may read it. */
const openMembers = new Set('name path file key mode maxMode owner group state type sensitive accessList'.split(' '));

interface Place {
  readonly path: string;
  /** Whether values below are concealed. */
  readonly hides: boolean;
  readonly depth: number;
}

class Walk {
  readonly #found: Difference[];
  readonly #hidden: string[] | undefined;

  constructor(found: Difference[], hidden?: string[]) {
    this.#found = found;
    this.#hidden = hidden;
  }

  members(before: Json, after: Json, { path, hides, depth }: Place): void {
    const [isSecret, isSensitive] = [isOfSecret(before) || isOfSecret(after), isClosed(before) || isClosed(after)];
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (name === secretMark) continue;
      const hidden = hides || (isSecret && secretParts.has(name)) || (isSensitive && !openMembers.has(name));
      const inner = { path: joined(path, name), hides: hidden, depth: depth + 1 };
      this.#value(own(before, name), own(after, name), inner);
    }
  }

  #value(before: unknown, after: unknown, place: Place): void {
    if (before === undefined && after === undefined) return;
    if (this.#hidden) return this.#collect(after, place);
    if (isObject(before) && isObject(after)) {
      if (place.depth < deepest) this.members(before, after, place);
      else if (canonicalJson(before) !== canonicalJson(after)) this.#add({ path: place.path, is: 'changed' });
    } else if (Array.isArray(before) && Array.isArray(after)) this.#list(before, after, place);
    else if (canonicalJson(before ?? null) !== canonicalJson(after ?? null)) this.#differs(before, after, place);
  }

  #collect(value: unknown, place: Place): void {
    if (typeof value === 'string' && place.hides && value.length >= 4) this.#hidden?.push(value);
    if (typeof value !== 'object' || value === null || place.depth >= deepest) return;
    if (!Array.isArray(value)) this.members({}, value as Json, place);
    else for (const item of value) this.#collect(item, { ...place, depth: place.depth + 1 });
  }

  #list(before: readonly unknown[], after: readonly unknown[], place: Place): void {
    const key = keyOf([...before, ...after]);
    if (key === undefined) {
      if (canonicalJson(before) !== canonicalJson(after)) this.#differs(before, after, place);
      return;
    }
    const [was, is] = [byKey(before, key), byKey(after, key)];
    for (const name of new Set([...is.keys(), ...was.keys()]))
      this.#value(was.get(name), is.get(name), { ...place, path: `${place.path}[${name}]`, depth: place.depth + 1 });
    const left = [...was.keys()].filter((name) => is.has(name));
    const order = [...is.keys()].filter((name) => was.has(name));
    if (left.join('\0') !== order.join('\0')) this.#add({ path: place.path, is: 'moved' });
  }

  #differs(before: unknown, after: unknown, { path, hides }: Place): void {
    const is = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    if (hides) return this.#add({ path, is, ...(is === 'changed' && { before: concealed, after: concealed }) });
    if (typeof before === 'string' && typeof after === 'string' && isLong(before, after)) {
      const { expected, actual } = excerpts(after, before);
      return this.#add({ path, is, before: shortened(actual, 160), after: shortened(expected, 160) });
    }
    const [was, becomes] = [brief(before), brief(after)];
    this.#add({
      path,
      is,
      ...(was !== undefined && { before: was }),
      ...(becomes !== undefined && { after: becomes }),
    });
  }

  #add(difference: Difference): void {
    if (this.#found.length < mostDifferences) this.#found.push(difference);
  }
}

/** Undefined for what is not there, or is too large to be shown on a line. */
function brief(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return shortened(value === '' ? '""' : value, longestValue);
  if (holdsSecrets(value)) return undefined;
  const text = canonicalJson(value);
  return text.length <= longestValue ? text : undefined;
}

function isLong(...texts: readonly string[]): boolean {
  return texts.some((text) => text.includes('\n') || text.length > longestValue);
}

function isOfSecret(value: Json): boolean {
  return value[secretMark] === true || (value['kind'] === 'Secret' && value['apiVersion'] === 'v1');
}

/** Declared as sensitive, or as a file that not everybody may read. */
function isClosed(value: Json): boolean {
  if (value['sensitive'] === true) return true;
  const mode = value['mode'] ?? value['maxMode'];
  return typeof mode === 'string' && /^[0-7]{3,4}$/.test(mode) && (Number.parseInt(mode, 8) & 0o4) === 0;
}

/** Whether something in it must not be shown, at any depth. */
function holdsSecrets(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecrets);
  return isObject(value) && (isOfSecret(value) || isClosed(value) || Object.values(value).some(holdsSecrets));
}

/** The member by which the items of a list are known. */
function keyOf(items: readonly unknown[]): string | undefined {
  if (!items.every(isObject) || items.length === 0) return undefined;
  return ['name', 'device', 'beforeStep'].find((key) =>
    items.every((item) => typeof item[key] === 'string' || typeof item[key] === 'number'),
  );
}

function byKey(items: readonly unknown[], key: string): ReadonlyMap<string, Json> {
  return new Map(items.filter(isObject).map((item) => [String(item[key]), item]));
}

function joined(path: string, name: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name);
  if (!isPlain) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function own(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
