import { expect, test } from '@jest/globals';
import { Received } from './received.ts';

test('bytes are kept in their order, in no more than twice the memory that they need', () => {
  const received = new Received();
  for (let byte = 0; byte < 100_000; byte++) received.add(Buffer.of(byte % 251));
  received.add(Buffer.alloc(0));
  received.add(Buffer.from('the end'));
  expect(received.length).toBe(100_007);
  expect(received.content.every((byte, at) => at >= 100_000 || byte === at % 251)).toBe(true);
  expect(received.content.subarray(100_000).toString()).toBe('the end');
  expect(received.content.buffer.byteLength).toBeLessThanOrEqual(2 * received.length);
});

test('nothing is nothing', () => expect(new Received().content).toHaveLength(0));
