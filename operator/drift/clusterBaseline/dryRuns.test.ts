import { expect, test } from '@jest/globals';
import { settle } from '../../../test/wire/manualClock.ts';
import { DryRuns } from './dryRuns.ts';

/** Dry runs that hang until they are told to end. */
function given() {
  const dryRuns = new DryRuns();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const over = new AbortController();
  const ask = (name: string, [baseline, home, template] = ['b', 'home', 'a']) =>
    dryRuns.run({ baseline: baseline, home: home, template: template }, over.signal, async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  return { begun, ends, over, ask };
}

test('a template whose dry runs hang keeps no other template waiting', async () => {
  const { begun, ask } = given();
  for (let at = 0; at < 100; at += 1) void ask(`hung-${at}`);
  await settle();
  expect(begun).toHaveLength(8);
  void ask('other', ['b', 'home', 'other']);
  await settle();
  expect(begun.at(-1)).toBe('other');
});

test('what waits behind those that hang begins as soon as one ends', async () => {
  const { begun, ends, ask } = given();
  for (let at = 0; at < 20; at += 1) void ask(`hung-${at}`);
  const last = ask('last');
  for (let at = 0; at < 20; at += 1) {
    await settle();
    ends.get(`hung-${at}`)?.();
  }
  await settle();
  expect(begun.at(-1)).toBe('last');
  ends.get('last')!();
  expect(await last).toBe('last');
});

test('baselines of a home namespace, however many, keep no other waiting', async () => {
  const { begun, ask } = given();
  for (let at = 0; at < 100; at += 1) void ask(`hung-${at}`, [`b-${at}`, 'tenant', 'a']);
  await settle();
  expect(begun).toHaveLength(16);
  void ask('other', ['o', 'other', 'a']);
  await settle();
  expect(begun.at(-1)).toBe('other');
});

test('what has not begun when nobody waits any more never does; what has goes on', async () => {
  const { begun, ends, over, ask } = given();
  const all = Array.from({ length: 12 }, (_, at) => ask(`hung-${at}`));
  await settle();
  over.abort();
  await settle();
  for (const end of ends.values()) end();
  const answers = await Promise.all(all);
  expect(begun).toHaveLength(8);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(4);
  expect(await ask('late')).toBeUndefined();
});
