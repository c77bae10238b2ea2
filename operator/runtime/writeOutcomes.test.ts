import { expect, test } from '@jest/globals';
import type { Kind } from '../api/kind.ts';
import { WriteOutcomes } from './writeOutcomes.ts';
import type { AccountWrite } from './feature.ts';

const kind: Kind = { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true };
const now = new Date('2026-11-26T03:01:05Z');
const outcome = { is: 'accepted', time: new Date('2026-11-26T03:00:00Z') } as const;
const key = { namespace: 'shop', name: 'a' };
const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: key };
const apply: AccountWrite = { apply: object, manager: 'm' };

test.each<[string, AccountWrite, AccountWrite, string | undefined]>([
  ['the same', apply, apply, 'accepted'],
  ['another way to write it', apply, { patch: [], key, manager: 'm' }, 'accepted'],
  ['its creation', { create: object, manager: 'm' }, apply, 'accepted'],
  ['that of another manager', apply, { ...apply, manager: 'other' }, undefined],
  ['that to another object', apply, { patch: [], key: { ...key, name: 'b' }, manager: 'm' }, undefined],
  ['a deletion of what is there again', { delete: key, uid: '1' }, { delete: key, uid: '2' }, 'accepted'],
  ['a deletion of what is still there', { delete: key, uid: '1' }, { delete: key, uid: '1' }, 'ineffective'],
  [
    'a deletion of what is still there in a later version',
    { delete: key, uid: '1', resourceVersion: '5' },
    { delete: key, uid: '1', resourceVersion: '6' },
    'ineffective',
  ],
  ['a deletion, of a write', { delete: key, uid: '1' }, apply, undefined],
])('a write that was accepted is %s', (_, accepted, asked, is) => {
  const writes = new WriteOutcomes(() => now);
  writes.record('baseline b', kind, accepted, outcome);
  expect(writes.lastOf('baseline b', kind, asked)?.is).toBe(is);
  expect(writes.lastOf('baseline c', kind, asked)).toBeUndefined();
  writes.forget('baseline b');
  expect(writes.lastOf('baseline b', kind, asked)).toBeUndefined();
});

test('of a deletion that was refused it is known although the object is still there', () => {
  const writes = new WriteOutcomes(() => now);
  const deletion: AccountWrite = { delete: key, uid: '1' };
  const refused = { is: 'refused', status: 403, message: 'no', time: outcome.time } as const;
  writes.record('b', kind, deletion, refused);
  expect(writes.lastOf('b', kind, deletion)).toEqual(refused);
});

test('of a deletion that was accepted nothing is known while the news of it may still come, as of a silent watch', () => {
  const writes = new WriteOutcomes(() => new Date(now.getTime() - 1));
  const deletion: AccountWrite = { delete: key, uid: '1', resourceVersion: '5' };
  writes.record('b', kind, deletion, outcome);
  expect(writes.lastOf('b', kind, deletion)).toEqual({ is: 'unanswered', time: outcome.time });
  expect(writes.lastOf('b', kind, { ...deletion, resourceVersion: '6' })?.is).toBe('ineffective');
});

test('at most 5000 are kept, the newest', () => {
  const writes = new WriteOutcomes(() => now);
  const patch = (name: number): AccountWrite => ({ patch: [], key: { ...key, name: `n-${name}` }, manager: 'm' });
  for (let name = 0; name <= 5000; name += 1) writes.record('b', kind, patch(name), outcome);
  expect([0, 1, 5000].map((name) => writes.lastOf('b', kind, patch(name)))).toEqual([undefined, outcome, outcome]);
});
