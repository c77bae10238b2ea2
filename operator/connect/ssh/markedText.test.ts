import { expect, test } from '@jest/globals';
import { MarkedText } from './markedText.ts';

const mark = 'a'.repeat(32);

function read(...chunks: string[]): { content: string; exitCode: number | undefined; bytes: number } {
  const text = new MarkedText(mark);
  for (const chunk of chunks) text.take(Buffer.from(chunk));
  return { content: text.content.toString(), exitCode: text.exitCode, bytes: text.bytes };
}

test('the mark ends the text, wherever it is cut into pieces', () => {
  const whole = `hello\n${mark} 7\n`;
  const expected = { content: 'hello\n', exitCode: 7, bytes: 6 };
  expect(read(whole)).toEqual(expected);
  expect(read(...whole)).toEqual(expected);
  for (let at = 0; at < whole.length; at++) expect(read(whole.slice(0, at), whole.slice(at))).toEqual(expected);
});

test('without a mark at its end, text goes on', () => {
  for (const text of ['', 'hello', `${mark} 7\nmore`, `${mark} `, `${mark} 7`, `${mark.slice(1)} 7\n`, `${mark} x\n`])
    expect(read(text)).toEqual({ content: text, exitCode: undefined, bytes: text.length });
});

test('a mark stands at the end of the last line too, which need not end', () => {
  expect(read('hello', `${mark} 255\n`)).toEqual({ content: 'hello', exitCode: 255, bytes: 5 });
});
