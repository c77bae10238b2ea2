import { describe, expect, test } from '@jest/globals';
import { readOutput, type ProbeOutput } from './output.ts';

const asked = { nonce: 'a1b2c3', requests: 4, types: 2 };
const begin = 'B\x1fa1b2c3\n';
const end = 'Z\x1fa1b2c3\x1f2\n';

function frame(
  index: number | string,
  text: string,
  status = 'o',
  bytes: number | string = Buffer.byteLength(text),
): string {
  return `A\x1f${index}\x1f${status}\x1f${bytes}\n${text}\n`;
}

const whole = `Authorized use only!\n${begin}${frame(2, 'two\nlines \x1f ü')}${frame(0, '')}${frame(1, 'no such file', 'x')}${end}`;

function read(text: string | Buffer): ProbeOutput {
  return readOutput(Buffer.from(text as string), asked);
}

/** Pseudo-random numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('an answer', () => {
  test('is read frame by frame, in any order, after noise', () => {
    const answers = new Map([
      [2, { is: 'ok', text: 'two\nlines \x1f ü' }],
      [0, { is: 'ok', text: '' }],
      [1, { is: 'error', text: 'no such file' }],
    ]);
    expect(read(whole)).toEqual({ is: 'complete', answers });
  });

  test('may begin behind noise that ends in no line end', () => {
    expect(read(`you have mail${begin}${end}`)).toEqual({ is: 'complete', answers: new Map() });
  });

  test('of bytes that are no UTF-8 is an error of its request alone', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${begin}A\x1f0\x1fo\x1f2\n`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(`\n${frame(1, 'b')}${end}`),
    ]);
    expect(read(bytes)).toEqual({
      is: 'complete',
      answers: new Map([
        [0, { is: 'error', text: 'the response of the host is not valid UTF-8' }],
        [1, { is: 'ok', text: 'b' }],
      ]),
    });
  });

  const wrong: [name: string, output: string][] = [
    ['that is empty', ''],
    ['that is noise', 'This account is currently not available.\n'],
    ['to another request', whole.replaceAll('a1b2c3', 'ffffff')],
    ['with the end of another request', whole.replace(end, 'Z\x1fffffff\x1f2\n')],
    ['that went through too few types', whole.replace(end, 'Z\x1fa1b2c3\x1f1\n')],
    ['that goes on after its end', `${whole}logout\n`],
    ['that comes twice', whole + whole],
    ['that begins twice', `${begin}${whole}`],
    ['that tells one request twice', `${begin}${frame(0, 'a')}${frame(0, 'a')}${end}`],
    ['to what was not asked', `${begin}${frame(4, 'a')}${end}`],
    ['with a negative index', `${begin}${frame(-1, 'a')}${end}`],
    ['with an index that is no plain number', `${begin}${frame('01', 'a')}${end}`],
    ['with a length that is no plain number', `${begin}${frame(0, 'a', 'o', '0x1')}${end}`],
    ['with a length beyond all bounds', `${begin}${frame(0, 'a', 'o', '99999999999999999999')}${end}`],
    ['with too large a length', `${begin}${frame(0, 'a', 'o', 400)}${end}`],
    ['with too small a length', `${begin}${frame(0, 'abc', 'o', 2)}${end}`],
    ['with a frame of an unknown kind', `${begin}${frame(0, 'a', 'p')}${end}`],
    ['with noise between frames', `${begin}${frame(0, 'a')}warning: something\n${frame(1, 'b')}${end}`],
    ['with a line without end', `${begin}${'x'.repeat(100_000)}`],
  ];
  test.each(wrong)('%s is broken', (_, output) => {
    expect(read(output)).toEqual({
      is: 'broken',
      message: expect.stringMatching(/^the response of the host cannot be used: /),
    });
  });

  test('cut at any byte is broken', () => {
    const bytes = Buffer.from(whole);
    for (let length = 0; length < bytes.length; length++) {
      expect([length, read(bytes.subarray(0, length)).is]).toEqual([length, 'broken']);
    }
  });

  test('of which a piece is missing, doubled or overwritten is broken, or differs in the text of a frame or the noise alone', () => {
    const number = numbers(1);
    const bytes = Buffer.from(whole);
    for (let round = 0; round < 20_000; round++) {
      const from = number(bytes.length);
      const to = from + 1 + number(bytes.length - from);
      const piece = bytes.subarray(from, to);
      const random = Buffer.from(Array.from({ length: 1 + number(8) }, () => number(256)));
      const middle = [Buffer.alloc(0), Buffer.concat([piece, piece]), random][number(3)] ?? random;
      const mutant = Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);
      const answers = read(mutant);
      if (answers.is === 'broken') continue;
      expect([...answers.answers.keys()].every((index) => index >= 0 && index < asked.requests)).toBe(true);
      const told = [...answers.answers.values()].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      expect(told).toBeLessThanOrEqual(mutant.length);
    }
  });

  test('of random bytes is broken', () => {
    const number = numbers(2);
    for (let round = 0; round < 2000; round++) {
      const bytes = Buffer.from(Array.from({ length: number(300) }, () => number(256)));
      expect(read(bytes).is).toBe('broken');
      expect(read(Buffer.concat([Buffer.from(begin), bytes])).is).toBe('broken');
    }
  });

  test('of megabytes is read', () => {
    const text = 'x'.repeat(3_000_000);
    expect(read(`${begin}${frame(3, text)}${end}`)).toEqual({
      is: 'complete',
      answers: new Map([[3, { is: 'ok', text }]]),
    });
  });
});
