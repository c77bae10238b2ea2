import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../test/builders/io.ts';
import { command, exit, Failure, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { dispatch } from './dispatch.ts';

const greet = command({
  words: 'greet',
  operands: 'NAME',
  summary: 'Greet somebody',
  flags: {
    loud: { type: 'boolean', help: 'in capitals' },
    from: { type: 'string', value: 'NAME', help: 'who greets' },
  },
  run({ loud, from }, [name], io) {
    if (name === undefined) throw new UsageError('give a name');
    if (name === 'nobody') throw new Failure('nobody is not here; greet somebody.');
    const text = `hello ${name}${from ? ` from ${from}` : ''}\n`;
    io.stdout(loud ? text.toUpperCase() : text);
    return Promise.resolve(exit.holds);
  },
});
const part = (words: string) => command({ ...greet, words });
const all = [greet, part('list one'), part('list two')];

describe('a command line finds its command', () => {
  test.each([
    { args: ['greet', 'ann'], code: 0, out: 'hello ann\n', err: '' },
    { args: ['greet', '--loud', 'ann', '--from', 'bob'], code: 0, out: 'HELLO ANN FROM BOB\n', err: '' },
    { args: ['list', 'two', 'ann'], code: 0, out: 'hello ann\n', err: '' },
    { args: ['greet'], code: 1, out: '', err: "error: give a name\nSee 'kubectl holdfast greet --help'.\n" },
    { args: ['greet', 'nobody'], code: 1, out: '', err: 'error: nobody is not here; greet somebody.\n' },
    { args: ['wave'], code: 1, out: '', err: "error: unknown command 'wave'. See 'kubectl holdfast --help'.\n" },
    {
      args: ['list'],
      code: 1,
      out: '',
      err: "error: incomplete command; use one of: 'kubectl holdfast list one', 'kubectl holdfast list two'.\n",
    },
  ])('$args ends with $code', async ({ args, code, out, err }) => {
    const io = ioWith({});
    expect(await dispatch(args, all, io)).toBe(code);
    expect({ out: io.out, err: io.err }).toEqual({ out, err });
  });

  test.each([
    { args: ['greet', '--soft'], says: "Unknown option '--soft'" },
    { args: ['greet', '--from'], says: "Option '--from <value>' argument missing" },
  ])('a wrong flag is told, and where the right ones are: $args', async ({ args, says }) => {
    const io = ioWith({});
    expect(await dispatch(args, all, io)).toBe(1);
    expect(io.err).toContain(says);
    expect(io.err).toContain("See 'kubectl holdfast greet --help'.");
  });

  test('a fault of ours is not dressed up as one of the user', async () => {
    const faulty = command({ ...greet, run: () => Promise.reject(new TypeError('undefined is not a function')) });
    await expect(dispatch(['greet', 'ann'], [faulty], ioWith({}))).rejects.toThrow(TypeError);
  });
});

describe('the help', () => {
  test.each([[], ['help'], ['--help'], ['-h']])('of all commands comes with %j', async (...args) => {
    const io = ioWith({});
    expect(await dispatch(args, commands, io)).toBe(0);
    const widest = Math.max(...commands.map(({ words }) => words.length));
    for (const { words, summary } of commands) expect(io.out).toContain(`  ${words.padEnd(widest)}  ${summary}`);
  });

  test('of every command names every flag and fits a screen', async () => {
    for (const { words, flags } of commands) {
      const io = ioWith({});
      expect(await dispatch([...words.split(' '), '--help'], commands, io)).toBe(0);
      for (const name of Object.keys(flags)) expect(io.out).toContain(`--${name}`);
      const lines = io.out.split('\n');
      // An export takes what to export, from where, and who is believed.
      expect(lines.length).toBeLessThanOrEqual(words === 'evidence export' ? 30 : 24);
      expect(lines.filter((line) => line.length > 120)).toEqual([]);
    }
  });

  test('every command has words of its own', () => {
    const words = commands.map((one) => one.words);
    expect(new Set(words).size).toBe(words.length);
  });
});
