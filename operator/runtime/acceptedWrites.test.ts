import { expect, test } from '@jest/globals';
import type { Kind } from '../api/kind.ts';
import { AcceptedWrites } from './acceptedWrites.ts';
import type { AccountWrite } from './feature.ts';

const kind: Kind = { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true };
const time = new Date('2026-11-26T03:00:00Z');
const key = { namespace: 'shop', name: 'a' };
const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: key };
const apply: AccountWrite = { apply: object, manager: 'm' };

test.each<[string, AccountWrite, AccountWrite, boolean]>([
  ['the same', apply, apply, true],
  ['another way to write it', apply, { patch: [], key, manager: 'm' }, true],
  ['its creation', { create: object, manager: 'm' }, apply, true],
  ['that of another manager', apply, { ...apply, manager: 'other' }, false],
  ['that to another object', apply, { patch: [], key: { ...key, name: 'b' }, manager: 'm' }, false],
  ['a deletion of what is there again', { delete: key, uid: '1' }, { delete: key, uid: '2' }, true],
  ['a deletion of what is still there', { delete: key, uid: '1' }, { delete: key, uid: '1' }, false],
  ['a deletion, of a write', { delete: key, uid: '1' }, apply, false],
])('a write that was accepted is %s', (_, accepted, asked, isAccepted) => {
  const writes = new AcceptedWrites();
  writes.record('baseline b', kind, accepted, time);
  expect(writes.timeOf('baseline b', kind, asked)).toEqual(isAccepted ? time : undefined);
  expect(writes.timeOf('baseline c', kind, asked)).toBeUndefined();
  writes.forget('baseline b');
  expect(writes.timeOf('baseline b', kind, asked)).toBeUndefined();
});

test('at most a thousand are kept, the newest', () => {
  const writes = new AcceptedWrites();
  const patch = (name: number): AccountWrite => ({ patch: [], key: { ...key, name: `n-${name}` }, manager: 'm' });
  for (let name = 0; name <= 1000; name += 1) writes.record('b', kind, patch(name), time);
  expect([0, 1, 1000].map((name) => writes.timeOf('b', kind, patch(name)))).toEqual([undefined, time, time]);
});
