import { afterAll, expect, test } from '@jest/globals';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Executed } from './executed.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-executed-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what was executed is known to whoever opens the file, once each, the last first', async () => {
  const file = join(folder, 'all');
  for (const id of ['a-1', 'b-2', 'a-1', 'c-3']) await new Executed(file).add(id);
  const again = new Executed(file);
  expect(await Promise.all(['a-1', 'b-2', 'c-3', 'd-4'].map((id) => again.has(id)))).toEqual([true, true, true, false]);
  expect(await again.latest(2)).toEqual(['c-3', 'b-2']);
  expect(readFileSync(file, 'utf8')).toBe('a-1\nb-2\nc-3\n');
});

test('a line that was cut off by a crash hides none', async () => {
  const file = join(folder, 'torn');
  appendFileSync(file, 'a-1\nb-');
  const executed = new Executed(file);
  await executed.add('c-3');
  expect(await Promise.all(['a-1', 'c-3'].map((id) => executed.has(id)))).toEqual([true, true]);
});

test('the file is bounded: the oldest go', async () => {
  const executed = new Executed(join(folder, 'bounded'), { most: 10, kept: 8 });
  for (let number = 100; number < 111; number++) await executed.add(`run-${number}`);
  expect(await executed.has('run-102')).toBe(false);
  expect(await executed.latest(20)).toEqual([110, 109, 108, 107, 106, 105, 104, 103].map((number) => `run-${number}`));
});
