import { describe, expect, test } from '@jest/globals';
import { line, startsLike } from './line.ts';
import { whySkipped } from './sudoers.ts';

describe('a line starts like another', () => {
  const cases: [text: string, start: string, expected: boolean][] = [
    ['PASS_MAX_DAYS 1', 'PASS_MAX_DAYS', true],
    ['\t PASS_MAX_DAYS\t1', 'PASS_MAX_DAYS ', true],
    ['PASS_MAX_DAYS', 'PASS_MAX_DAYS', true],
    ['PASS_MAX_DAYS', 'PASS_MAX_DAYS ', false],
    ['#PASS_MAX_DAYS 1', 'PASS_MAX_DAYS', false],
    ['net=1', 'net = ', true],
    ['space_left_action = x', 'space_left', false],
    ['space_left= x', 'space_left', true],
    ['log-queries', 'log', false],
    ['log: x', 'log', true],
    ['-w /etc/sudoers.d/', '-w /etc/sudoers', false],
    ['-w  /etc/sudoers -p wa', '-w /etc/sudoers', true],
    ['allow all', '', true],
    ['Allow all', 'allow', false],
  ];
  test.each(cases)('%j, %j: %s', (text, start, expected) => {
    expect(startsLike(text, start)).toBe(expected);
  });
});

describe('sudo passes over', () => {
  const seen = `f:440:0:0:${'a'.repeat(64)}`;
  const cases: [path: string, seen: string, expected: boolean][] = [
    ['/etc/sudoers', seen, false],
    ['/etc/sudoers.d/a', seen, false],
    ['/etc/sudoers.d/a.conf', seen, true],
    ['/etc/sudoers.d/a~', seen, true],
    ['/etc/sudoers.d/a/b', seen, true],
    ['/etc/sudoers.d/a', seen.replace('440', '442'), true],
    ['/etc/sudoers.d/a', seen.replace('440', '460'), false],
    ['/etc/sudoers.d/a', 'f:460:0:7:', true],
    ['/etc/sudoers', 'f:440:7:0:', true],
    ['/etc/other.conf', 'f:666:7:0:', false],
  ];
  test.each(cases)('%s %s: %s', (path, found, expected) => {
    expect(whySkipped(path, found) !== undefined).toBe(expected);
  });
});

test('a line claims the setting that it is, where that is known', () => {
  expect(line.claims({ path: '/etc/login.defs', line: 'UMASK\t0027', startsWith: 'UMASK' })).toEqual({
    'line UMASK\t0027 of /etc/login.defs': 'Present',
    'lines that start with UMASK of /etc/login.defs': 'UMASK\t0027',
    'setting UMASK of /etc/login.defs': '23',
  });
  expect(line.claims({ path: '/etc/x', line: 'a', state: 'Absent' })).toEqual({ 'line a of /etc/x': 'Absent' });
});
