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
  test('gives a socket to a target that comes back, the same each time, and another to another', () => {
    const pool = new ConnectionPool(limits);
    const sockets = [0, 1, 2].map((round) => ['a', 'b'].map((key) => visit(pool, key, round * 1000).socket));
    expect(sockets).toEqual([
      [undefined, undefined],
      ['c1', 'c2'],
      ['c1', 'c2'],
    ]);
  });

  test('opens nothing for a target that comes back only after a connection would have ended by itself', () => {
    const pool = new ConnectionPool(limits);
    const visits = [0, 90_000, 180_000, 400_000].map((now) => visit(pool, 'a', now));
    expect(visits).toEqual(visits.map(() => ({ socket: undefined, closed: [] })));
    expect(visit(pool, 'a', 489_999).socket).toBe('c1');
    expect(visit(pool, 'a', 579_999)).toEqual({ socket: undefined, closed: ['c1'] });
  });

  test('lets newcomers connect by themselves when all places are in rotation', () => {
    const pool = new ConnectionPool(limits);
    const rounds = Array.from({ length: 6 }, (_, round) =>
      ['a', 'b', 'c', 'd'].map((key, index) => visit(pool, key, round * 1000 + index * 10)),
    );
    expect(rounds.flat().flatMap(({ closed }) => closed)).toEqual([]);
    expect(rounds.at(-1)?.map(({ socket }) => socket)).toEqual(['c1', 'c2', undefined, undefined]);
  });

  test('gives the place used longest ago to one who comes by more often', () => {
    const pool = new ConnectionPool(limits);
    for (const now of [0, 100]) {
      visit(pool, 'b', now);
      visit(pool, 'a', now + 10);
    }
    visit(pool, 'hot', 120);
    expect(visit(pool, 'hot', 130)).toEqual({ socket: 'c3', closed: ['c1'] });
    expect(visit(pool, 'a', 140).socket).toBe('c2');
  });

  test('gives away a place whose connection has ended by idleness', () => {
    const pool = new ConnectionPool(limits);
    for (const now of [0, 10]) visit(pool, 'a', now);
    for (const now of [50_000, 50_010]) visit(pool, 'b', now);
    visit(pool, 'c', 95_000);
    expect(visit(pool, 'c', 95_010)).toEqual({ socket: 'c3', closed: ['c1'] });
  });

  test('never takes a connection that is in use', () => {
    const pool = new ConnectionPool(limits);
    for (const key of ['a', 'b']) {
      visit(pool, key, 0);
      placeOf(pool, key, 1);
    }
    visit(pool, 'c', 1_000_000);
    expect(visit(pool, 'c', 1_000_001)).toEqual({ socket: undefined, closed: [] });
  });

  test('lets a second request connect by itself while the first has the connection', () => {
    const pool = new ConnectionPool(limits);
    visit(pool, 'a', 0);
    const first = placeOf(pool, 'a', 0);
    expect(pool.enter('a', 1).place).toBeUndefined();
    pool.leave(first, 2, true);
    const next = placeOf(pool, 'a', 3);
    expect([next.socket, next.established]).toEqual(['c1', true]);
    expect(pool.enter('a', 700_000)).toEqual({ close: [] });
  });

  test('hands a broken connection to nobody, and closes it', () => {
    const pool = new ConnectionPool(limits);
    for (const now of [0, 1]) visit(pool, 'a', now);
    expect(visit(pool, 'a', 2, false)).toEqual({ socket: 'c1', closed: ['c1'] });
    expect(visit(pool, 'a', 3)).toEqual({ socket: undefined, closed: [] });
    const next = placeOf(pool, 'a', 4);
    expect([next.socket, next.established]).toEqual(['c2', false]);
  });

  test('gives no place to a host that did not answer last time, however many of them come back', () => {
    const pool = new ConnectionPool(limits);
    const rounds = Array.from({ length: 5 }, (_, round) =>
      ['a', 'b', 'c'].map((key) => {
        const { socket } = visit(pool, key, round * 1000);
        pool.forget(key);
        return socket;
      }),
    );
    expect(rounds.flat().filter(Boolean)).toEqual([]);
    for (const now of [6000, 7000]) visit(pool, 'sound', now);
    expect(visit(pool, 'sound', 8000)).toEqual({ socket: 'c1', closed: [] });
  });

  test('replaces a connection that has grown old', () => {
    const pool = new ConnectionPool(limits);
    for (let now = 0; now < 660_000; now += 60_000) visit(pool, 'a', now);
    expect(visit(pool, 'a', 660_000)).toEqual({ socket: 'c2', closed: ['c1'] });
  });

  test('opens nothing when it has no places', () => {
    const pool = new ConnectionPool({ ...limits, maxConnections: 0 });
    expect(visit(pool, 'a', 0)).toEqual({ socket: undefined, closed: [] });
    expect(visit(pool, 'a', 1)).toEqual({ socket: undefined, closed: [] });
  });
});
