import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { conceal, inWords, compareHere } from '../../../test/builders/observeHere.ts';
import type { FileCheck } from '../../api/v1alpha1/fileChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { file } from './file.ts';
import type { FileObserved, RegularFile } from './fileObserved.ts';

const path = '/etc/motd';
const hello = sha256('hello\n');
const other = sha256('other\n');
const attributes = {
  mode: 0o644,
  owner: 'root',
  group: 'root',
  uid: '0',
  gid: '0',
  uidOfDeclared: '',
  gidOfDeclared: '',
  hasAccessList: false,
};
const found: RegularFile = { is: 'file', ...attributes, sha256: other, isPublic: true };
const folder: FileObserved = { is: 'directory', ...attributes };
const hidden = (digest: string) => `content is other content (${conceal(digest)}), not the declared content`;

describe('comparing', () => {
  const cases: [name: string, declared: Omit<FileCheck, 'path'>, observed: FileObserved, expected: string][] = [
    ['a file that is as declared passes', { content: 'hello\n' }, { ...found, sha256: hello }, 'pass'],
    ['a mode without its leading zero is the same', { mode: '644' }, found, 'pass'],
    ['a missing file is absent', {}, { is: 'absent' }, 'state is absent, not present'],
    ['a file that must not be there is present', { state: 'Absent' }, found, 'state is present, not absent'],
    ['a directory that must not be there is present', { state: 'Absent' }, folder, 'state is present, not absent'],
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
      hidden(other),
    ],
    [
      'so is one that must not be readable',
      { content: 'hello\n', mode: '0640' },
      { ...found, text: 'x' },
      `${hidden(other)}; mode is 0644, not 0640`,
    ],
    [
      'so is one that is declared sensitive',
      { content: 'hello\n', sensitive: true },
      { ...found, text: 'x' },
      hidden(other),
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(file.compare({ path, ...declared }, observed, conceal))).toBe(expected);
  });
});

describe('the remedy', () => {
  const remedy = (declared: Omit<FileCheck, 'path'>, observed: FileObserved) => {
    const { is, ...rest } = file.remedy({ path, ...declared }, observed);
    return is === 'manual' ? rest : (rest as { changes: object[] }).changes;
  };
  const seen = `f:644:0:0:${other}`;

  test.each<[string, Omit<FileCheck, 'path'>, FileObserved, object]>([
    ['writes the content', { content: 'hello\n' }, found, [{ do: 'file', path, seen, content: 'hello\n' }]],
    [
      'takes away what is too much alone',
      { maxMode: '0640' },
      { ...found, mode: 0o606 },
      [{ do: 'file', path, seen: `f:606:0:0:${other}`, mode: '0600' }],
    ],
    [
      'may open a file that it writes',
      { content: 'hello\n', mode: '0644' },
      { ...found, mode: 0o600 },
      [{ do: 'file', path, seen: `f:600:0:0:${other}`, mode: '0644', content: 'hello\n' }],
    ],
    [
      'makes a secret file for its owner alone',
      { content: 'x', sensitive: true },
      { is: 'absent' },
      [{ do: 'file', path, seen: 'absent', content: 'x', newMode: '600' }],
    ],
    ['makes a directory', { type: 'Directory' }, { is: 'absent' }, [{ do: 'folder', path, seen: 'absent' }]],
    [
      'takes an access list away',
      { owner: 'root' },
      { ...found, hasAccessList: true },
      [{ do: 'file', path, seen, owner: 'root', accessList: 'Absent' }],
    ],
  ])('%s', (_, declared, observed, expected) => {
    expect(remedy(declared, observed)).toEqual(expected);
  });

  test.each<[string, Omit<FileCheck, 'path'>, FileObserved, RegExp]>([
    ['a digest alone does not say what to write', { sha256: hello }, found, /add `content`/],
    ['what is to be made must be declared', { mode: '0644' }, { is: 'absent' }, /add `content`/],
    ['what holds secrets is not opened', { mode: '0644' }, { ...found, mode: 0o600 }, /maxMode: "0644"/],
    ['a directory is not removed', { state: 'Absent' }, folder, /does not remove directories/],
    ['a file is no directory', { type: 'Directory' }, found, /a regular file is there/],
  ])('is for a person: %s', (_, declared, observed, message) => {
    expect(remedy(declared, observed)).toEqual({ message: expect.stringMatching(message) });
  });
});

test('an answer that makes no sense is refused', () => {
  expect(() => file.parse('', { path })).toThrow('fields');
  const answer = ['f', 'rw-r', 'root', 'root', '0', '0', '1', 'no', '', '', '', 'no', ''].join('\x1f');
  expect(() => file.parse(answer, { path })).toThrow('an invalid mode');
});

describe('on this machine', () => {
  let home = '';
  const here = (name: string) => join(home, name);
  const me = userInfo().username;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'holdfast-file-'));
    chmodSync(home, 0o755);
    mkdirSync(here('private'), { mode: 0o700 });
    for (const name of ['plain', "it's odd", '$(id)', 'back\\slash', 'private/file', 'closed']) {
      writeFileSync(here(name), 'hello\n', { mode: 0o644 });
    }
    writeFileSync(here('long'), 'x'.repeat(5000), { mode: 0o644 });
    writeFileSync(here('binary'), Buffer.from([0xff, 0xfe, 0]), { mode: 0o644 });
    chmodSync(here('closed'), 0);
    symlinkSync('plain', here('link'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('files of any name are found as they are, all in one asking', async () => {
    const names = ['plain', "it's odd", '$(id)', 'back\\slash', '*', 'none/at all'];
    const asked = names.map((name) => ({ path: here(name), content: 'hello\n', mode: '0644', owner: me }));
    expect(await compareHere('file', asked)).toEqual([
      ...Array<string>(4).fill('pass'),
      ...Array<string>(2).fill('state is absent, not present'),
    ]);
  });
  test('folders and links are what they are', async () => {
    expect(await compareHere('file', [{ path: home }, { path: here('link'), content: 'hello\n' }])).toEqual([
      'type is directory, not regular file',
      'type is symbolic link, not regular file',
    ]);
  });
  test('text leaves the host only when it is short, and everybody may come to read it', async () => {
    const content = 'other\n';
    const asked = ['plain', 'long', 'binary', 'private/file'].map((name) => ({ path: here(name), content }));
    const [plain, long, binary, secret] = await compareHere('file', [
      ...asked,
      { path: here('plain'), content, sensitive: true },
    ]);
    expect(plain).toBe('content is line 1: hello, not line 1: other');
    expect(long).toContain(`sha256:${sha256('x'.repeat(5000))}`);
    expect(binary).toContain('sha256:');
    expect(secret).toBe(hidden(hello));
  });
  test('what may not be read is unknown, not absent and not right', async () => {
    const asked = [
      { path: here('closed'), sha256: hello },
      { path: here('closed'), mode: '0000' },
      { path: here('private/file') },
    ];
    const [content, mode, behind] = await compareHere('file', asked, { asNobody: true });
    expect(content).toBe(`unknown: ${here('closed')} cannot be read`);
    expect(mode).toBe('pass');
    if (process.getuid?.() === 0)
      expect(behind).toBe(`unknown: ${here('private/file')} cannot be accessed: Permission denied`);
  });
});
