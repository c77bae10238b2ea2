import { expect, test } from '@jest/globals';
import { Effort, Means } from './effort.ts';

function given() {
  const time = { now: 0 };
  const means = new Means(() => time.now);
  const work = (effort: Effort, milliseconds: number): number => {
    let done = 0;
    while (done < milliseconds && effort.mayEvaluate) {
      effort.measured(() => (time.now += 1));
      done += 1;
    }
    return done;
  };
  return { time, means, work };
}

test('a pass leaves what is beyond the allowance of its home namespace, and the next continues', () => {
  const { time, means, work } = given();
  const first = new Effort(means, 'bomb', 'tenant-a');
  // While 400 ms are spent, a fifth of them comes back.
  expect(work(first, 10_000)).toBe(500);
  expect(first.continuesAfter).toBeGreaterThanOrEqual(1);
  time.now += first.continuesAfter! * 1000;
  const next = new Effort(means, 'bomb', 'tenant-a');
  expect(work(next, 10_000)).toBeGreaterThan(200);
});

test('nothing is left of what is within it', () => {
  const { means, work } = given();
  const effort = new Effort(means, 'small', 'tenant-b');
  expect(work(effort, 100)).toBe(100);
  expect(effort.continuesAfter).toBeUndefined();
});

test('others are not affected; those of the same home namespace still evaluate what changed', () => {
  const { means, work } = given();
  work(new Effort(means, 'bomb', 'shared'), 10_000);
  expect(work(new Effort(means, 'elsewhere', 'tenant-b'), 100)).toBe(100);
  const neighbour = new Effort(means, 'neighbour', 'shared');
  expect(work(neighbour, 10)).toBe(10);
  expect(work(neighbour, 100)).toBeLessThan(100);
  expect(neighbour.continuesAfter).toBeGreaterThanOrEqual(1);
});

test('work that throws is paid for', () => {
  const { time, means } = given();
  const effort = new Effort(means, 'bomb', 'tenant-a');
  const broken = () =>
    effort.measured(() => {
      time.now += 2000;
      throw new Error('broken');
    });
  expect(broken).toThrow('broken');
  expect(effort.mayEvaluate).toBe(false);
});

test('in the thread, a baseline has one evaluation at a time, and has the result of others later', async () => {
  const { means } = given();
  const job = (expression: string) => ({ source: { expression }, input: { object: { a: [1, 2, 3] } } });
  const [bomb, other] = [new Effort(means, 'bomb', 'tenant-a'), new Effort(means, 'other', 'tenant-b')];
  const results: string[] = [];
  const first = bomb.beside(job('object.a.all(x, x > 0)'), ({ is }) => results.push(`bomb ${is}`));
  const second = bomb.beside(job('false'), ({ is }) => results.push(`again ${is}`));
  const third = other.beside(job('object.a.size() == 4'), ({ is }) => results.push(`other ${is}`));
  expect(await second).toBeUndefined();
  expect(await third).toBeUndefined();
  expect(await first).toEqual({ is: 'holds' });
  expect([bomb.continuesAfter, other.continuesAfter]).toEqual([1, 1]);
  // The next is asked after all that waits.
  await means.thread.evaluate(job('true'));
  expect(results).toEqual(['bomb holds', 'other fails']);
});
