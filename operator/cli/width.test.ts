/** What texts take on a terminal. */
import { describe, expect, test } from '@jest/globals';
import { wrapped } from './cluster/lines.ts';
import { fitted, table, type Column } from './table.ts';
import { cut, padded, piecesOf, widthOf } from './width.ts';

const texts: readonly (readonly [string, number])[] = [
  ['web-01', 6],
  // https://github.com/ihabunek/toot/pull/576, https://github.com/ClickHouse/ClickHouse/issues/888
  ['日本語のリスト', 14],
  ['모', 2],
  ['упячка', 6],
  ['e\u0301te\u0301', 3],
  ['🚀', 2],
  ['👩‍🚀', 2],
  ['🇨🇭', 2],
  ['…', 1],
  ['├─ ✔ ✘ ● ○ ↩', 12],
];

test.each(texts)('%j takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
  expect(widthOf(padded(text, 20))).toBe(20);
});

test('a text is cut between characters, and never within one', () => {
  expect(piecesOf('日本語のリスト', 5)).toEqual(['日本', '語の', 'リス', 'ト']);
  expect(piecesOf('👩‍🚀👩‍🚀', 3)).toEqual(['👩‍🚀', '👩‍🚀']);
  expect(piecesOf('👩‍🚀👩‍🚀', 1)).toEqual(['👩‍🚀', '👩‍🚀']);
  expect(cut('日本語', 5)).toBe('日本…');
  expect(cut('abc', 3)).toBe('abc');
});

test.each([1, 2, 20, 80])('a long text is wrapped at %i columns, and ends', (columns) => {
  const text = `${'日本語'.repeat(30)} ${'x'.repeat(200)} a few words`;
  const lines = wrapped(text, columns);
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  expect(lines.filter((line) => widthOf(line) > Math.max(columns, 16))).toEqual([]);
});

interface Row {
  readonly name: string;
  readonly state: string;
  readonly note: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'STATE', cell: ({ state }) => state, drop: 2 },
  { title: 'NOTE', cell: ({ note }) => note, drop: 1 },
];
const rows = [
  { name: '東京-01', state: 'drifted', note: 'x'.repeat(60) },
  { name: 'web-02', state: 'compliant', note: '' },
];
const titles = (text: string) => text.split('\n')[0]!.split(/ +/);

describe('a table', () => {
  test('has columns that are as wide as their widest cell is on a terminal', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['東京', '1'],
          ['x', '2'],
        ],
      ),
    ).toBe('A      B\n東京   1\nx      2\n');
  });

  test.each([
    [200, ['NAME', 'STATE', 'NOTE']],
    [84, ['NAME', 'STATE', 'NOTE']],
    [80, ['NAME', 'STATE']],
    [20, ['NAME', 'STATE']],
    [18, ['NAME']],
    [1, ['NAME']],
    // https://github.com/kernel/cli/pull/148: what was piped was cut, and `grep` did not find it.
    [undefined, ['NAME', 'STATE', 'NOTE']],
  ])('of %s columns has those that fit: %j', (width, shown) => {
    const text = fitted(columns, rows, width);
    expect(titles(text)).toEqual(shown);
    expect(text.split('\n')).toHaveLength(4);
    for (const { name } of rows) expect(text).toContain(name);
  });

  test('of more rows than a call may have arguments', () => {
    const many = Array.from({ length: 200_000 }, (_, at) => ({ name: `web-${at}`, state: '', note: '' }));
    expect(fitted(columns, many, 80).split('\n')).toHaveLength(200_002);
  });

  test('moves no cursor', () => {
    expect(table(['A'], [['x\x1b[2J\r\ny']])).toBe('A\nx [2J y\n');
  });
});
