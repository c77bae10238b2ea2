import { describe, expect, test } from '@jest/globals';
import { ManualClock, settle } from '../../test/wire/manualClock.ts';
import type { Key } from './feature.ts';
import { Queue, type Aside, type Next } from './queue.ts';

const done: Next = { is: 'done' };
const key = (name: string, namespace = 'n'): Key => ({ namespace, name });

/** A queue whose passes are recorded with their time, and end when told to or at once. */
function bed(
  work: (name: string, aside: Aside) => Next | Promise<Next> = () => done,
  workers = 1,
  more: Partial<ConstructorParameters<typeof Queue>[0]> = {},
) {
  const clock = new ManualClock();
  const began: string[] = [];
  const times: number[] = [];
  const queue = new Queue({
    clock,
    random: () => 0,
    workers,
    work: ({ name }, _causes, aside) => {
      began.push(name);
      times.push(clock.elapsed());
      return Promise.resolve(work(name, aside));
    },
    ...more,
  });
  return { clock, queue, began, times };
}

/** A pass that ends when told to. */
function gate(): { wait: Promise<Next>; open: (next?: Next) => void } {
  let open: (next: Next) => void = () => undefined;
  const wait = new Promise<Next>((resolve) => (open = resolve));
  return { wait, open: (next = done) => open(next) };
}

