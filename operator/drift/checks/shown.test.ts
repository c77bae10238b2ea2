import { describe, expect, test } from '@jest/globals';
import { excerpts, visible } from './shown.ts';

test('text that is seen as it is stays as it is', () => {
  expect(visible('Grüße, 世界 🙂 – “ok”')).toBe('Grüße, 世界 🙂 – “ok”');
});

test('what a terminal obeys, or nobody sees, is spelled out', () => {
  expect(visible('a\x1b[31m\r\tb\u202ec\u200b')).toBe('a\\u{1b}[31m\\u{d}\\u{9}b\\u{202e}c\\u{200b}');
});

describe('excerpts', () => {
  test('start at the first line that differs', () => {
    expect(excerpts('a\nb\nc\n', 'a\nx\nc\n')).toEqual({ expected: 'line 2: b', actual: 'line 2: x' });
  });
  test('tell where one of both ends', () => {
    expect(excerpts('', 'x')).toEqual({ expected: 'empty', actual: 'line 1: x' });
    expect(excerpts('a\n', 'a')).toEqual({
      expected: 'ends after line 1',
      actual: 'ends after line 1, without a trailing newline',
    });
  });
  test('show of a long line the part that differs, within bounds', () => {
    const { expected, actual } = excerpts(
      `${'x'.repeat(5000)}a${'y'.repeat(900)}`,
      `${'x'.repeat(5000)}b${'y'.repeat(900)}`,
    );
    expect(expected).toMatch(/^line 1: …x{60}ay+…$/);
    expect(actual.length).toBeLessThanOrEqual(300);
  });
});
