import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { line, type LineObserved } from './line.ts';

const declared: LineCheck = { path: '/etc/login.defs', line: 'PASS_MAX_DAYS 90', startsWith: 'PASS_MAX_DAYS' };
const found: LineObserved = { is: 'file', hasLine: true, others: 0, text: '', isPublic: true };

describe('comparing', () => {
  const cases: [name: string, more: Partial<LineCheck>, observed: LineObserved, expected: string][] = [
    ['a line that is there passes', {}, found, 'pass'],
    ['a line that is not there is absent', {}, { ...found, hasLine: false }, 'line is absent, not PASS_MAX_DAYS 90'],
    ['a file that is not there has no line', {}, { is: 'absent' }, 'line is no such file, not PASS_MAX_DAYS 90'],
    ['nor one that must be absent', { state: 'Absent' }, { is: 'absent' }, 'pass'],
    ['a line that must not be there is told', { state: 'Absent' }, found, 'line is PASS_MAX_DAYS 90, not absent'],
    [
      'another line in its place is told as what it is',
      {},
      { ...found, hasLine: false, others: 1, text: 'PASS_MAX_DAYS 99999' },
      'line is PASS_MAX_DAYS 99999, not PASS_MAX_DAYS 90',
    ],
    [
      'another line besides it is drift too',
      {},
      { ...found, others: 5, text: 'a\nb\nc' },
      'line is a | b | c and 2 more, not no other line that starts with PASS_MAX_DAYS',
    ],
    [
      'lines of a secret file are concealed',
      {},
      { ...found, hasLine: false, others: 1, text: sha256('x'), isPublic: false },
      `line is ${conceal(sha256('x'))}, not ${conceal(sha256('PASS_MAX_DAYS 90'))}`,
    ],
    [
      'so are those of a check that says so',
      { sensitive: true },
      { is: 'absent' },
      `line is no such file, not ${conceal(sha256('PASS_MAX_DAYS 90'))}`,
    ],
  ];
  test.each(cases)('%s', (_, more, observed, expected) => {
    expect(inWords(line.compare({ ...declared, ...more }, observed, conceal))).toBe(expected);
  });
});

test('another line that was found is what undoing is judged by, unless it is secret', () => {
  const others: LineObserved = { ...found, others: 1, text: 'PASS_MAX_DAYS 7' };
  expect(line.asFound(declared, others)).toEqual({ path: declared.path, line: 'PASS_MAX_DAYS 7', state: 'Present' });
  expect(line.asFound(declared, { ...others, isPublic: false })).toBeUndefined();
});

test('patterns that correct are literal', () => {
  const tasks = line.correct({ path: '/etc/x', line: 'a.b (c)', startsWith: 'a.' });
  const patterns = tasks.map((task) => (task['ansible.builtin.lineinfile'] as { regexp: string }).regexp);
  expect(patterns).toEqual(['^a\\.', '^(?!a\\.b\\ \\(c\\)$)a\\.']);
});

describe('on this machine', () => {
  let folder = '';
  const here = (name: string) => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-line-'));
    chmodSync(folder, 0o755);
    writeFileSync(here('defs'), '  PASS 1\nPASS 2\nPASS\t3\n$(id) \\n *\nlast without end', { mode: 0o644 });
    writeFileSync(here('secret'), 'key one\nkey two\n', { mode: 0o600 });
    symlinkSync('defs', here('link'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a line is found whole and literally, through a link too', async () => {
    const lines = ['PASS 2', '  PASS 1', '$(id) \\n *', 'last without end', 'PASS', ' PASS 2', '*'];
    const asked = lines.map((text) => ({ path: here('link'), line: text }));
    const words = await judgeHere('line', asked);
    expect(words.map((word) => word === 'pass')).toEqual([true, true, true, true, false, false, false]);
  });
  test('other lines that start alike are told', async () => {
    const asked = { path: here('defs'), line: 'PASS 9', startsWith: 'PASS' };
    expect(await judgeHere('line', [asked])).toEqual(['line is PASS 2 | PASS\\u{9}3, not PASS 9']);
    expect(await judgeHere('line', [{ ...asked, startsWith: '$(' }])).toEqual(['line is $(id) \\n *, not PASS 9']);
  });
  test('of a file that not everybody may read only digests leave the host', async () => {
    const asked = { path: here('secret'), line: 'key three', startsWith: 'key t' };
    expect(await judgeHere('line', [asked])).toEqual([
      `line is ${conceal(sha256('key two'))}, not ${conceal(sha256('key three'))}`,
    ]);
  });
  test('what cannot be read is unknown, and what is not there is absent', async () => {
    const asked = [here('secret'), folder, here('none')].map((path) => ({ path, line: 'x' }));
    const [secret, directory, none] = await judgeHere('line', asked, { asNobody: true });
    if (process.getuid?.() === 0) expect(secret).toBe(`unknown: ${here('secret')} cannot be read: Permission denied`);
    expect(directory).toBe(`unknown: ${folder} is not a regular file`);
    expect(none).toBe('line is no such file, not x');
  });
});
