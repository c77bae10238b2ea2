/**
 * What a client-side apply would send to a kind that has no merge keys of its own, as custom resources have none: a JSON merge patch of what the file
 * says, and of what the last apply said and the file says no longer. Lists are replaced in full. Pure.
 */

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

type Json = Readonly<Record<string, unknown>>;

/** What a client-side apply said last; undefined where none did, or its record cannot be read. */
export function lastAppliedOf(live: object): Json | undefined {
  const { annotations } = ((live as { metadata?: unknown }).metadata ?? {}) as { annotations?: Record<string, string> };
  const text = annotations?.[lastAppliedAnnotation];
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The patch; without members where nothing would change. */
export function threeWayPatch(lastApplied: Json, declared: Json, live: Json): Json {
  return merged(changesTo(declared, live), removals(lastApplied, declared, live));
}

/** What of it is not so there. */
function changesTo(declared: Json, live: Json): Json {
  const changes = Object.entries(declared).flatMap(([name, value]): [string, unknown][] => {
    const there = own(live, name);
    if (isObject(value) && isObject(there)) {
      const inner = changesTo(value, there);
      return Object.keys(inner).length > 0 ? [[name, inner]] : [];
    }
    return isSame(value, there) ? [] : [[name, value]];
  });
  return Object.fromEntries(changes);
}

/** What the last apply said, the file says no longer, and is still there. */
function removals(lastApplied: Json, declared: Json, live: Json): Json {
  const gone = Object.entries(lastApplied).flatMap(([name, before]): [string, unknown][] => {
    const [value, there] = [own(declared, name), own(live, name)];
    if (there === undefined) return [];
    if (value === undefined) return [[name, null]];
    if (!isObject(before) || !isObject(value) || !isObject(there)) return [];
    const inner = removals(before, value, there);
    return Object.keys(inner).length > 0 ? [[name, inner]] : [];
  });
  return Object.fromEntries(gone);
}

function merged(a: Json, b: Json): Json {
  const both = Object.entries(b).map(([name, value]): [string, unknown] => {
    const other = own(a, name);
    return [name, isObject(value) && isObject(other) ? merged(other, value) : value];
  });
  return { ...a, ...Object.fromEntries(both) };
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSame(a[name], own(b, name)));
}

function own(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
