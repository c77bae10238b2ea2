/**
 * Writes the content of a section as canonical JSON (RFC 8785) while it is read: lists may be lazy, and no more than a chunk of them is
 * in memory. What is written depends on nothing but the content. Pure.
 */
import { rfc8785 } from '../../lib/rfc8785.ts';

/** In UTF-16 code units, before a chunk is given on. */
const chunkLength = 65_536;

type Lazy = Iterable<unknown> | AsyncIterable<unknown>;

/** Items of all lists, counted while they are written. */
export interface Tally {
  records: number;
}

/** Throws what a lazy list throws, and a TypeError for what is no value of JSON: what was written before is not a section then. */
export async function* written(
  content: Readonly<Record<string, unknown>>,
  tally: Tally = { records: 0 },
): AsyncGenerator<Uint8Array, void, undefined> {
  let text = '{';
  let isFirst = true;
  for (const name of Object.keys(content).sort()) {
    const value = content[name];
    if (value === undefined) continue;
    text += `${isFirst ? '' : ','}${rfc8785(name)}:`;
    isFirst = false;
    if (!isLazy(value)) {
      text += jsonOf(value);
    } else {
      text += '[';
      let isFirstItem = true;
      for await (const item of batches(value)) {
        tally.records += item.count;
        text += `${isFirstItem ? '' : ','}${item.text}`;
        isFirstItem = false;
        if (text.length < chunkLength) continue;
        yield Buffer.from(text);
        text = '';
      }
      text += ']';
    }
    if (text.length < chunkLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(`${text}}`);
}

interface Batch {
  readonly text: string;
  readonly count: number;
}

/** Several items at once: to wait for each takes longer than to write it. */
async function* batches(list: Lazy): AsyncGenerator<Batch, void, undefined> {
  let text = '';
  let count = 0;
  const add = (item: unknown): boolean => {
    text += `${count++ ? ',' : ''}${jsonOf(item)}`;
    return text.length >= chunkLength;
  };
  const taken = (): Batch => {
    const batch = { text, count };
    [text, count] = ['', 0];
    return batch;
  };
  if (Symbol.asyncIterator in list) {
    for await (const item of list) if (add(item)) yield taken();
  } else {
    for (const item of list) if (add(item)) yield taken();
  }
  if (count) yield taken();
}

/** Arrays are lists too: their items are counted. */
function isLazy(value: unknown): value is Lazy {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/**
 * The value in canonical form. Half of a surrogate pair is replaced, as the apiserver does: a text that was shortened in the middle of a character must not
 * keep a section from being written.
 */
function jsonOf(value: unknown): string {
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
