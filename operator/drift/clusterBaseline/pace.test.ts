import { describe, expect, test } from '@jest/globals';
import { Allowance, Pace } from './pace.ts';

describe('turns', () => {
  test('those who wait are resumed one in a turn of the loop, by turns', async () => {
    const time = { now: 0 };
    const pace = new Pace(() => time.now);
    const order: string[] = [];
    const work = async (who: string, times: number): Promise<void> => {
      for (let at = 0; at < times; at += 1) {
        await pace.next(who);
        order.push(who);
        // Used up, so that nobody goes on in this turn.
        time.now += 5;
        expect(pace.isOver).toBe(true);
      }
    };
    const turns = (async () => {
      while (order.length < 7) {
        const before = order.length;
        await new Promise((resolve) => setImmediate(resolve));
        expect(order.length - before).toBeLessThanOrEqual(1);
      }
    })();
    // `a` has many checks that are evaluated side by side.
    await Promise.all([work('a', 1), work('a', 1), work('a', 1), work('a', 1), work('a', 1), work('b', 2), turns]);
    expect(order.join('')).toBe('ababaaa');
  });

  test('a turn is over after some milliseconds of the clock', async () => {
    const time = { now: 1000 };
    const pace = new Pace(() => time.now);
    expect(pace.isOver).toBe(true);
    await pace.next('a');
    expect(pace.isOver).toBe(false);
    time.now += 4;
    expect(pace.isOver).toBe(false);
    time.now += 1;
    expect(pace.isOver).toBe(true);
  });
});

describe('an allowance of 400 ms, and of a fifth of the time', () => {
  const given = () => {
    const time = { now: 0 };
    return { time, allowance: new Allowance(() => time.now, { burst: 400, share: 0.2 }) };
  };

  test('is spent at once, and comes back in time', () => {
    const { time, allowance } = given();
    allowance.spend('a', 399);
    expect(allowance.isLeft('a')).toBe(true);
    allowance.spend('a', 1);
    expect(allowance.isLeft('a')).toBe(false);
    // Half of it.
    expect(allowance.waitFor('a')).toBe(1);
    time.now += 1000;
    expect(allowance.isLeft('a')).toBe(true);
    expect(allowance.waitFor('a')).toBe(0);
  });

  test('is each one\u2019s own', () => {
    const { allowance } = given();
    allowance.spend('a', 10_000);
    expect([allowance.isLeft('a'), allowance.isLeft('b')]).toEqual([false, true]);
  });

  test('lets nobody have more than a fifth in the long run, however often they ask', () => {
    const { time, allowance } = given();
    let spent = 0;
    for (; time.now < 100_000; time.now += 10) {
      if (!allowance.isLeft('a')) continue;
      allowance.spend('a', 7);
      spent += 7;
    }
    expect(spent).toBeGreaterThan(20_000);
    expect(spent).toBeLessThan(20_500);
  });
});
