import { describe, expect, test } from '@jest/globals';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { AccountReader, AccountWrite } from '../../runtime/feature.ts';
import { confirm } from './confirm.ts';
import { suspect } from './suspicion.ts';

const identity = { apiVersion: 'test.example/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'b' } };
const objectOf = (spec: object): Resource => ({
  ...identity,
  metadata: { ...identity.metadata, uid: 'u', resourceVersion: '7' },
  ...{ spec },
});

/** What becomes of a template, when `live` is there and the dry run of a write gives `stored`. */
async function confirmed(
  template: object,
  live: object,
  stored: object,
  match: ObjectTemplate['match'] = 'MustContain',
) {
  const item = { name: 'x', match, template: { ...identity, spec: template } } as ObjectTemplate;
  const tried: AccountWrite[] = [];
  const account = {
    get: () => Promise.resolve(objectOf(live)),
    try: (_: unknown, write: AccountWrite) => {
      tried.push(write);
      return Promise.resolve({ is: 'accepted', object: objectOf(stored) });
    },
  } as unknown as AccountReader;
  const suspicion = suspect(item, objectOf(live), undefined, (text) => text);
  if (suspicion.is === 'holds') throw new Error('nothing is suspected');
  const answer = await confirm(suspicion, {
    item,
    kind: { group: 'test.example', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true },
    spot: { namespace: 'b', name: 'a', object: objectOf(live) },
    schema: undefined,
    baseline: { name: 'base', uid: 'u' },
    account,
    accountName: 'ns/name',
    conceal: (text) => text,
    signal: new AbortController().signal,
  });
  return { answer, tried };
}

describe('MustContain', () => {
  test('puts in what is missing, of the very version that was looked at, by what was tried', async () => {
    const { answer, tried } = await confirmed({ list: ['B'], n: 1 }, { list: ['x'], n: 2 }, { list: ['x', 'B'], n: 1 });
    expect(answer).toMatchObject({
      is: 'fails',
      differences: [
        { path: 'spec.list[-]', expected: '"B"' },
        { path: 'spec.n', expected: '1', actual: '2' },
      ],
      fix: {
        write: {
          patch: [
            { op: 'test', path: '/metadata/resourceVersion', value: '7' },
            { op: 'add', path: '/spec/list/-', value: 'B' },
            { op: 'replace', path: '/spec/n', value: 1 },
          ],
        },
      },
    });
    expect(answer !== 'holds' && answer.is === 'fails' && answer.fix?.obstacle).toBeUndefined();
    expect(tried).toHaveLength(1);
  });

  test.each([
    ['a text', ['B'], ['x', 'b']],
    ['an object', [{ a: 1, b: 2 }], ['x', { a: 1, b: 3 }]],
    ['one of two', ['x', 'y', 'B'], ['x', 'y', 'b']],
    ['nothing', ['B'], ['x']],
  ])('does not put in again and again what is stored as something else: %s', async (_what, list, stored) => {
    const { answer } = await confirmed({ list }, { list: ['x'] }, { list: stored });
    expect(answer).toMatchObject({
      is: 'fails',
      fix: { obstacle: expect.stringMatching(/^what is added to spec\.list/) },
    });
  });

  test('what the apiserver adds to an item is no matter', async () => {
    const { answer } = await confirmed(
      { list: [{ port: 80 }] },
      { list: [] },
      { list: [{ port: 80, protocol: 'TCP' }] },
    );
    expect(answer).toMatchObject({ is: 'fails', fix: { write: { patch: [{}, { op: 'add' }] } } });
    expect(answer !== 'holds' && answer.is === 'fails' && answer.fix?.obstacle).toBeUndefined();
  });

  test('holds when the write would change nothing', async () => {
    expect((await confirmed({ n: '1000m' }, { n: '1' }, { n: '1' })).answer).toBe('holds');
  });
});
