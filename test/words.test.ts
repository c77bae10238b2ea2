/** Messages, descriptions and pages keep to docs/words.md: none has a word of its last table. */
import { expect, test } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { descriptions, messages, type Message } from '../operator/tools/messages.ts';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/words.md'), 'utf8');

/** The patterns of the table below "Not these", with what to write in their place. */
const banned = [...page.slice(page.indexOf('## Not these')).matchAll(/^\| `(.+?)`\s*\| (.+?)\s*\|$/gm)].map(
  ([, pattern = '', instead = '']) => ({
    pattern: new RegExp(`\\b(?:${pattern.replaceAll('\\|', '|')})(?!\\w)`, 'gi'),
    instead,
  }),
);

/** Without what is typed or filled in. */
function prose(text: string): string {
  return text
    .replace(/\\?`[^`\n]*?\\?`/g, '…')
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')
    .replace(/\]\([^)]*\)/g, '');
}

function faults(said: readonly Message[]): string[] {
  return said.flatMap(({ file, line, text }) =>
    banned.flatMap(({ pattern, instead }) =>
      [...prose(text).matchAll(pattern)].map(([word]) => `${file}:${line}: '${word}' (${instead}) in: ${text}`),
    ),
  );
}

/** Lines of a page outside of code blocks; of a table, the line is a row. */
function lines(file: string): Message[] {
  let isCode = false;
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      if (text.startsWith('```')) isCode = !isCode;
      return isCode ? [] : [{ file, line: index + 1, text }];
    });
}

test('the table of words is read, and finds what it forbids', () => {
  expect(banned.length).toBeGreaterThan(30);
  const said = { file: 'a.ts', line: 1, text: 'the host told no keys in `folder`, ${look at} that' };
  expect(faults([said])).toEqual([`a.ts:1: 'told' (reports, says, shows) in: ${said.text}`]);
});

test('messages use the words of docs/words.md', () => {
  const said = messages(root);
  expect(said.length).toBeGreaterThan(1000);
  expect(faults(said)).toEqual([]);
});

test('descriptions of fields use the words of docs/words.md', () => {
  expect(faults(descriptions(root))).toEqual([]);
});

const pages = globSync(
  [
    '{README,CHANGELOG,CONTRIBUTING,SECURITY}.md',
    'docs/{,runbooks/,tutorials/}*.md',
    'policies/*.md',
    'operator/**/*.md',
  ],
  { cwd: root },
);

test('pages use the words of docs/words.md', () => {
  expect(pages).toContain('operator/cel/README.md');
  expect(faults(pages.filter((file) => file !== 'docs/words.md').flatMap(lines))).toEqual([]);
});

test('links of pages and decisions lead to files that are there', () => {
  const files = [...pages, ...globSync('docs/{adr,reference}/*.md', { cwd: root })];
  const linked = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8').replace(/`[^`\n]*`/g, '');
    return [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, to = '']) => ({ file, to }));
  });
  expect(linked.length).toBeGreaterThan(20);
  expect(linked.filter(({ file, to }) => !existsSync(join(root, dirname(file), to)))).toEqual([]);
});
