/** Texts that people never wrote, of the parts that values, words and ranges of INI inventories have. */
import { numbers } from '../builders/seeded.ts';

/** The same ones each time. */
function made(parts: readonly string[], most: number): string[] {
  const below = numbers(most);
  const one = (): string => Array.from({ length: 1 + below(most) }, () => parts[below(parts.length)]).join('');
  return Array.from({ length: 20_000 }, one);
}

const blanks = [' ', '\t'];
const quotes = ["'", '"', "'''", '"""', "\\'", '\\"'];

export const texts = {
  literal: made(
    [
      ...blanks,
      ...quotes,
      ...'\\ # a 1 0 . - + _ e j x41 \\n \\x4 u r b f , ( ) [ ] { } True None 22 0x 1e3 é \\u00e9 {{ }} /'.split(' '),
    ],
    6,
  ),
  words: made([...blanks, ...quotes, '\r', '\u00a0', ...'\\ # a = é ; b'.split(' ')], 9),
  pattern: made(
    'web [ ] : 1 01 05 10 a f - . _ :22 [1:3] [a:c] [01:03] fe80 :: [1:9:3] 192.0.2. | Z é 0 [2001:db8::1]'.split(' '),
    6,
  ),
};
