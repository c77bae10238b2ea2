/** Turns are counted, not timed: who takes a place when. */
import { describe, expect, test } from '@jest/globals';
import type { Lane } from './lanes.ts';
import { Turns } from './turns.ts';

class One {
  readonly name: string;
  readonly group: string;
  readonly isSlow: boolean;
  lane: Lane = 'fresh';
  isReady = true;

  /** `a1` is of group `a`; `a1~` is slow. */
  constructor(name: string) {
    this.name = name;
    this.group = name.slice(0, 1);
    this.isSlow = name.endsWith('~');
  }
}

function bed(places: number, ...names: readonly string[]) {
  const turns = new Turns<One>(places);
  const push = (...more: readonly string[]): void => more.forEach((name) => turns.push(new One(name)));
  const take = (): One | undefined => {
    const one = turns.take();
    if (one) one.isReady = false;
    return one;
  };
  /** All who may have a place now. */
  const takeAll = (): One[] => {
    const taken: One[] = [];
    for (let one = take(); one; one = take()) taken.push(one);
    return taken;
  };
  /** Each gives its place back before the next takes it. */
  const inTurn = (): string[] => {
    const order: string[] = [];
    for (let one = take(); one; one = take()) {
      order.push(one.name);
      turns.leave(one);
    }
    return order;
  };
  push(...names);
  return { turns, push, take, takeAll, inTurn };
}

const many = (count: number, group: string, end = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${group}${index + 1}${end}`);
const ofGroup = (taken: readonly One[], group: string): number => taken.filter((one) => one.group === group).length;

describe('turns', () => {
  test('go round the groups, however many of each wait', () => {
    expect(bed(1, ...many(4, 'a'), ...many(2, 'b'), 'c1').inTurn()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  test('come to one group of many within one round, when ten thousand of another wait', () => {
    const { push, take, turns } = bed(1, ...many(10_000, 'a'));
    const taken = [take()!];
    push('b1');
    while (taken.at(-1)?.group === 'a' && taken.length < 10_000) {
      turns.leave(taken.at(-1)!);
      taken.push(take()!);
    }
    expect(taken.length).toBeLessThanOrEqual(3);
  });

  test('do not come sooner to a group because it leaves and comes back', () => {
    const { turns, push, take } = bed(1, ...many(3, 'a'), 'b1');
    const order: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const one = take()!;
      order.push(one.name);
      turns.leave(one);
      if (one.group === 'b') push(`b${index}`);
    }
    expect(order.filter((name) => name.startsWith('a'))).toHaveLength(3);
  });
});

describe('places', () => {
  test.each([
    [8, 1, 4],
    [8, 2, 3],
    [8, 3, 2],
    [128, 1, 64],
    [128, 9, 13],
    [1, 3, 1],
  ])('of %d places %d groups have at most %d each', (places, groups, most) => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].slice(0, groups);
    const taken = bed(places, ...names.flatMap((group) => many(200, group))).takeAll();
    expect(Math.max(...names.map((group) => ofGroup(taken, group)))).toBe(most);
  });

  test.each([1, 2, 5, 20])(
    'one is free for a group that comes when %d others have all that they may have',
    (groups) => {
      const names = Array.from({ length: groups }, (_, index) => String.fromCharCode(65 + index));
      const { push, take, takeAll } = bed(32, ...names.flatMap((group) => many(100, group)));
      takeAll();
      push('z1');
      expect(take()?.name).toBe('z1');
    },
  );

  test('that are given back go to others first, when their group has more than its share', () => {
    const { turns, push, takeAll } = bed(8, ...many(9, 'a'));
    const taken = takeAll();
    push(...many(9, 'b'));
    expect(takeAll().map(({ name }) => name)).toEqual(['b1', 'b2']);
    turns.leave(taken[0]!);
    expect(takeAll().map(({ name }) => name)).toEqual(['b3']);
  });

  test('all come back: nothing is kept of groups that are gone', () => {
    const { takeAll, turns, push } = bed(8, ...many(4, 'a'), ...many(4, 'b'));
    for (const one of takeAll()) turns.leave(one);
    for (let round = 0; round < 5; round += 1) for (const one of takeAll()) turns.leave(one);
    push(...many(9, 'c'));
    expect(takeAll()).toHaveLength(4);
  });
});

describe('what is slow', () => {
  test('has the places of half of all, and what is quick does not wait for it, in its own group either', () => {
    const { push, takeAll } = bed(16, ...many(100, 'a', '~'));
    expect(takeAll()).toHaveLength(4);
    push(...many(100, 'a'), ...many(100, 'b', '~'));
    const taken = takeAll();
    expect(taken.filter(({ group, isSlow }) => group === 'a' && !isSlow).length).toBeGreaterThanOrEqual(2);
    expect(taken.filter(({ group, isSlow }) => group === 'b' && isSlow).length).toBeGreaterThanOrEqual(2);
  });

  test('never fills all, of however many groups it is', () => {
    const groups = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
    const { push, takeAll } = bed(16, ...groups.flatMap((group) => many(10, group, '~')));
    expect(takeAll().length).toBeLessThanOrEqual(8);
    push('Z1');
    expect(takeAll().map(({ name }) => name)).toEqual(['Z1']);
  });
});