describe('a key', () => {
  test('that changes a hundred times before its pass gets one pass', async () => {
    const { queue, began } = bed();
    for (let i = 0; i < 100; i++) queue.add(key('a'), 'fresh');
    queue.start();
    await settle();
    expect(began).toEqual(['a']);
  });

  test('that changes during its pass gets another afterwards, and is never worked on twice at once', async () => {
    const first = gate();
    const { queue, began } = bed(() => (began.length === 1 ? first.wait : done), 4);
    queue.add(key('a'), 'fresh');
    queue.start();
    await settle();
    queue.add(key('a'), 'fresh');
    queue.add(key('a'), 'fresh');
    await settle();
    expect(began).toEqual(['a']);
    first.open();
    await settle();
    expect(began).toEqual(['a', 'a']);
  });

  test('is due at the earliest of its times', async () => {
    const { queue, clock, times } = bed();
    queue.start();
    queue.add(key('a'), 'routine', 10);
    queue.add(key('a'), 'routine', 2);
    queue.add(key('a'), 'routine', 5);
    await clock.advance(60_000);
    expect(times).toEqual([2000]);
  });

  test('that changed does not wait for its recheck, and its recheck is not forgotten when the pass is asked for later', async () => {
    const { queue, clock, times } = bed(() => (times.length < 3 ? { is: 'again', after: 300 } : done));
    queue.start();
    queue.add(key('a'), 'fresh');
    await clock.advance(1000);
    queue.add(key('a'), 'fresh', 0.5);
    await clock.advance(600_000);
    expect(times).toEqual([0, 1500, 301_500]);
  });

  test('that is asked for during its pass at a later time waits until then', async () => {
    const first = gate();
    const { queue, clock, times } = bed(() => (times.length === 1 ? first.wait : done));
    queue.start();
    queue.add(key('a'), 'fresh');
    await settle();
    queue.add(key('a'), 'fresh', 3);
    await clock.advance(1000);
    first.open();
    await clock.advance(10_000);
    expect(times).toEqual([0, 3000]);
  });

  test('that fails backs off from half a second to five minutes, and begins anew after a success', async () => {
    const { queue, clock, times } = bed(() => (times.length % 13 === 0 ? done : { is: 'retry' }));
    queue.start();
    queue.add(key('a'), 'fresh');
    await clock.advance(3_600_000);
    const gaps = times.slice(1).map((time, i) => (time - times[i]!) / 1000);
    expect(gaps).toEqual([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    queue.add(key('a'), 'fresh');
    await clock.advance(500);
    expect(times.at(-1)! - times.at(-2)!).toBe(500);
  });

  test('whose retry is asked for later by the server waits at least so long', async () => {
    const { queue, clock, times } = bed(() => (times.length === 1 ? { is: 'retry', atLeast: 17 } : done));
    queue.start();
    queue.add(key('a'), 'fresh');
    await clock.advance(60_000);
    expect(times).toEqual([0, 17_000]);
  });

  test('whose pass throws is tried again', async () => {
    const { queue, clock, began } = bed(() => (began.length === 1 ? Promise.reject(new Error('bug')) : done));
    queue.start();
    queue.add(key('a'), 'fresh');
    await clock.advance(1000);
    expect(began).toEqual(['a', 'a']);
  });

  test('with a due time that is no number is looked at in minutes, not for ever and not never', async () => {
    const { queue, clock, times } = bed(() => (times.length === 1 ? { is: 'again', after: NaN } : done));
    queue.start();
    queue.add(key('a'), 'fresh');
    await clock.advance(3_600_000);
    expect(times).toEqual([0, 300_000]);
  });
});

describe('many keys', () => {
  test('what changed goes before routine, and routine gets every eighth turn', async () => {
    const { queue, began } = bed();
    for (let i = 0; i < 20; i++) queue.add(key(`routine-${i}`), 'routine');
    for (let i = 0; i < 20; i++) queue.add(key(`fresh-${i}`), 'fresh');
    queue.start();
    await settle();
    expect(began.slice(0, 7).every((name) => name.startsWith('fresh'))).toBe(true);
    expect(began.slice(0, 16).filter((name) => name.startsWith('routine'))).toHaveLength(2);
    expect(new Set(began).size).toBe(40);
  });

  test('a key of the routine lane that changes is moved up, and gets one pass', async () => {
    const { queue, began } = bed();
    for (let i = 0; i < 5; i++) queue.add(key(`r${i}`), 'routine');
    queue.add(key('r4'), 'fresh');
    queue.start();
    await settle();
    expect(began).toEqual(['r4', 'r0', 'r1', 'r2', 'r3']);
  });

  test('no more passes than workers run at once, and all run', async () => {
    let active = 0;
    let most = 0;
    const { queue, began } = bed(async () => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active--;
      return done;
    }, 3);
    for (let i = 0; i < 50; i++) queue.add(key(`k${i}`, `n${i % 5}`), 'fresh');
    queue.start();
    while (began.length < 50) await settle();
    expect(most).toBe(3);
  });

  test('a hundred thousand keys with times of their own come in the order of their times', async () => {
    const { queue, clock, times, began } = bed();
    queue.start();
    for (let i = 0; i < 100_000; i++) queue.add(key(`k${i}`), 'routine', 1 + ((i * 7919) % 100));
    await clock.advance(50_000);
    while (queue.depth > 0) await settle();
    expect(began).toHaveLength(50_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(clock.timers).toBe(1);
  });
});

describe('namespaces', () => {
  const hung = new Promise<Next>(() => undefined);

  test('get turns in rotation: ten thousand changes of one do not delay a change of another', async () => {
    const { queue, began } = bed();
    for (let i = 0; i < 10_000; i++) queue.add(key(`storm-${i}`, 'a'), 'fresh');
    queue.add(key('calm', 'b'), 'fresh');
    queue.add(key('recheck', 'c'), 'routine');
    queue.start();
    while (began.length < 10) await settle();
    expect(began.slice(0, 3)).toEqual(['storm-0', 'calm', 'recheck']);
  });

  test('have a worker when they come, though all passes of another hang', async () => {
    const { queue, began } = bed((name) => (name.startsWith('hung') ? hung : done), 8);
    for (let i = 0; i < 400; i++) queue.add(key(`hung-${i}`, 'a'), 'fresh');
    queue.start();
    await settle();
    expect(began).toHaveLength(4);
    for (let i = 0; i < 20; i++) queue.add(key(`good-${i}`, 'b'), 'routine');
    await settle();
    expect(began.filter((name) => name.startsWith('good'))).toHaveLength(20);
    expect(queue.active).toBe(4);
  });

  test('have workers for what is quick, though as many of their own as may hang do', async () => {
    const shareOf = ({ namespace, name }: Key) => ({ group: namespace, isSlow: name.startsWith('hung') });
    const { queue, began } = bed((name) => (name.startsWith('hung') ? hung : done), 8, { shareOf });
    for (let i = 0; i < 400; i++) queue.add(key(`hung-${i}`, 'a'), 'fresh');
    queue.add(key('good', 'a'), 'routine');
    queue.start();
    await settle();
    expect(began.filter((name) => name.startsWith('hung'))).toHaveLength(2);
    expect(began).toContain('good');
  });

  test('give back what their passes had, by the share with which those began', async () => {
    let isSlow = true;
    const gates = [gate(), gate()];
    const shareOf = ({ namespace }: Key) => ({ group: namespace, isSlow });
    const { queue, began } = bed((name) => (name === 'x' ? gates[began.length - 1]!.wait : done), 2, { shareOf });
    queue.add(key('x'), 'fresh');
    queue.start();
    await settle();
    isSlow = false;
    queue.add(key('x'), 'fresh');
    gates[0]!.open();
    await settle();
    gates[1]!.open();
    isSlow = true;
    for (let i = 0; i < 5; i++) queue.add(key(`y${i}`), 'fresh');
    await settle();
    expect(began).toHaveLength(7);
  });

  test('are one each for objects that have none', async () => {
    const { queue, began } = bed((name) => (name === 'hung' ? hung : done), 2);
    for (const name of ['hung', 'b', 'c']) queue.add(key(name, ''), 'fresh');
    queue.start();
    await settle();
    expect(began).toEqual(['hung', 'b', 'c']);
  });
});

describe('a pass that steps aside', () => {
  test('leaves its worker to others, is not begun again meanwhile, and is waited for by a stop', async () => {
    const [wait, rest] = [gate(), gate()];
    const { queue, began } = bed(async (name, aside) => {
      if (name !== 'a') return done;
      await aside(wait.wait);
      return rest.wait;
    });
    for (const name of ['a', 'b']) queue.add(key(name), 'fresh');
    queue.start();
    await settle();
    queue.add(key('a'), 'fresh');
    await settle();
    expect([began, queue.active]).toEqual([['a', 'b'], 0]);
    wait.open();
    await settle();
    // Its worker is its own again.
    queue.add(key('c'), 'fresh');
    await settle();
    expect([began, queue.active]).toEqual([['a', 'b'], 1]);
    let isClosed = false;
    void queue.close(1000).then((all) => (isClosed = all));
    await settle();
    expect(isClosed).toBe(false);
    rest.open();
    await settle();
    expect(isClosed).toBe(true);
  });

  test('is called back at once where too many of its namespace have done so; others may', async () => {
    const never = new Promise(() => undefined);
    const ended = new Set<string>();
    const { queue } = bed(async (name, aside) => {
      await aside(never);
      ended.add(name);
      return done;
    }, 8);
    queue.start();
    for (let at = 0; at < 1000; at++) queue.add(key(`${at}`, 'busy'), 'fresh');
    await settle();
    expect(ended.size).toBe(1000 - 128);
    queue.add(key('other', 'quiet'), 'fresh');
    await settle();
    expect(ended).not.toContain('other');
  });
});

describe('the end', () => {
  test('passes at work are waited for, those that wait are forgotten, and nothing begins any more', async () => {
    const work = gate();
    const { queue, began } = bed(() => work.wait);
    queue.add(key('a'), 'fresh');
    queue.add(key('b'), 'fresh');
    queue.start();
    await settle();
    const closed = queue.close(25_000);
    queue.add(key('c'), 'fresh');
    work.open({ is: 'again', after: 0 });
    expect(await closed).toBe(true);
    await settle();
    expect(began).toEqual(['a']);
  });

  test('a pass that does not end in time is told of', async () => {
    const { queue, clock } = bed(() => gate().wait);
    queue.add(key('a'), 'fresh');
    queue.start();
    await settle();
    const closed = queue.close(25_000);
    await clock.advance(25_000);
    expect(await closed).toBe(false);
  });

  test('a queue that was never started closes at once', async () => {
    const { queue } = bed();
    queue.add(key('a'), 'fresh');
    expect(await queue.close(25_000)).toBe(true);
  });
});
