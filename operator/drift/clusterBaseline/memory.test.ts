import { expect, test } from '@jest/globals';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { Memory } from './memory.ts';

const objectOf = (): Resource => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }) as Resource;
const unknown = { is: 'unknown' as const, message: 'the dry run failed' };

test('what one baseline asks never makes another forget', () => {
  const memory = new Memory(() => 0);
  const object = objectOf();
  memory.of('b', 'check').remember(object, 'holds', { isLasting: true });
  for (let at = 0; at < 1000; at += 1) memory.of('a', `check-${at}`).remember(object, unknown, { isLasting: true });
  expect(memory.of('b', 'check').recall(object)).toBe('holds');
  expect(memory.of('a', 'check-0').recall(object)).toBe(unknown);
});

test('an answer is of that object, and of what it was found from', () => {
  const memory = new Memory(() => 0).of('b', 'check');
  const object = objectOf();
  memory.remember(object, 'holds', { beside: 'params 1', isLasting: true });
  expect(memory.recall(object, 'params 1')).toBe('holds');
  expect(memory.recall(object, 'params 2')).toBeUndefined();
  expect(memory.recall(objectOf(), 'params 1')).toBeUndefined();
});

test('what can change without the object is found out again, and known until then', () => {
  const time = { now: 0 };
  const memory = new Memory(() => time.now).of('b', 'template');
  const [sure, failed, lasting] = [objectOf(), objectOf(), objectOf()];
  memory.remember(sure, 'holds');
  memory.remember(failed, unknown);
  memory.remember(lasting, unknown, { isLasting: true });
  const known = () => [sure, failed, lasting].map((object) => memory.recall(object));
  time.now = 20_000;
  expect(known()).toEqual(['holds', undefined, unknown]);
  time.now = 600_000;
  expect(known()).toEqual([undefined, undefined, unknown]);
  expect(memory.recallOld(sure)).toBe('holds');
});

test('what is declared no longer is forgotten, and so are baselines that are gone', () => {
  const memory = new Memory(() => 0);
  const object = objectOf();
  for (const baseline of ['a', 'b'])
    for (const item of ['one', 'two']) memory.of(baseline, item).remember(object, 'holds');
  memory.keepItems('a', new Set(['one']));
  memory.keepBaselines(() => ['a'], 1);
  const known = ['a one', 'a two', 'b one'].map((id) => memory.of(id.split(' ')[0]!, id.split(' ')[1]!).recall(object));
  expect(known).toEqual(['holds', undefined, undefined]);
});
