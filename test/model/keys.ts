/**
 * Keys of states: times count by how many ticks they are from now, and names that chance gives by the order in which they appear. Values are
 * never changed in place, and there are few of them in many states: each is read once, and has a short name. Pure.
 */

interface Parts {
  readonly texts: readonly string[];
  readonly times: readonly number[];
  /** What chance has named in it. */
  readonly nonces: string;
}

const known = new WeakMap<object, Parts>();
const timePattern = /"(\d{4}-\d\d-\d\dT[^"]*?Z)"/;
const noncePattern = /nonce\d+/g;

function partsOf(value: object): Parts {
  const before = known.get(value);
  if (before) return before;
  const text = JSON.stringify(value);
  const split = text.replaceAll(noncePattern, 'nonce').split(timePattern);
  const parts = {
    texts: split.filter((_, at) => at % 2 === 0),
    times: split.filter((_, at) => at % 2 === 1).map((time) => Date.parse(time)),
    nonces: (text.match(noncePattern) ?? []).join(),
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

/** By the value, for each instant. */
const named = new WeakMap<object, Map<number, string>>();
const nameOfText = new Map<string, string>();

/** A name that equal values have, whose times are alike as seen from now. */
export function keyed(value: object | undefined, clock: Clock): string {
  if (!value) return '-';
  const ofValue = named.get(value) ?? new Map<number, string>();
  named.set(value, ofValue);
  const before = ofValue.get(clock.now);
  if (before !== undefined) return before;
  const text = textOf(value, clock);
  const name = nameOfText.get(text) ?? `${nameOfText.size};`;
  nameOfText.set(text, name);
  const key = name + partsOf(value).nonces;
  ofValue.set(clock.now, key);
  return key;
}

function textOf(value: object, { now, tick, most }: Clock): string {
  const { texts, times } = partsOf(value);
  let text = texts[0]!;
  for (const [at, time] of times.entries()) {
    const age = Math.max(-most, Math.min(most, Math.floor((now - time) / tick)));
    text += `@${age}${texts[at + 1]!}`;
  }
  return `${most} ${tick} ${text}`;
}

/** `nonce12` is the third such name that appears: `~2`. */
export function renamed(key: string): string {
  const names = new Map<string, string>();
  return key.replaceAll(noncePattern, (name) => {
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

const ids = new WeakMap<object, number>();
let lastId = 0;

/** A number of the very object. */
export function idOf(value: object): number {
  const id = ids.get(value) ?? (lastId += 1);
  ids.set(value, id);
  return id;
}
