/** Values that count how often they are read, so that a test of what a thing costs needs no clock. */

export interface Counted<T> {
  readonly value: T;
  /** How many members, names of members and lengths were asked for, at whatever depth. */
  readonly reads: () => number;
}

/** The value itself is left as it is. */
export function counted<T extends object>(whole: T): Counted<T> {
  let reads = 0;
  // The same for the same, or what is compared by identity would differ.
  const made = new WeakMap<object, object>();
  const handler: ProxyHandler<object> = {
    get: (target, name) => {
      reads += 1;
      return wrap(Reflect.get(target, name));
    },
    has: (target, name) => {
      reads += 1;
      return Reflect.has(target, name);
    },
    ownKeys: (target) => {
      const names = Reflect.ownKeys(target);
      reads += names.length;
      return names;
    },
  };
  function wrap(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const known = made.get(value) ?? new Proxy(value, handler);
    made.set(value, known);
    return known;
  }
  return { value: wrap(whole) as T, reads: () => reads };
}

/** A text that counts how often its characters are asked for. */
export function countedText(text: string): Counted<string> {
  const { value, reads } = counted(Object.assign([...text], { toString: () => text }));
  return { value: value as unknown as string, reads };
}
