/** When there are colors, and on which words. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { isColored, tinted } from './colors.ts';

describe('there are colors', () => {
  const terminal = { isTerminal: true };
  const pipe = { isTerminal: false };
  test.each([
    ['on a terminal', 'auto', terminal, {}, true],
    ['not in a pipe', 'auto', pipe, {}, false],
    ['not on a terminal that has none', 'auto', terminal, { TERM: 'dumb' }, false],
    ['not with NO_COLOR', 'auto', terminal, { NO_COLOR: '1' }, false],
    ['not with NO_COLOR=0, whose value means nothing', 'auto', terminal, { NO_COLOR: '0' }, false],
    // https://github.com/bashly-framework/bashly/pull/610, https://github.com/rust-cli/concolor/pull/36
    ['with an empty NO_COLOR', 'auto', terminal, { NO_COLOR: '' }, true],
    ['in a pipe with FORCE_COLOR', 'auto', pipe, { FORCE_COLOR: '1' }, true],
    ['in a pipe with an empty FORCE_COLOR, as in Node', 'auto', pipe, { FORCE_COLOR: '' }, true],
    ['not with FORCE_COLOR=0', 'auto', terminal, { FORCE_COLOR: '0' }, false],
    ['not with FORCE_COLOR=false', 'auto', terminal, { FORCE_COLOR: 'false' }, false],
    ['with FORCE_COLOR on a terminal that has none', 'auto', terminal, { TERM: 'dumb', FORCE_COLOR: '3' }, true],
    ['not with both: who asks for none is heard', 'auto', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['in a pipe, if the command line says so', 'always', pipe, { NO_COLOR: '1', TERM: 'dumb' }, true],
    ['never, if the command line says so', 'never', terminal, { FORCE_COLOR: '1' }, false],
  ] as const)('%s', (_, asked, about, environment, is) => {
    expect(isColored(asked, { ...about, environment })).toBe(is);
  });
});

const text = [
  'Hosts             12: 3 compliant, 2 drifted, 1 unreachable',
  'Waivers           unknown: you may not list policywaivers.holdfast.dev',
  '  device/web-01 -n fleet: drifted',
  '    3 of 7 checks fail: umask, motd',
  '├─ Fail sshd-no-root (critical, for 12 min)',
  '│  └─ Unknown Failing',
  '  Pass     lease      a leads',
  'Verdict Pass, 2 s ago',
  '',
].join('\n');

test('a color repeats what a word says: without colors the text is the same', () => {
  const colored = tinted(text, { isColored: true });
  expect(stripVTControlCharacters(colored)).toBe(text);
  expect(tinted(text, { isColored: false })).toBe(text);
  expect(tinted(text, {})).toBe(text);
});

test('words that name a state have one where they name it, and nowhere else', () => {
  const found = [...tinted(text, { isColored: true }).matchAll(/\x1b\[(\d+)m(.*?)\x1b\[39m/g)];
  expect(found.map(([, color, word]) => `${color} ${word}`)).toEqual([
    ...['32 compliant', '31 drifted', '31 unreachable', '33 unknown', '31 drifted', '31 Fail', '33 Unknown', '32 Pass'],
    '32 Pass',
  ]);
});
