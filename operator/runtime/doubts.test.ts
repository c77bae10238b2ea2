import { beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../test/wire/manualClock.ts';
import { VALVE, valve } from '../../test/wire/valves.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { Cache } from './cache.ts';
import { Doubts } from './doubts.ts';

const a = { namespace: 'default', name: 'a' };
const versionOf = (resourceVersion: string): Resource => ({
  ...valve('a'),
  metadata: { ...a, uid: 'u', resourceVersion },
});
let clock: ManualClock;
let cache: Cache;
let doubts: Doubts;
let relists: number;

beforeEach(() => {
  clock = new ManualClock();
  cache = new Cache(VALVE, { onFault: () => undefined });
  cache.changed(versionOf('7'));
  relists = 0;
  doubts = new Doubts({ clock, cacheOf: (kind) => (kind === VALVE ? cache : undefined), relist: () => void relists++ });
});

test.each<[string, () => void, number]>([
  ['shows the same after five seconds, everything is listed', () => undefined, 1],
  ['has heard of the change, nothing is', () => cache.changed(versionOf('8')), 0],
  ['has heard of the deletion, nothing is', () => cache.deleted(versionOf('8')), 0],
])('where the cache %s', async (_what, happens, expected) => {
  doubts.raise(VALVE, a);
  await clock.advance(4000);
  happens();
  expect(relists).toBe(0);
  await clock.advance(2000);
  expect(relists).toBe(expected);
});

test('doubts that do not end list a kind at most once a minute', async () => {
  for (let seconds = 0; seconds < 300; seconds++) {
    doubts.raise(VALVE, a);
    await clock.advance(1000);
  }
  expect(relists).toBe(5);
});

test('a kind that is not cached is never in doubt, and nothing is left when it stops', async () => {
  doubts.raise({ ...VALVE }, a);
  expect(clock.timers).toBe(0);
  doubts.raise(VALVE, a);
  doubts.stop();
  await clock.advance(6000);
  expect([relists, clock.timers]).toEqual([0, 0]);
});
