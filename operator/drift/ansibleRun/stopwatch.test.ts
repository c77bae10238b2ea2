import { expect, test } from '@jest/globals';
import { Stopwatch } from './stopwatch.ts';

test('a run is timed from when it was first seen in its phase, and begins anew in the next', () => {
  let now = 5000;
  const stopwatch = new Stopwatch(() => now);
  const seen = (is: 'absent' | 'prepared' | 'running', at: number): number => (
    (now = at),
    stopwatch.seconds('a', { is })
  );
  expect(seen('absent', 5000)).toBe(0);
  expect(seen('prepared', 8000)).toBe(3);
  expect(seen('running', 9000)).toBe(0);
  expect(seen('running', 69_000)).toBe(60);
  expect(stopwatch.seconds('b', { is: 'running' })).toBe(0);
  expect(stopwatch.seconds('a', { is: 'lost', message: '' })).toBe(0);
  stopwatch.forget('b');
  now += 1000;
  expect(stopwatch.seconds('b', { is: 'running' })).toBe(0);
});
