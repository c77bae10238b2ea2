import { expect, test } from '@jest/globals';
import { Heap } from './heap.ts';

/** A small generator of numbers, so that a failure can be repeated. */
function numbers(seed: number): () => number {
  return () => (seed = (seed * 1103515245 + 12345) % 2147483648);
}

test('items come out in the order of their times, whatever was moved or taken out between', () => {
  const next = numbers(7);
  const heap = new Heap<{ due: number; place: number }>();
  const inside = new Set<{ due: number; place: number }>();
  for (let i = 0; i < 5000; i++) {
    const some = [...inside][next() % Math.max(1, inside.size)];
    if (next() % 4 === 0 && some) {
      heap.remove(some);
      inside.delete(some);
    } else if (next() % 3 === 0 && some) {
      some.due -= next() % 500;
      heap.advance(some);
    } else if (inside.size < 200) {
      const item = { due: next() % 1000, place: -1 };
      heap.push(item);
      inside.add(item);
    }
    expect(heap.size).toBe(inside.size);
    expect(heap.peek()?.due).toBe(inside.size === 0 ? undefined : Math.min(...[...inside].map((item) => item.due)));
  }
  const order: number[] = [];
  for (let item = heap.peek(); item; item = heap.peek()) {
    heap.remove(item);
    expect(item.place).toBe(-1);
    order.push(item.due);
  }
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).toHaveLength(inside.size);
});
