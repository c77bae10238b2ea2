import { expect, test } from '@jest/globals';
import { settle } from '../../test/wire/manualClock.ts';
import { Gate } from './gate.ts';

const never = new AbortController().signal;

/** Work that ends when told to. */
function bed(places: number) {
  const gate = new Gate(places);
  const running: { name: string; end: () => void }[] = [];
  const enter = (name: string, signal = never): Promise<void> =>
    gate.run(name.slice(0, 1), () => new Promise<void>((end) => running.push({ name, end })), signal);
  return { enter, running, names: () => running.map(({ name }) => name) };
}

test('one group has what it leaves free, another comes in at once, and each that ends lets the next in', async () => {
  const { enter, running, names } = bed(4);
  const all = ['a1', 'a2', 'a3', 'a4', 'b1'].map((name) => enter(name));
  await settle();
  expect(names()).toEqual(['a1', 'a2', 'b1']);
  running[0]?.end();
  await all[0];
  await settle();
  expect(names()).toEqual(['a1', 'a2', 'b1', 'a3']);
  for (const one of running) one.end();
  await settle();
  running.at(-1)?.end();
  await Promise.all(all);
});

test('who is called off while waiting rejects with the reason, is never run, and takes no place', async () => {
  const { enter, running, names } = bed(1);
  const first = enter('a1');
  const stop = new AbortController();
  const second = enter('a2', stop.signal);
  const third = enter('b1');
  await settle();
  stop.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  running[0]?.end();
  await first;
  await settle();
  expect(names()).toEqual(['a1', 'b1']);
  running[1]?.end();
  await third;
  await expect(enter('a3', stop.signal)).rejects.toThrow('enough');
});

test('work that fails gives its place back', async () => {
  const { enter, running, names } = bed(1);
  const gate = new Gate(1);
  await expect(gate.run('a', () => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  expect(await gate.run('a', () => Promise.resolve(7), never)).toBe(7);
  const one = enter('a1');
  await settle();
  expect(names()).toEqual(['a1']);
  running[0]?.end();
  await one;
});
