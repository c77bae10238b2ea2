import { expect, test } from '@jest/globals';
import { Connections } from './connections.ts';
import type { Pool } from './pool.ts';

/** Pools by their numbers; what became of each is written down. */
function given() {
  const seen: string[] = [];
  const ends = Promise.withResolvers<void>();
  let count = 0;
  const connections = new Connections(() => {
    const name = `pool ${(count += 1)}`;
    const close = () => (seen.push(`${name} closes`), ends.promise);
    const destroy = () => (seen.push(`${name} is destroyed`), Promise.resolve());
    return { close, destroy } as unknown as Pool;
  });
  return { connections, seen, ends };
}

test('a silent connection is left to those that wait on it, and others get a new one', () => {
  const { connections, seen } = given();
  const silent = connections.current;
  connections.replace(silent);
  const next = connections.current;
  expect(next).not.toBe(silent);
  // Those that wait on it give it up one after the other.
  connections.replace(silent);
  expect(connections.current).toBe(next);
  expect(seen).toEqual(['pool 1 closes']);
});

test('all end at once in the end, those that are left and have not closed included', async () => {
  const { connections, seen, ends } = given();
  connections.replace(connections.current);
  connections.replace(connections.current);
  await connections.close();
  expect(seen.slice(2)).toEqual(['pool 3 is destroyed', 'pool 1 is destroyed', 'pool 2 is destroyed']);
  ends.resolve();
});
