import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../test/builders/io.ts';
import { command, exit, Failure, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { commandIn, dispatch } from './dispatch.ts';
import { outputFlag } from './output.ts';
import { parse } from './parse.ts';

const greet = command({
  words: 'greet',
  operands: 'NAME',
  summary: 'Greet people: one by one',
  flags: {
    loud: { type: 'boolean', help: 'in capitals' },
    from: { type: 'string', value: 'NAME', help: 'who greets' },
    output: outputFlag(['json', 'yaml', 'name']),
  },
  run({ loud, from, output }, [name], io) {
    if (name === undefined) throw new UsageError('give a name');
    if (name === 'nobody') throw new Failure('nobody is not here; greet another.');
    const text = `hello ${name}${from ? ` from ${from}` : ''}${output ? ` ${output}` : ''}\n`;
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
    { args: ['greet', 'nobody'], code: 1, out: '', err: 'error: nobody is not here; greet another.\n' },
    { args: ['wave'], code: 1, out: '', err: "error: unknown command 'wave'. See 'kubectl holdfast --help'.\n" },
    {
      args: ['list'],
      code: 1,
      out: '',
      err: 'Usage: kubectl holdfast list COMMAND [flags]\n\n  list one  Greet people\n  list two  Greet people\n\nCOMMAND --help shows examples.\n',
    },
    {
      args: ['list', '--help'],
      code: 0,
      out: 'Usage: kubectl holdfast list COMMAND [flags]\n\n  list one  Greet people\n  list two  Greet people\n\nCOMMAND --help shows examples.\n',
      err: '',
    },
  ])('$args ends with $code', async ({ args, code, out, err }) => {
    const io = ioWith({});
    expect(await dispatch(args, all, io)).toBe(code);
    expect({ out: io.out, err: io.err }).toEqual({ out, err });
  });

  test.each([
    { args: ['greet', '--soft'], says: 'unknown flag --soft' },
    { args: ['greet', '--lout'], says: 'unknown flag --lout; did you mean --loud?' },
    { args: ['greet', '--colour', 'never'], says: 'unknown flag --colour; did you mean --color?' },
    { args: ['greet', '--fro=bob'], says: 'unknown flag --fro; did you mean --from?' },
    { args: ['greet', '--__proto__'], says: 'unknown flag --__proto__' },
    { args: ['greet', '--from'], says: '--from needs a value: --from NAME' },
    { args: ['greet', '--from', '--loud'], says: '--from needs a value: --from NAME' },
    { args: ['greet', '--loud=maybe'], says: '--loud takes no value' },
    { args: ['greet', '-o', 'xml'], says: '-o takes json, yaml or name, not "xml"' },
    { args: ['greet', '--output', 'JSON'], says: '--output takes json, yaml or name, not "JSON"' },
    { args: ['greet', '--color', 'yes'], says: '--color takes always, auto or never, not "yes"' },
  ])('a wrong flag is told, and where the right ones are: $args', async ({ args, says }) => {
    const io = ioWith({});
    expect(await dispatch(args, all, io)).toBe(1);
    expect(io.err).toBe(`error: ${says}\nSee 'kubectl holdfast greet --help'.\n`);
  });

  test.each([
    ['-ojson', 'json'],
    ['-o=json', 'json'],
    ['--output=yaml', 'yaml'],
  ])('a form is taken as kubectl takes it: %s', async (flag, output) => {
    const io = ioWith({});
    expect(await dispatch(['greet', 'ann', flag], all, io)).toBe(0);
    expect(io.out).toBe(`hello ann ${output}\n`);
  });

  test.each([
    {
      args: ['gret'],
      says: "unknown command 'gret'. Did you mean 'kubectl holdfast greet'? See 'kubectl holdfast --help'.",
    },
    {
      args: ['list', 'too'],
      says: "unknown command 'list too'. Did you mean 'kubectl holdfast list two'? See 'kubectl holdfast list --help'.",
    },
    {
      args: ['-n', 'fleet', 'greet'],
      says: "-n comes before the command; flags come after it, such as 'kubectl holdfast status -n NAME'.",
    },
    { args: ['x'.repeat(100_000)], says: `unknown command '${'x'.repeat(100_000)}'. See 'kubectl holdfast --help'.` },
  ])('a command that there is none of says which was meant', async ({ args, says }) => {
    const io = ioWith({});
    expect(await dispatch(args, all, io)).toBe(1);
    expect({ out: io.out, err: io.err }).toEqual({ out: '', err: `error: ${says}\n` });
  });

  test('of the commands that there are, each is found when two letters are swapped', async () => {
    for (const { words } of commands.filter(({ isHidden }) => !isHidden)) {
      const [first = ''] = words.split(' ');
      const swapped = first.replace(/(.)(.)$/, '$2$1');
      if (first === swapped) continue;
      const io = ioWith({});
      expect(await dispatch([swapped], commands, io)).toBe(1);
      expect(io.err).toContain(`Did you mean 'kubectl holdfast ${first}`);
    }
  });

  test('a fault of ours is not dressed up as one of the user', async () => {
    const faulty = command({ ...greet, run: () => Promise.reject(new TypeError('undefined is not a function')) });
    await expect(dispatch(['greet', 'ann'], [faulty], ioWith({}))).rejects.toThrow(TypeError);
  });
});

describe('the help', () => {
  test.each([[], ['help'], ['--help'], ['-h']])(
    'of all commands comes with %j, and fits 80 columns',
    async (...args) => {
      const io = ioWith({});
      expect(await dispatch(args, commands, io)).toBe(0);
      for (const { words, isHidden } of commands) {
        const [first = '', ...rest] = words.split(' ');
        if (!isHidden) expect(io.out).toMatch(new RegExp(`^  ${first} .*${rest.join(' ')}`, 'm'));
      }
      expect(io.out.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(io.out).not.toContain('Others:');
    },
  );

  test('of one begins with an example, and every example is a command line that is taken', async () => {
    for (const { words, examples = [], isHidden } of commands) {
      if (isHidden) continue;
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const args = example.split(/ [|>] /)[0]!.match(/"[^"]*"|[^ ]+/g) ?? [];
        const found = commandIn(args, commands);
        expect(found?.words).toBe(words);
        await parse(found!, args.slice(words.split(' ').length));
      }
      const io = ioWith({});
      await dispatch(['help', ...words.split(' ')], commands, io);
      expect(io.out.split('\n').slice(1, 4)).toEqual(['', 'Examples:', `  kubectl holdfast ${examples[0]}`]);
    }
  });

  test('of every command names every flag and fits a screen', async () => {
    for (const { words, flags } of commands) {
      const io = ioWith({});
      expect(await dispatch([...words.split(' '), '--help'], commands, io)).toBe(0);
      for (const name of Object.keys(flags)) expect(io.out).toContain(`--${name}`);
      const lines = io.out.split('\n');
      // An export takes what to export, from where, and who is believed.
      expect(lines.length).toBeLessThanOrEqual(words === 'evidence export' ? 32 : 24);
      expect(lines.filter((line) => line.length > 120)).toEqual([]);
    }
  });

  test('every command has words of its own', () => {
    const words = commands.map((one) => one.words);
    expect(new Set(words).size).toBe(words.length);
  });
});
