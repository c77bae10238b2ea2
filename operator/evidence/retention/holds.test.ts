import { expect, test } from '@jest/globals';
import { holdsOn, type Hold } from './holds.ts';

const now = new Date('2026-11-27T02:00:00Z');
const item = { pack: 'nightly', start: new Date('2026-03-01T00:00:00Z'), end: new Date('2026-03-02T00:00:00Z') };
const hold = (more: Partial<Hold> = {}): Hold => ({ name: 'case-7', reason: 'litigation', ...more });

test.each<[string, Partial<Hold>, boolean]>([
  ['all', {}, true],
  ['its pack', { packs: ['nightly'] }, true],
  ['another pack', { packs: ['weekly'] }, false],
  ['no pack by name is all of them', { packs: [] }, true],
  ['a time that it touches', { from: '2026-03-01T12:00:00Z', to: '2026-04-01T00:00:00Z' }, true],
  ['the time after it', { from: '2026-03-02T00:00:00Z' }, false],
  ['the time before it', { to: '2026-03-01T00:00:00Z' }, false],
  ['until later', { until: '2026-11-27T02:00:01Z' }, true],
  ['until now', { until: '2026-11-27T02:00:00Z' }, false],
  ['an end that is no time ends nothing', { until: 'soon' }, true],
  ['a beginning that is no time excludes nothing', { from: 'then', to: 'later' }, true],
])('%s', (_, more, covers) => {
  expect(holdsOn(item, [hold(more)], now).length > 0).toBe(covers);
});

test('the journal is covered whichever packs a hold names', () => {
  expect(holdsOn({ start: item.start, end: item.end }, [hold({ packs: ['weekly'] })], now)).toHaveLength(1);
});
