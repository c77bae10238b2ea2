/** Decisions, checked against all that may happen around them, up to a bound; `make faults NAME=model` goes on from there. */
import { describe, expect, test } from '@jest/globals';
import { models } from './model/models.ts';
import { search, type Model, type Step } from './model/search.ts';

const mostStates = 500;

describe.each(Object.entries(models))('%s', (_, { model, broken }) => {
  test('does nothing twice, loses no record, and comes to its end', () => {
    const searched = model({ mostStates });
    expect(searched.violation).toBeUndefined();
    expect(searched.isComplete || searched.states >= mostStates).toBe(true);
  });

  test.each(Object.entries(broken))('is found wrong where %s', (_, { model: wrong, found }) => {
    const violation = wrong({ mostStates: 3000 }).violation ?? wrong({ mostStates: 12_000 }).violation;
    expect(violation?.what).toMatch(found);
    expect(violation?.trace.length).toBeGreaterThan(0);
  });
});

/** Numbers, each with the calm steps and the others from it. */
function graph(calm: Record<number, number[]>, other: Record<number, number[]> = {}, wrong?: number): Model<number> {
  const step = (to: number, isCalm: boolean): Step<number> => ({
    words: `to ${to}`,
    to,
    isCalm,
    wrong: to === wrong ? 'wrong' : undefined,
  });
  return {
    start: 0,
    keyOf: String,
    steps: (at) => [...(calm[at] ?? []).map((to) => step(to, true)), ...(other[at] ?? []).map((to) => step(to, false))],
    unfinished: (at) => (at === 9 ? undefined : `it rests at ${at}`),
  };
}

describe('the search', () => {
  test.each<[string, Model<number>, string | undefined, string[]]>([
    ['a good end', graph({ 0: [1], 1: [9] }), undefined, []],
    [
      'the shortest way to what is wrong',
      graph({ 0: [1, 2], 1: [2], 2: [9] }, { 2: [5] }, 5),
      'wrong',
      ['to 2', 'to 5'],
    ],
    ['a dead end', graph({ 0: [9] }, { 0: [3] }), 'dead end: it rests at 3', ['to 3']],
    [
      'a circle',
      graph({ 0: [9], 3: [4], 4: [3] }, { 0: [3], 4: [9] }),
      'livelock: calm steps lead in a circle',
      ['to 3', 'and then for ever, in 2 calm steps: to 4, to 3'],
    ],
    ['a step that changes nothing before one that does', graph({ 0: [0, 9] }), undefined, []],
  ])('%s', (_, model, what, trace) => {
    const { violation } = search(model, { mostStates: 100 });
    expect([violation?.what, violation?.trace ?? []]).toEqual([what, trace]);
  });

  test('follows calm steps beyond its bound', () => {
    const chain = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [at + 10, [at + 11]]));
    const { states, isComplete, violation } = search(graph({ 0: [10], ...chain }), { mostStates: 10 });
    expect([states, isComplete]).toEqual([10, false]);
    expect(violation?.what).toMatch(/^dead end: it rests at 60, after to /);
  });
});
