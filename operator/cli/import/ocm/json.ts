/** Reading of values that somebody else wrote: each function gives `undefined` for what is not of that shape. */

export type Json = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
}

/** The member of an object of objects, such as `metadata.annotations`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => {
    const object = asObject(found);
    return object && Object.hasOwn(object, key) ? object[key] : undefined;
  }, value);
}

/** The object without some of its members. */
export function without(object: Json, ...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Members that are said: YAML leaves `key:` without a value to mean none. */
export function saidMembers(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}

/** The first value, depth first, for which the test holds, with its path, such as `spec.rules[0].host`. */
export function findValue(
  value: unknown,
  test: (value: unknown) => boolean,
  path = '',
): { readonly path: string; readonly value: unknown } | undefined {
  if (test(value)) return { path, value };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const step = Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
    if (!Array.isArray(value) && test(key)) return { path: step, value: key };
    const found = findValue(member, test, step);
    if (found) return found;
  }
  return undefined;
}
