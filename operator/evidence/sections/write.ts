/**
 * Writes the content of a section as canonical JSON (RFC 8785) while it is read: lists may be lazy, and no more than a chunk of them is
 * in memory. What is written depends on nothing but the content. Pure.
 */
import { nextTurn } from '../../lib/eventLoop.ts';
import { rfc8785 } from '../../lib/rfc8785.ts';

/** In UTF-16 code units, before a chunk is given on. */
const chunkLength = 65_536;

type Lazy = Iterable<unknown> | AsyncIterable<unknown>;

/** Is no item: a list that takes long to make has it among its items, wherever everything else in this process may have its turn. */
export const pause: unique symbol = Symbol('pause');

/** Items of all lists, counted while they are written. */
export interface Tally {
  records: number;
}

/** A list of which the items are written already, with commas between them. */
export abstract class WrittenList {
  /** Of all items, once it was read. */
  abstract readonly count: number;
  abstract chunks(): AsyncIterable<Uint8Array | string>;
}

/**
 * A member may be a function that gives its value when it is its turn. Throws what a lazy list throws, and a TypeError for what is no value of JSON: what was
 * written before is not a section then.
 */
export async function* written(
  content: Readonly<Record<string, unknown>>,
  tally: Tally = { records: 0 },
): AsyncGenerator<Uint8Array, void, undefined> {
  let text = '{';
  let isFirst = true;
  for (const name of Object.keys(content).sort()) {
    const given = content[name];
    if (given === undefined) continue;
    const value: unknown = typeof given === 'function' ? await (given as () => unknown)() : given;
    text += `${isFirst ? '' : ','}${rfc8785(name)}:`;
    isFirst = false;
    if (value instanceof WrittenList || isLazy(value)) {
      text += '[';
      for await (const chunk of value instanceof WrittenList ? value.chunks() : batches(value, tally)) {
        if (typeof chunk === 'string') {
          text += chunk;
          if (text.length < chunkLength) continue;
          yield Buffer.from(text);
        } else {
          if (text) yield Buffer.from(text);
          yield chunk;
        }
        text = '';
      }
      if (value instanceof WrittenList) tally.records += value.count;
      text += ']';
    } else text += jsonOf(value);
    if (text.length < chunkLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(`${text}}`);
}

/** Several items at once, with commas before all but the first: to wait for each takes longer than to write it. */
async function* batches(list: Lazy, tally: Tally): AsyncGenerator<string, void, undefined> {
  let text = '';
  let isFirst = true;
  const add = (item: unknown): boolean => {
    text += isFirst ? jsonOf(item) : `,${jsonOf(item)}`;
    isFirst = false;
    tally.records++;
    return text.length >= chunkLength;
  };
  const taken = (): string => {
    const batch = text;
    text = '';
    return batch;
  };
  if (Symbol.asyncIterator in list) {
    for await (const item of list) if (add(item)) yield taken();
  } else {
    for (const item of list)
      if (item === pause) await nextTurn();
      else if (add(item)) yield taken();
  }
  if (text) yield text;
}

/** Arrays are lists too: their items are counted. */
function isLazy(value: unknown): value is Lazy {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/**
 * The value in canonical form. Half of a surrogate pair is replaced, as the apiserver does: a text that was shortened in the middle of a character must not
 * keep a section from being written.
 */
export function jsonOf(value: unknown): string {
  try {
    return rfc8785(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What else has no canonical form throws again.
    return rfc8785(replaced(value));
  }
}

function replaced(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(replaced);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), replaced(member)]));
}
