import { describe, expect, test } from '@jest/globals';
import { ConnectionPool, type Place } from './pool.ts';

const limits = { maxConnections: 2, idleMilliseconds: 90_000, lifetimeMilliseconds: 600_000 };

/** One whole request at an instant; says which socket it used, and which sockets were closed for it. */
function visit(pool: ConnectionPool, key: string, now: number, sound = true): { socket?: string; closed: string[] } {
  const { place, close } = pool.enter(key, now);
  const left = place ? pool.leave(place, now, sound) : [];
  return { socket: place?.socket, closed: [...close, ...left] };
}

function placeOf(pool: ConnectionPool, key: string, now: number): Place {
  const { place } = pool.enter(key, now);
  if (!place) throw new Error(`no place for ${key}`);
  return place;
}

describe('the pool of connections', () => {
  test('gives the same socket to the same target, and another to another', () => {
    const pool = new ConnectionPool(limits);
    expect([visit(pool, 'a', 0).socket, visit(pool, 'b', 1).socket, visit(pool, 'a', 2).socket]).toEqual([
      'c1',
      'c2',
      'c1',
    ]);
  });

  test('lets newcomers connect by themselves when all places are in rotation', () => {
    const pool = new ConnectionPool(limits);
    const rounds = Array.from({ length: 5 }, (_, round) =>
      ['a', 'b', 'c', 'd'].map((key, index) => visit(pool, key, round * 1000 + index * 10)),
    );
    expect(rounds.flat().flatMap(({ closed }) => closed)).toEqual([]);
    expect(rounds.at(-1)?.map(({ socket }) => socket)).toEqual(['c1', 'c2', undefined, undefined]);
  });

  test('gives the place used longest ago to one who comes by more often', () => {
    const pool = new ConnectionPool(limits);
    visit(pool, 'b', 0);
    visit(pool, 'a', 10);
    visit(pool, 'hot', 20);
    expect(visit(pool, 'hot', 30)).toEqual({ socket: 'c3', closed: ['c1'] });
    expect(visit(pool, 'a', 40).socket).toBe('c2');
  });

  test('gives away a place whose connection has ended by idleness', () => {
    const pool = new ConnectionPool(limits);
    visit(pool, 'a', 0);
    visit(pool, 'b', 50_000);
    expect(visit(pool, 'c', 95_000)).toEqual({ socket: 'c3', closed: ['c1'] });
  });

  test('never takes a connection that is in use', () => {
    const pool = new ConnectionPool(limits);
    placeOf(pool, 'a', 0);
    placeOf(pool, 'b', 0);
    expect(visit(pool, 'c', 1_000_000)).toEqual({ socket: undefined, closed: [] });
  });

  test('lets a second request connect by itself while the first has the connection', () => {
    const pool = new ConnectionPool(limits);
    const first = placeOf(pool, 'a', 0);
    expect(pool.enter('a', 1).place).toBeUndefined();
    pool.leave(first, 2, true);
    const next = placeOf(pool, 'a', 3);
    expect([next.socket, next.established]).toEqual(['c1', true]);
    expect(pool.enter('a', 700_000).place).toBeUndefined();
  });

  test('hands a broken connection to nobody, and closes it', () => {
    const pool = new ConnectionPool(limits);
    visit(pool, 'a', 0);
    expect(visit(pool, 'a', 1, false)).toEqual({ socket: 'c1', closed: ['c1'] });
    const next = placeOf(pool, 'a', 2);
    expect([next.socket, next.established]).toEqual(['c2', false]);
  });

  test('replaces a connection that has grown old', () => {
    const pool = new ConnectionPool(limits);
    for (let now = 0; now < 600_000; now += 60_000) visit(pool, 'a', now);
    expect(visit(pool, 'a', 600_000)).toEqual({ socket: 'c2', closed: ['c1'] });
  });

  test('opens nothing when it has no places', () => {
    const pool = new ConnectionPool({ ...limits, maxConnections: 0 });
    expect(visit(pool, 'a', 0)).toEqual({ socket: undefined, closed: [] });
    expect(visit(pool, 'a', 1)).toEqual({ socket: undefined, closed: [] });
  });
});
