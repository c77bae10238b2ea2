import { expect, test } from '@jest/globals';
import { LineSplitter } from './lines.ts';

const text = '{"name":"Käse"}\n{"name":"日本語 😀"}\n\n{"last":true}\n';

test.each([1, 2, 3, 5, 7, 16, 1000])('lines come out whole from chunks of %d bytes, characters cut or not', (size) => {
  const bytes = Buffer.from(text);
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line.toString()));
  for (let start = 0; start < bytes.length; start += size) splitter.push(bytes.subarray(start, start + size));
  expect(lines).toEqual(['{"name":"Käse"}', '{"name":"日本語 😀"}', '{"last":true}']);
  expect(splitter.isCut).toBe(false);
});

test('a line that has not ended is not given out, and is known to be cut', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line.toString()));
  splitter.push(Buffer.from('{"whole":1}\n{"cu'));
  expect(lines).toEqual(['{"whole":1}']);
  expect(splitter.isCut).toBe(true);
});

test('a line without end is refused before it fills the memory', () => {
  const splitter = new LineSplitter(() => undefined);
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  expect(() => {
    for (let i = 0; i < 40; i++) splitter.push(chunk);
  }).toThrow('is not a watch event');
});
