/** What a section is written as: the same bytes whether its lists are lazy or not, in chunks, however long they are. */
import { expect, test } from '@jest/globals';
import { rfc8785 } from '../../lib/rfc8785.ts';
import { bytesOf } from '../../../test/builders/sections.ts';
import { written } from './write.ts';

async function* later<T>(items: readonly T[]): AsyncIterable<T> {
  for (const item of items) yield await Promise.resolve(item);
}

function* now<T>(items: readonly T[]): Iterable<T> {
  yield* items;
}

const items = [{ b: 1, a: 'é' }, { c: [null, true, { z: 0, y: '\u2028' }] }, 3];

test('lazy lists are written as lists are', async () => {
  const expected = rfc8785({ z: 1, items, a: 'x', none: [] });
  for (const list of [() => items, () => now(items), () => later(items)]) {
    const bytes = await bytesOf(written({ z: 1, items: list(), a: 'x', none: later([]) }));
    expect(bytes.toString()).toBe(expected);
  }
});

test('members without a value are left out, and nothing is a section too', async () => {
  expect((await bytesOf(written({ b: undefined, a: 1 }))).toString()).toBe('{"a":1}');
  expect((await bytesOf(written({}))).toString()).toBe('{}');
});

test('long lists come in chunks, counted, and are not held in memory', async () => {
  const count = 20_000;
  let made = 0;
  function* many() {
    for (; made < count; made++) yield { number: made, text: 'ü'.repeat(50) };
  }
  const tally = { records: 0 };
  let bytes = 0;
  let ahead = 0;
  for await (const chunk of written({ many: many() }, tally)) {
    bytes += chunk.length;
    expect(chunk.length).toBeLessThan(400_000);
    ahead = Math.max(ahead, made - bytes / 120);
  }
  expect(tally.records).toBe(count);
  // No more items were made than fill two chunks, beside those that were written.
  expect(ahead).toBeLessThan(2500);
});

test('a text that was cut in the middle of a character does not keep a section from being written', async () => {
  const content = { list: [{ message: 'cut \ud83d', '\ude00': 1 }], text: '\ud83d' };
  expect((await bytesOf(written(content))).toString()).toBe(
    '{"list":[{"message":"cut \ufffd","\ufffd":1}],"text":"\ufffd"}',
  );
});

test('what has no canonical form is an error, not something else', async () => {
  await expect(bytesOf(written({ a: new Date(0) }))).rejects.toThrow(TypeError);
  await expect(bytesOf(written({ a: [1n] }))).rejects.toThrow(TypeError);
});

test('a list that fails ends in its error', async () => {
  // eslint-disable-next-line @typescript-eslint/require-await -- it fails before it would wait
  async function* failing(): AsyncIterable<number> {
    yield 1;
    throw new Error('segment 7 is gone');
  }
  await expect(bytesOf(written({ failing: failing() }))).rejects.toThrow('segment 7 is gone');
});

test('who stops reading ends the lists', async () => {
  let ended = false;
  async function* endless(): AsyncIterable<string> {
    try {
      for (;;) yield await Promise.resolve('x'.repeat(1000));
    } finally {
      ended = true;
    }
  }
  for await (const chunk of written({ endless: endless() })) if (chunk.length) break;
  expect(ended).toBe(true);
});
