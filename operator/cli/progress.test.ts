/** Progress: nothing before a second, one line in place, and nothing that stays. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { withProgress } from './progress.ts';
import { statusLine } from './statusLine.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function shown() {
  const lines: (string | undefined)[] = [];
  return { lines, progress: (line: string | undefined) => void lines.push(line) };
}

test('what is done within a second shows nothing', async () => {
  const { lines, progress } = shown();
  expect(await withProgress({ progress }, 'Reading', () => Promise.resolve(7))).toBe(7);
  jest.advanceTimersByTime(5000);
  expect(lines).toEqual([undefined]);
});

test('what takes longer says how far it is, and is gone when it is over', async () => {
  const { lines, progress } = shown();
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = withProgress({ progress }, 'Reading', async (say) => {
    await promise;
    say('7 objects');
    jest.advanceTimersByTime(1000);
  });
  jest.advanceTimersByTime(1500);
  resolve();
  await done;
  jest.advanceTimersByTime(5000);
  expect(lines).toEqual(['Reading…', 'Reading: 7 objects…', undefined]);
});

test('what fails leaves nothing behind', async () => {
  const { lines, progress } = shown();
  const failing = withProgress({ progress }, 'Reading', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  jest.advanceTimersByTime(5000);
  expect(lines).toEqual([undefined]);
});

// https://github.com/complytime/complyctl/issues/613: frames of a spinner filled the logs of pipelines.
test('without a terminal there is none', async () => {
  expect(await withProgress({}, 'Reading', (say) => Promise.resolve(say('7')))).toBeUndefined();
});

test.each([80, 20, 0])(
  'a line of a terminal of %i columns never fills the last one, and is cleared once',
  (columns) => {
    const written: string[] = [];
    const line = statusLine({ columns, write: (text) => written.push(text) });
    line.show(undefined);
    line.show('x'.repeat(200));
    line.show(undefined);
    line.show(undefined);
    expect(written).toEqual([`\r\x1b[K${'x'.repeat((columns || 80) - 1)}`, '\r\x1b[K']);
  },
);
