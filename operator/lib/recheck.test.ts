import { expect, test } from '@jest/globals';
import { secondsUntil } from './recheck.ts';

const now = new Date('2026-03-01T12:00:00Z');
const inSeconds = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

test('however the runtime spreads it, the pass before an instant is never late, and few are needed', () => {
  for (const spread of [0.9, 1, 1.1]) {
    let [left, passes] = [500, 0];
    while (left > 0.1) {
      left -= secondsUntil(inSeconds(left), now) * spread;
      passes += 1;
      expect(left).toBeGreaterThan(-0.001);
    }
    expect(passes).toBeLessThan(10);
  }
});

test('what is far off is looked at now and then, for the wall clock may jump', () => {
  expect(secondsUntil(inSeconds(86_400), now)).toBe(600);
});

test('what is past is looked at soon, but not at once for ever', () => {
  expect(secondsUntil(inSeconds(-5), now)).toBe(0.05);
});
