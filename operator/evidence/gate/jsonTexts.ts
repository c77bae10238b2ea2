/**
 * Finds in JSON, while it passes by, the few texts that may be of interest, and where they are. No text is decoded that has none of the
 * words that are searched for, nor is the document kept. What it does not understand is an error, so that nothing passes unread. Pure.
 */
import type { Keywords } from '../../lib/keywords.ts';
import type { Segment } from './jsonPath.ts';

export interface JsonText {
  readonly text: string;
  /** Where its value is; of a key, where the value of that key is. */
  readonly path: readonly Segment[];
  readonly is: 'key' | 'string' | 'number';
  /** The groups of words that are in it. */
  readonly words: number;
}

/** The document cannot be read to its end. The message says why, without any of its content. */
export class UnreadableJson extends Error {}

export const limits = { depth: 64, text: 4 * 2 ** 20 };

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const ALL = -1;
/** Marks a step after which there is something to do; states are less. */
const NOTABLE = 2 ** 30;
/** Of bytes outside of strings: 1 for blanks and punctuation, 2 for those of numbers and words. */
const outside = new Uint8Array(256);
for (const one of ' \t\n\r,:{}[]') outside[one.charCodeAt(0)] = 1;
for (const one of '0123456789+-.eEtrufalsn') outside[one.charCodeAt(0)] = 2;

interface Level {
  readonly isList: boolean;
  at: number;
  /** Undefined while it is only known where it is: most keys are never needed. */
  key: string | undefined;
  from: number;
  to: number;
  /** The groups of words that are in the key. */
  words: number;
  /** Whether the next string is a key. */
  wantsKey: boolean;
}

/** The words, and the ends and escapes of strings, so that one comparison is enough for most bytes: `state = steps[state | classes[byte]]`. */
interface Steps extends Pick<Keywords, 'classes' | 'found' | 'shift'> {
  readonly steps: Int32Array;
}

function stepsOf({ classes, next, found, shift }: Keywords): Steps {
  const [quote, backslash] = [1, 2].map((more) => Math.max(...classes) + more) as [number, number];
  const wider = Math.ceil(Math.log2(backslash + 1));
  const own = classes.slice();
  own[QUOTE] = quote;
  own[BACKSLASH] = backslash;
  const steps = new Int32Array(found.length << wider);
  for (let state = 0; state < found.length; state++) {
    for (let of = 0; of < quote; of++) {
      const to = next[(state << shift) | of]! >>> shift;
      steps[(state << wider) | of] = (to << wider) | (found[to] === 0 ? 0 : NOTABLE);
    }
    // No word goes on after them.
    steps[(state << wider) | quote] = NOTABLE;
    steps[(state << wider) | backslash] = NOTABLE;
  }
  return { classes: own, steps, found, shift: wider };
}

export interface JsonTexts {
  /** Takes the next bytes. */
  push(chunk: Uint8Array): void;
  end(): void;
}

/**
 * `found` is called for texts with any of the words, for values of keys with any of them that `isNamed` says so, and for long numbers. It
 * may return another name for a key, by which paths call it then.
 */
export function jsonTexts(
  words: Keywords,
  isNamed: (key: string) => boolean,
  found: (text: JsonText) => string | undefined,
): JsonTexts {
  const { classes, steps, found: groups, shift } = stepsOf(words);
  const stack: Level[] = [];
  /** The innermost of them. */
  let level: Level | undefined;
  /** What is being read is its beginning; what of that is not read yet begins the next. */
  let bytes: Buffer = Buffer.alloc(0);
  let length = 0;
  let values = 0;

  function keyOf(one: Level): string {
    return (one.key ??= decoded(bytes, one.from, one.to));
  }

  const path = (): Segment[] => stack.map((one) => (one.isList ? one.at : keyOf(one)));

  /** The string from its first quote to after its last. */
  function string(from: number, to: number, mask: number): void {
    if (level?.wantsKey) {
      level.wantsKey = false;
      level.key = undefined;
      level.from = from;
      level.to = to;
      level.words = mask;
      if (mask !== 0) level.key = found({ text: keyOf(level), path: path(), is: 'key', words: mask }) ?? level.key;
      return;
    }
    if (mask !== 0 || (level && level.words !== 0 && isNamed(keyOf(level))))
      found({ text: decoded(bytes, from, to), path: path(), is: 'string', words: mask });
    value();
  }

  function value(): void {
    if (!level && ++values > 1) throw new UnreadableJson('it has more than one document');
  }

  function punctuation(byte: number): void {
    switch (byte) {
      case 123:
      case 91:
        if (stack.length >= limits.depth) throw new UnreadableJson(`it is nested deeper than ${limits.depth} levels`);
        value();
        level = { isList: byte === 91, at: 0, key: '', from: 0, to: 0, words: 0, wantsKey: byte === 123 };
        stack.push(level);
        break;
      case 125:
      case 93:
        if (level?.isList !== (byte === 93)) throw new UnreadableJson('its brackets do not match');
        stack.pop();
        level = stack.at(-1);
        break;
      case 44:
        if (!level) throw new UnreadableJson('it has more than one document');
        level.at++;
        level.wantsKey = !level.isList;
        break;
      default:
    }
  }

  /** Reads what is complete, and returns where the rest begins. */
  function scan(isLast: boolean): number {
    const all = bytes;
    const end = length;
    let at = 0;
    while (at < end) {
      const byte = all[at]!;
      if (byte === QUOTE) {
        let state = 0;
        let mask = 0;
        let to = at + 1;
        let isClosed = false;
        while (to < end) {
          state = steps[state | classes[all[to++]!]!]!;
          if (state < NOTABLE) continue;
          state &= NOTABLE - 1;
          const inner = all[to - 1]!;
          if (inner === QUOTE) {
            isClosed = true;
            break;
          }
          if (inner === BACKSLASH) {
            // What is written as a number may be anything.
            if (to < end && all[to] === 117) mask = ALL;
            to++;
          } else mask |= groups[state >>> shift]!;
        }
        if (!isClosed) return at;
        string(at, to, mask);
        at = to;
      } else if (outside[byte] === 1) {
        // Between two members, or a name and its value, there is nothing else to do.
        if (byte !== COLON) punctuation(byte);
        at++;
      } else if (outside[byte] === 2) {
        let to = at + 1;
        while (to < end && outside[all[to]!] === 2) to++;
        if (to === end && !isLast) return at;
        if (to - at > 12) found({ text: all.toString('latin1', at, to), path: path(), is: 'number', words: ALL });
        value();
        at = to;
      } else throw new UnreadableJson('it has characters outside of strings that JSON has not');
    }
    return end;
  }

  return {
    push(chunk) {
      // One memory for all chunks: a new one for each would be garbage of the size of the document.
      if (bytes.length < length + chunk.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, length + chunk.length));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      bytes.set(chunk, length);
      length += chunk.length;
      const from = scan(false);
      if (length - from > limits.text) throw new UnreadableJson(`a string is longer than ${limits.text / 2 ** 20} MiB`);
      stack.forEach(keyOf);
      bytes.copyWithin(0, from, length);
      length -= from;
    },
    end() {
      if (scan(true) < length) throw new UnreadableJson('it ends within a string');
      if (stack.length > 0) throw new UnreadableJson('it ends before its last bracket');
      if (values === 0) throw new UnreadableJson('it is empty');
    },
  };
}

function decoded(bytes: Buffer, from: number, to: number): string {
  const raw = bytes.toString('utf8', from + 1, to - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw new UnreadableJson('a string is not one of JSON');
  }
}
