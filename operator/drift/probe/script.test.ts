/** The composed script under the shells that hosts have, with types made for the purpose. */
import { spawnSync } from 'node:child_process';
import { arch, hostname, release } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { checkTypes } from '../checks/index.ts';
import { readOutput, type ProbeOutput } from './output.ts';
import { parseFacts } from './facts.ts';
import { scriptFor, type Scripted } from './script.ts';

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([shell = '']) => spawnSync(shell, ['--help']).error === undefined,
);

const loop = 'while [ "$n" -gt 0 ] && IFS=$US read -r index a b c; do n=$((n - 1));';
/** Tells its arguments in brackets. */
const echo = { key: 'echo', script: `n=$1; ${loop} answer "$index" "<$a><$b><$c>"; done` };

interface Ran {
  answers: ProbeOutput;
  status: number | null;
  errors: string;
}

describe.each(shells)('under %s', (shell, ...options) => {
  function run(types: readonly Scripted[], blocks: Record<string, string[][]>, change = (input: string) => input): Ran {
    let requests = 0;
    const lines = Object.entries(blocks).flatMap(([key, block]) => [
      `${key}\x1f${block.length}`,
      ...block.map((words) => [requests++, ...words].join('\x1f')),
    ]);
    const input = change(['BEGIN\x1fn0nce', ...lines, 'END\x1fn0nce', ''].join('\n'));
    const { stdout, stderr, status } = spawnSync(shell, [...options, '-c', scriptFor(types)], {
      input,
      timeout: 20_000,
    });
    const asked = { nonce: 'n0nce', requests, types: Object.keys(blocks).length };
    return { answers: readOutput(stdout, asked), status, errors: stderr.toString() };
  }

  function textsOf({ answers }: Ran): (string | undefined)[] {
    if (answers.is === 'broken') throw new Error(answers.message);
    return Array.from(
      { length: Math.max(-1, ...answers.answers.keys()) + 1 },
      (_, index) => answers.answers.get(index)?.text,
    );
  }

  test('arguments arrive as they are, empty ones too', () => {
    const words = [
      ['$(id)', '`id`', '"; exit 1; "'],
      ['', '', 'x'],
      ['a', '', ''],
      ["it's \\n \\", '  two  blanks ', '* ? [a] ~ {{ x }}'],
      ['ü€😀', '-n', '%s'],
    ];
    expect(textsOf(run([echo], { echo: words }))).toEqual(
      words.map((three) => three.map((word) => `<${word}>`).join('')),
    );
  });

  test('text of any bytes but NUL arrives whole, its length counted in bytes', () => {
    const odd = {
      key: 'odd',
      script: `read -r index; answer "$index" "$(printf 'ü\\nA\\0370\\037o\\0371\\n\\r\\t \\n\\n€.')"`,
    };
    expect(textsOf(run([odd, echo], { odd: [[]], echo: [['a', 'b', 'c']] }))).toEqual([
      'ü\nA\x1f0\x1fo\x1f1\n\r\t \n\n€.',
      '<a><b><c>',
    ]);
  });

  test('what could not be read is told as such', () => {
    const blind = { key: 'blind', script: 'read -r index; cannot "$index" "no such thing"' };
    const { answers } = run([blind], { blind: [[]] });
    expect(answers).toEqual({ is: 'complete', answers: new Map([[0, { is: 'error', text: 'no such thing' }]]) });
  });

  test.each([
    ['ends early', 'exit 7'],
    ['leaves its requests unread', ':'],
    ['fails in a way that ends a shell', 'shift 99; set -o nonsense; . /nonexistent'],
    [
      'changes how words are split, and the shell',
      'IFS=0; US=x; set +f; set -eu; cd /; PATH=; answer() { :; }; read -r index',
    ],
    ['kills its shell', `kill -9 "$(sh -c 'echo "$PPID"')"`],
  ])('a type that %s leaves the others alone', (_, script) => {
    const bad = { key: 'bad', script };
    const texts = textsOf(
      run([bad, echo], {
        bad: [
          ['x', '', ''],
          ['y', '', ''],
        ],
        echo: [['a', 'b', 'c']],
      }),
    );
    expect(texts).toEqual([undefined, undefined, '<a><b><c>']);
  });

  test.each([
    ['what it printed is left', 'echo "$1"; n=9; set -u; answer() { :; }; exit 3', 'x y'],
    ['it reads no request', 'read -r line; echo "<$line>"', '<>'],
    ['it fails in a way that ends a shell', 'shift 99; set -o nonsense', ''],
  ])('of what is found out for several types: %s', (_, script, found) => {
    const look = { key: 'seenFirst', functions: [], script };
    const type = (key: string) => ({ key, shares: [{ look }], script: 'read -r index; answer "$index" "$seenFirst"' });
    const insert = (input: string) => input.replace('\n', '\nseenFirst\x1fx y\n');
    const texts = textsOf(
      run([type('one'), type('two'), echo], { one: [[]], two: [[]], echo: [['a', 'b', 'c']] }, insert),
    );
    expect(texts).toEqual([found, found, '<a><b><c>']);
  });

  test('a type that reads the requests of another spoils the whole answer', () => {
    const greedy = { key: 'greedy', script: 'read -r index; answer "$index" x; read -r header; read -r request' };
    const { answers } = run([greedy, echo], { greedy: [[]], echo: [['a', 'b', 'c']] });
    expect(answers).toMatchObject({ is: 'broken' });
  });

  test('a type that prints by mistake spoils the whole answer', () => {
    const loud = { key: 'loud', script: 'read -r index; echo oops; answer "$index" x' };
    expect(run([loud], { loud: [[]] }).answers).toMatchObject({ is: 'broken' });
  });

  test('input that is cut anywhere gives no answer', () => {
    for (const cut of [0, 3, 12, 13, 18, 21, 24, 30, 36, 41]) {
      const { answers, status } = run(
        [echo],
        {
          echo: [
            ['a', 'b', 'c'],
            ['d', 'e', 'f'],
          ],
        },
        (input) => input.slice(0, cut),
      );
      expect([cut, answers.is, status]).toEqual([cut, 'broken', 96]);
    }
  });

  test('the facts are those of this machine', () => {
    const [text = ''] = textsOf(run([], { facts: [[]] }));
    const facts = parseFacts(text);
    expect(facts).toMatchObject({
      kernel: release(),
      hostname: hostname(),
      selinux: expect.stringMatching(/^(Absent|Disabled|Permissive|Enforcing)$/),
    });
    expect(facts.architecture).toBe({ x64: 'x86_64', arm64: 'aarch64' }[arch() as string] ?? arch());
    expect(facts.os).toMatch(/^[a-z][a-z0-9._-]*$/);
    expect(Date.parse(facts.bootTime ?? '')).toBeLessThan(Date.now());
  });
});

test('the script of each type is plain text of a modest size', () => {
  for (const type of Object.values(checkTypes)) {
    const script = scriptFor([type]);
    expect(script).toMatch(/^[\n\t\x20-\x7e]*$/);
    expect(script.length).toBeLessThan(24_000);
  }
});

// It is given to the shell as one argument.
test('the script of all types is shorter than Linux lets an argument be', () => {
  expect(Buffer.byteLength(scriptFor(Object.values(checkTypes)))).toBeLessThan(128 * 1024);
});

test('facts that make no sense are left out', () => {
  expect(parseFacts('')).toEqual({});
  expect(parseFacts('a\x1fb')).toEqual({});
  expect(parseFacts('rhel\x1f9.4\x1f\x1f\x1f\x1b[31mweb\x1fEnforcing\x1f-5')).toEqual({
    os: 'rhel',
    version: '9.4',
    hostname: '\\u{1b}[31mweb',
    selinux: 'Enforcing',
  });
});
