/** Keys of states: times count by how many ticks they are from now, and names that chance gives by the order in which they appear. Pure. */

interface Parts {
  readonly texts: readonly string[];
  readonly times: readonly number[];
}

/** Values are never changed in place: each is read once. */
const known = new WeakMap<object, Parts>();
const timePattern = /"(\d{4}-\d\d-\d\dT[^"]*?Z)"/;

function partsOf(value: object): Parts {
  const before = known.get(value);
  if (before) return before;
  const split = JSON.stringify(value).split(timePattern);
  const parts = {
    texts: split.filter((_, at) => at % 2 === 0),
    times: split.filter((_, at) => at % 2 === 1).map((time) => Date.parse(time)),
  };
  known.set(value, parts);
  return parts;
}

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly tick: number;
  /** Beyond so many ticks all times are alike. */
  readonly most: number;
}

/** The value as text, in which times are relative. */
export function keyed(value: object | undefined, { now, tick, most }: Clock): string {
  if (!value) return '-';
  const { texts, times } = partsOf(value);
  let key = texts[0]!;
  for (const [at, time] of times.entries()) {
    const age = Math.max(-most, Math.min(most, Math.floor((now - time) / tick)));
    key += `@${age}${texts[at + 1]!}`;
  }
  return key;
}

/** `nonce12` is the third such name that appears: `nonce~3`. */
export function renamed(key: string, pattern = /nonce\d+/g): string {
  const names = new Map<string, string>();
  return key.replaceAll(pattern, (name) => {
    const short = names.get(name) ?? `~${names.size}`;
    names.set(name, short);
    return short;
  });
}

/** Equal values become the same object, so that what is known of one is known of all. */
export function interning<T extends object>(): (value: T) => T {
  const all = new Map<string, T>();
  return (value) => {
    const text = JSON.stringify(value);
    const same = all.get(text);
    if (same) return same;
    all.set(text, value);
    return value;
  };
}
