import { expect, test } from '@jest/globals';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { oneOf, type Asking } from './exists.ts';

const place = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' };
const differs = (...paths: string[]) => ({
  is: 'differs' as const,
  differences: paths.map((path) => ({
    path,
    pointer: '',
    fields: [],
    expected: '1',
    actual: '2',
    kind: 'different' as const,
  })),
});
const unknown = { is: 'unknown' as const, message: 'not readable' };
const fails = { is: 'fails' as const, object: place, differences: [{ path: 'd', expected: '1', actual: '2' }] };
type Known = ReturnType<Asking['known']>;
type Sure = Awaited<ReturnType<Asking['confirm']>>;

async function asked(known: Record<string, Known>, sure: Record<string, Sure> = {}) {
  const tried: string[] = [];
  const spots = Object.keys(known).map((name) => ({ namespace: 'shop', name, object: {} as Resource }));
  const answer = await oneOf(spots, place, {
    rest: () => undefined,
    known: ({ name }) => known[name],
    confirm: (_, { name }) => {
      tried.push(name);
      return Promise.resolve(sure[name] ?? fails);
    },
  });
  return { answer, tried };
}

const nearest = (name: string, count: number, places: string) => ({
  is: 'fails',
  object: place,
  differences: [
    {
      path: '',
      expected: 'at least one that matches the template',
      actual: `none of ${count}; the closest, ${name}, differs in ${places}`,
    },
  ],
});

test.each<[string, Record<string, Known>, Record<string, Sure>, unknown, string[]]>([
  ['one holds', { a: differs('x'), b: 'holds' }, {}, 'holds', []],
  ['one holds beside one that is not known', { a: unknown, b: 'holds' }, {}, 'holds', []],
  ['one holds when it is tried', { a: differs('x', 'y'), b: differs('x') }, { a: 'holds' }, 'holds', ['b', 'a']],
  ['none holds', { a: differs('x', 'y', 'z'), b: differs('y') }, {}, nearest('b', 2, 'y'), ['b', 'a']],
  [
    'those that lack least are tried',
    { a: differs('1', '2'), b: differs('1'), c: differs('1'), d: differs('1') },
    {},
    nearest('b', 4, '1'),
    ['b', 'c', 'd'],
  ],
  ['one that was tried before is not tried again', { a: fails }, {}, nearest('a', 1, 'd'), []],
  ['one is not known', { a: differs('x'), b: unknown }, {}, unknown, ['a']],
  ['one is not known when it is tried', { a: differs('x'), b: differs('y') }, { a: unknown }, unknown, ['a', 'b']],
])('%s', async (_what, known, sure, answer, tried) => {
  expect(await asked(known, sure)).toEqual({ answer, tried });
});

test('there is none', async () => {
  expect((await asked({})).answer).toMatchObject({ is: 'fails', object: place, differences: [{ actual: 'absent' }] });
});
