/**
 * Finds many words in bytes in one go, in the same time however many there are: the automaton of Aho and Corasick (Efficient string
 * matching, 1975). Letters match in either case, and `0` matches any digit. Pure.
 */

/** A step: `state = next[state | classes[byte]]`; the groups that a byte completes are `found[state >> shift]`. */
export interface Keywords {
  readonly classes: Uint8Array;
  readonly next: Uint32Array;
  readonly found: Int32Array;
  readonly shift: number;
}

const ZERO = 48;

/** For each group of words a bit, by its index modulo 32. Words are in lower case, of ASCII. */
export function keywords(groups: readonly (readonly string[])[]): Keywords {
  const classes = classesOf(groups.flat());
  const count = Math.max(...classes) + 1;
  const shift = Math.ceil(Math.log2(count));
  const trie = [new Map<number, number>()];
  const bits = [0];
  groups.forEach((words, group) => {
    for (const word of words) {
      let state = 0;
      for (let at = 0; at < word.length; at++) {
        const of = classes[word.charCodeAt(at)]!;
        const known = trie[state]!.get(of);
        if (known === undefined) {
          trie[state]!.set(of, trie.length);
          state = trie.push(new Map()) - 1;
          bits.push(0);
        } else state = known;
      }
      bits[state]! |= 1 << (group % 32);
    }
  });
  return { classes, shift, ...automaton(trie, bits, shift) };
}

/** Of each byte: 0 for those that are in no word, one number for both cases of a letter, one for all digits. */
function classesOf(words: readonly string[]): Uint8Array {
  const classes = new Uint8Array(256);
  let last = 0;
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const code = word.charCodeAt(at);
      if (!classes[code]) classes[code] = ++last;
      if (code >= 97 && code <= 122) classes[code - 32] = classes[code];
    }
  }
  classes.fill(classes[ZERO]!, ZERO, ZERO + 10);
  return classes;
}

function automaton(trie: readonly Map<number, number>[], bits: readonly number[], shift: number) {
  const next = new Uint32Array(trie.length << shift);
  const found = Int32Array.from(bits);
  const fail = new Uint32Array(trie.length);
  const queue = [0];
  for (const state of queue) {
    found[state]! |= found[fail[state]!]!;
    for (let of = 0; of < 1 << shift; of++) {
      const to = trie[state]!.get(of);
      const other = state === 0 ? 0 : next[(fail[state]! << shift) | of]! >>> shift;
      if (to !== undefined) {
        fail[to] = other;
        queue.push(to);
      }
      next[(state << shift) | of] = (to ?? other) << shift;
    }
  }
  return { next, found };
}
