import { expect, test } from '@jest/globals';
import { ManualClock } from '../../test/wire/manualClock.ts';
import { stopOnSignal } from './stopping.ts';

function scene(stop: () => Promise<void>, cleanUp: () => Promise<void> = () => Promise.resolve()) {
  const clock = new ManualClock();
  const done: string[] = [];
  let signal: () => void = () => undefined;
  stopOnSignal(
    {
      stop: () => (done.push('stop'), stop()),
      cleanUp: () => (done.push('clean up'), cleanUp()),
    },
    { clock, onSignal: (handler) => (signal = handler), exit: (code) => done.push(`exit ${code}`) },
  );
  return { clock, done, signal: () => signal() };
}

const never = (): Promise<void> => new Promise(() => undefined);

test('what ends in time is stopped, cleaned up and left with 0', async () => {
  const { clock, done, signal } = scene(() => Promise.resolve());
  signal();
  await clock.advance(0);
  expect(done).toEqual(['stop', 'clean up', 'exit 0']);
  expect(clock.timers).toBe(0);
});

test('what hangs is left after 15 seconds, and cleaned up all the same', async () => {
  const { clock, done, signal } = scene(never);
  signal();
  await clock.advance(14_999);
  expect(done).toEqual(['stop']);
  await clock.advance(1);
  expect(done).toEqual(['stop', 'clean up', 'exit 1']);
});

test('everything that hangs takes 19 seconds', async () => {
  const { clock, done, signal } = scene(never, never);
  signal();
  await clock.advance(19_000);
  expect(done).toEqual(['stop', 'clean up', 'exit 1']);
});

test('a second signal waits for nothing but the cleaning up, a third for nothing', async () => {
  const { clock, done, signal } = scene(never, never);
  signal();
  signal();
  await clock.advance(0);
  expect(done).toEqual(['stop', 'clean up']);
  signal();
  expect(done).toEqual(['stop', 'clean up', 'exit 1']);
});

test('what fails to stop is cleaned up, and says so by its exit code', async () => {
  const { clock, done, signal } = scene(() => Promise.reject(new Error('no')));
  signal();
  await clock.advance(0);
  expect(done).toEqual(['stop', 'clean up', 'exit 1']);
});
