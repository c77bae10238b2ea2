import { describe, expect, test } from '@jest/globals';
import { secretKind } from '../../governance/secretOf.ts';
import { SharedReads, type SecretReader } from './sharedReads.ts';

const key = { namespace: 'a', name: 'fleet-ssh' };
const { signal } = new AbortController();
const at = (milliseconds: number) => new Date(1_800_000_000_000 + milliseconds);

/** Each read gives its number. */
function counting(read: (index: number) => Promise<unknown> = (index) => Promise.resolve({ index })) {
  let count = 0;
  return {
    reader: { ungranted: () => Promise.resolve(undefined), tryFetch: () => read((count += 1)) } as SecretReader,
    count: () => count,
  };
}

describe('reads of a Secret', () => {
  test.each([
    ['while the first goes on, and some seconds later', [0, 0, 4999], [1, 1, 1]],
    [
      'each once that is over (temporal-worker-controller#295, karmada#6388: keys of before a rotation)',
      [0, 5000, 7000, 10_000],
      [1, 2, 2, 3],
    ],
    ['none across a clock that was set back', [9000, 0], [1, 2]],
  ])('are shared: %s', async (_, times, expected) => {
    const { reader } = counting();
    const shared = new SharedReads();
    const found = await Promise.all(
      times.map((time) => shared.through(reader, at(time)).tryFetch(secretKind, key, signal)),
    );
    expect(found).toEqual(expected.map((index) => ({ index })));
  });

  test('say whether they are: what was read for others may be another by now', async () => {
    const { reader } = counting();
    const shared = new SharedReads();
    const readers = [0, 1].map((time) => shared.through(reader, at(time)));
    for (const one of readers) await one.tryFetch(secretKind, key, signal);
    expect(readers.map(({ hasShared }) => hasShared)).toEqual([false, true]);
  });

  test('are made afresh where that is asked for, and others have that one', async () => {
    const { reader } = counting();
    const shared = new SharedReads();
    const ways = ['through', 'afresh', 'through'] as const;
    const found = [];
    for (const way of ways) found.push(await shared[way](reader, at(0)).tryFetch(secretKind, key, signal));
    expect(found).toEqual([{ index: 1 }, { index: 2 }, { index: 2 }]);
  });

  test('of another namespace are its own', async () => {
    const { reader, count } = counting();
    const shared = new SharedReads();
    for (const namespace of ['a', 'b', 'a'])
      await shared.through(reader, at(0)).tryFetch(secretKind, { ...key, namespace }, signal);
    expect(count()).toBe(2);
  });

  test.each([
    ['that are refused', { is: 'refused', status: 403, message: 'no' }],
    ['of one that is not there', undefined],
  ])('%s are not shared: whoever grants it or creates it asks for a look right away', async (_, answer) => {
    const { reader } = counting((index) => Promise.resolve(index === 1 ? answer : { index }));
    const shared = new SharedReads();
    const first = await shared.through(reader, at(0)).tryFetch(secretKind, key, signal);
    const second = await shared.through(reader, at(1)).tryFetch(secretKind, key, signal);
    expect([first, second]).toEqual([answer, { index: 2 }]);
  });

  test('that fail are not shared: each asks for itself', async () => {
    const { reader, count } = counting((index) =>
      index === 1 ? Promise.reject(new Error('broken off')) : Promise.resolve({ index }),
    );
    const shared = new SharedReads();
    const [first, second] = await Promise.allSettled(
      [0, 0].map((time) => shared.through(reader, at(time)).tryFetch(secretKind, key, signal)),
    );
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toEqual({ status: 'fulfilled', value: { index: 2 } });
    expect(count()).toBe(2);
  });

  test('that a pass waits for end with it', async () => {
    const { reader } = counting();
    const shared = new SharedReads();
    const own = new AbortController();
    const first = shared.through(reader, at(0)).tryFetch(secretKind, key, signal);
    const second = shared.through(reader, at(0)).tryFetch(secretKind, key, own.signal);
    own.abort(new Error('the Device is gone'));
    await expect(second).rejects.toThrow('the Device is gone');
    expect(await first).toEqual({ index: 1 });
  });
});
