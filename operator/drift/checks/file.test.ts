import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { FileCheck } from '../../api/v1alpha1/fileChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { file } from './file.ts';
import type { FileObserved } from './fileAnswer.ts';

const path = '/etc/motd';
const hello = sha256('hello\n');
const other = sha256('other\n');
const found: FileObserved = { is: 'file', mode: 0o644, owner: 'root', group: 'root', sha256: other, isPublic: true };

describe('comparing', () => {
  const cases: [name: string, declared: Omit<FileCheck, 'path'>, observed: FileObserved, expected: string][] = [
    ['a file that is as declared passes', { content: 'hello\n' }, { ...found, sha256: hello }, 'pass'],
    ['a mode without its leading zero is the same', { mode: '644' }, found, 'pass'],
    ['a missing file is absent', {}, { is: 'absent' }, 'state is absent, not present'],
    ['a file that must not be there is present', { state: 'Absent' }, found, 'state is present, not absent'],
    [
      'a directory that must not be there is present',
      { state: 'Absent' },
      { is: 'other', type: 'directory' },
      'state is present, not absent',
    ],
    [
      'a link in its place is not the file',
      { mode: '0644' },
      { is: 'other', type: 'symbolic link' },
      'type is symbolic link, not regular file',
    ],
    [
      'mode, owner and group are told each',
      { mode: '0600', owner: 'app', group: 'app' },
      found,
      'mode is 0644, not 0600; owner is root, not app; group is root, not app',
    ],
    [
      'text is shown where it differs',
      { content: 'a\nb\n' },
      { ...found, text: 'a\nc\n' },
      'content is line 2: c, not line 2: b',
    ],
    [
      'an end that is missing is told',
      { content: 'a\nb\n' },
      { ...found, text: 'a\n' },
      'content is ends after line 1, not line 2: b',
    ],
    [
      'what a terminal would obey is spelled out',
      { content: 'a' },
      { ...found, text: '\x1b[2J' },
      'content is line 1: \\u{1b}[2J, not line 1: a',
    ],
    [
      'what is not text is shown by digest',
      { content: 'hello\n' },
      found,
      `content is sha256:${other}, not sha256:${hello}`,
    ],
    [
      'a digest is compared as such',
      { sha256: hello },
      { ...found, text: 'other\n' },
      `content is sha256:${other}, not sha256:${hello}`,
    ],
    [
      'a file that not everybody may read is concealed',
      { content: 'hello\n' },
      { ...found, isPublic: false },
      `content is ${conceal(other)}, not ${conceal(hello)}`,
    ],
    [
      'so is one that must not be readable',
      { content: 'hello\n', mode: '0640' },
      { ...found, text: 'x' },
      `content is ${conceal(other)}, not ${conceal(hello)}; mode is 0644, not 0640`,
    ],
    [
      'so is one that is declared sensitive',
      { content: 'hello\n', sensitive: true },
      { ...found, text: 'x' },
      `content is ${conceal(other)}, not ${conceal(hello)}`,
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(file.compare({ path, ...declared }, observed, conceal))).toBe(expected);
  });
});

describe('undoing', () => {
  test('a digest that is no secret stands in the declaration of what was found', () => {
    expect(file.asFound({ path, content: 'hello\n' }, found)).toMatchObject({ mode: '0644', sha256: other });
  });
  test('the digest of a secret does not', () => {
    const secret = { ...found, isPublic: false };
    expect(file.asFound({ path, content: 'hello\n', mode: '0600' }, secret)).not.toHaveProperty('sha256');
    expect(file.asFound({ path, content: 'hello\n' }, secret)).toBeUndefined();
  });
  test('a file is kept only when a correction changes its content', () => {
    expect(file.keep?.({ path, mode: '0644' }, '/undo')).toEqual([]);
    expect(file.keep?.({ path, content: '' }, '/undo')).not.toEqual([]);
  });
});

describe('correcting', () => {
  test('content that may be secret is not logged', () => {
    const isHidden = (declared: FileCheck) => file.correct(declared).at(-1)?.['no_log'];
    expect(isHidden({ path, content: 'x', mode: '0644' })).toBe(false);
    expect(isHidden({ path, content: 'x' })).toBe(true);
    expect(isHidden({ path, content: 'x', mode: '0640' })).toBe(true);
    expect(isHidden({ path, content: 'x', mode: '0644', sensitive: true })).toBe(true);
  });
  test('a digest alone cannot be corrected', () => {
    expect(file.correct({ path, sha256: hello })).toEqual([]);
  });
});

test('an answer that makes no sense is refused', () => {
  expect(() => file.parse('', { path })).toThrow('fields');
  expect(() => file.parse('f\x1frw-r\x1froot\x1froot\x1f1\x1f\x1fno\x1f', { path })).toThrow('no mode');
});

describe('on this machine', () => {
  let folder = '';
  const here = (name: string) => join(folder, name);
  const me = userInfo().username;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-file-'));
    chmodSync(folder, 0o755);
    mkdirSync(here('private'), { mode: 0o700 });
    for (const name of ['plain', "it's odd", '$(id)', 'back\\slash', 'private/file', 'closed']) {
      writeFileSync(here(name), 'hello\n', { mode: 0o644 });
    }
    writeFileSync(here('long'), 'x'.repeat(5000), { mode: 0o644 });
    writeFileSync(here('binary'), Buffer.from([0xff, 0xfe, 0]), { mode: 0o644 });
    chmodSync(here('closed'), 0);
    symlinkSync('plain', here('link'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('files of any name are found as they are, all in one asking', async () => {
    const names = ['plain', "it's odd", '$(id)', 'back\\slash', '*', 'none/at all'];
    const asked = names.map((name) => ({ path: here(name), content: 'hello\n', mode: '0644', owner: me }));
    expect(await judgeHere('file', asked)).toEqual([
      ...Array<string>(4).fill('pass'),
      ...Array<string>(2).fill('state is absent, not present'),
    ]);
  });
  test('folders and links are what they are', async () => {
    expect(await judgeHere('file', [{ path: folder }, { path: here('link'), content: 'hello\n' }])).toEqual([
      'type is directory, not regular file',
      'type is symbolic link, not regular file',
    ]);
  });
  test('text leaves the host only when it is short, and everybody may come to read it', async () => {
    const content = 'other\n';
    const asked = ['plain', 'long', 'binary', 'private/file'].map((name) => ({ path: here(name), content }));
    const [plain, long, binary, hidden] = await judgeHere('file', [
      ...asked,
      { path: here('plain'), content, sensitive: true },
    ]);
    expect(plain).toBe('content is line 1: hello, not line 1: other');
    expect(long).toContain(`sha256:${sha256('x'.repeat(5000))}`);
    expect(binary).toContain('sha256:');
    expect(hidden).toBe(`content is ${conceal(hello)}, not ${conceal(other)}`);
  });
  test('what may not be read is unknown, not absent and not right', async () => {
    const asked = [
      { path: here('closed'), sha256: hello },
      { path: here('closed'), mode: '0000' },
      { path: here('private/file') },
    ];
    const [content, mode, behind] = await judgeHere('file', asked, { asNobody: true });
    expect(content).toBe(`unknown: ${here('closed')} cannot be read`);
    expect(mode).toBe('pass');
    if (process.getuid?.() === 0)
      expect(behind).toBe(`unknown: ${here('private/file')} cannot be looked at: Permission denied`);
  });
});
