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
const ALL = -1;
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
  const { classes, next, found: groups, shift } = words;
  const stack: Level[] = [];
  /** What is being read; what of it is not read yet begins the next. */
  let bytes: Buffer = Buffer.alloc(0);
  let values = 0;

  function keyOf(level: Level): string {
    return (level.key ??= decoded(bytes, level.from, level.to));
  }

  const path = (): Segment[] => stack.map((level) => (level.isList ? level.at : keyOf(level)));

  /** The string from its first quote to after its last. */
  function string(from: number, to: number, mask: number): void {
    const level = stack.at(-1);
    if (level?.wantsKey) {
      Object.assign(level, { wantsKey: false, key: undefined, from, to, words: mask });
      if (mask !== 0) level.key = found({ text: keyOf(level), path: path(), is: 'key', words: mask }) ?? level.key;
      return;
    }
    if (mask !== 0 || (level && level.words !== 0 && isNamed(keyOf(level))))
      found({ text: decoded(bytes, from, to), path: path(), is: 'string', words: mask });
    value(level);
  }

  function value(level: Level | undefined): void {
    if (!level && ++values > 1) throw new UnreadableJson('it has more than one document');
  }

  function punctuation(byte: number): void {
    const level = stack.at(-1);
    switch (byte) {
      case 123:
      case 91:
        if (stack.length >= limits.depth) throw new UnreadableJson(`it is nested deeper than ${limits.depth} levels`);
        value(level);
        stack.push({ isList: byte === 91, at: 0, key: '', from: 0, to: 0, words: 0, wantsKey: byte === 123 });
        break;
      case 125:
      case 93:
        if (level?.isList !== (byte === 93)) throw new UnreadableJson('its brackets do not match');
        stack.pop();
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
    const end = bytes.length;
    let at = 0;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        let state = 0;
        let mask = 0;
        let to = at + 1;
        for (; to < end; to++) {
          const inner = bytes[to]!;
          if (inner === QUOTE) break;
          if (inner === BACKSLASH) {
            to++;
            state = 0;
            // What is written as a number may be anything.
            if (bytes[to] === 117) mask = ALL;
          } else {
            state = next[state | classes[inner]!]!;
            mask |= groups[state >>> shift]!;
          }
        }
        if (to >= end) return at;
        string(at, to + 1, mask);
        at = to + 1;
      } else if (outside[byte] === 1) {
        punctuation(byte);
        at++;
      } else if (outside[byte] === 2) {
        let to = at + 1;
        while (to < end && outside[bytes[to]!] === 2) to++;
        if (to === end && !isLast) return at;
        if (to - at > 12) found({ text: bytes.toString('latin1', at, to), path: path(), is: 'number', words: ALL });
        value(stack.at(-1));
        at = to;
      } else throw new UnreadableJson('it has characters outside of strings that JSON has not');
    }
    return end;
  }

  return {
    push(chunk) {
      const more = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      bytes = bytes.length > 0 ? Buffer.concat([bytes, more]) : more;
      const from = scan(false);
      if (bytes.length - from > limits.text)
        throw new UnreadableJson(`a string is longer than ${limits.text / 2 ** 20} MiB`);
      stack.forEach(keyOf);
      bytes = Buffer.from(bytes.subarray(from));
    },
    end() {
      if (scan(true) < bytes.length) throw new UnreadableJson('it ends within a string');
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
