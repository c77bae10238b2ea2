import { describe, expect, test } from '@jest/globals';
import { toldFile } from '../../../test/builders/toldFile.ts';
import { startsLike } from './line.ts';
import { whySkipped } from './sudoers.ts';
import type { ToldFile } from './toldLines.ts';

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
  const file = (path: string, seen: string, ...texts: string[]): ToldFile => toldFile(path, texts.join('\n'), { seen });
  const seen = `f:440:0:0:${'a'.repeat(64)}`;
  const main = (include: string): ToldFile => file('/etc/sudoers', seen, include);
  const included = main('@includedir /etc/sudoers.d');
  const cases: [path: string, seen: string, main: ToldFile, expected: boolean][] = [
    ['/etc/sudoers', seen, included, false],
    ['/etc/sudoers.d/a', seen, included, false],
    ['/etc/sudoers.d/a', seen, main('#includedir sudoers.d/'), false],
    ['/etc/sudoers.d/a', seen, main('# includedir /etc/sudoers.d'), true],
    ['/etc/sudoers.d/a', seen, main('@includedir /etc/sudoers.more'), true],
    ['/etc/sudoers.d/a.conf', seen, included, true],
    ['/etc/sudoers.d/a~', seen, included, true],
    ['/etc/sudoers.d/a/b', seen, included, true],
    ['/etc/sudoers.d/a', seen.replace('440', '442'), included, true],
    ['/etc/sudoers.d/a', seen.replace('440', '460'), included, false],
    ['/etc/sudoers.d/a', 'f:460:0:7:', included, true],
    ['/etc/sudoers', 'f:440:7:0:', included, true],
    ['/etc/other.conf', 'f:666:7:0:', included, false],
  ];
  test.each(cases)('%s %s', (path, found, sudoers, expected) => {
    expect(whySkipped(file(path, found), [sudoers]) !== undefined).toBe(expected);
  });
});
