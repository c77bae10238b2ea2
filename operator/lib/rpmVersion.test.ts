import { describe, expect, test } from '@jest/globals';
import { compareRpmVersions, compareSegments, formatRpmVersion, parseRpmVersion } from './rpmVersion.ts';

/** Each is older than the one after it. */
const ascending = [
  [
    '1.0~',
    '1.0~rc1',
    '1.0~rc1^git1',
    '1.0~rc2',
    '1.0',
    '1.0^',
    '1.0^git1~pre',
    '1.0^git1',
    '1.0^git2',
    '1.0.1',
    '1.0.10',
    '1.1',
  ],
  ['a', 'b', '1', '1a', '1b', '1.1', '2', '10', '10.0.1'],
  ['2.3', '2.3a', '2.3aa', '2.3.0', '2.3.1'],
  ['xyz.4', '2', '8'],
];
const equal = [
  ['1.0', '1.0'],
  ['1.05', '1.5'],
  ['1.00', '1.0'],
  ['1_0', '1.0'],
  ['1.0.', '1.0'],
  ['+a', '_a'],
  ['00123', '123'],
];

describe('segments', () => {
  test.each(ascending)('%s is older than those after it', (...versions) => {
    for (const [at, older] of versions.entries()) {
      for (const newer of versions.slice(at + 1)) {
        expect([older, newer, Math.sign(compareSegments(older, newer))]).toEqual([older, newer, -1]);
        expect([newer, older, Math.sign(compareSegments(newer, older))]).toEqual([newer, older, 1]);
      }
    }
  });
  test.each(equal)('%s is as new as %s', (a, b) => {
    expect(compareSegments(a, b)).toBe(0);
  });
  test('digits beyond what a number holds are compared exactly', () => {
    expect(compareSegments('90071992547409931', '90071992547409932')).toBeLessThan(0);
  });
});

describe('versions', () => {
  test.each([
    ['1:1.0', { epoch: 1, version: '1.0' }],
    ['1.0-2.el9', { epoch: 0, version: '1.0', release: '2.el9' }],
    ['2:3.4~rc1-5^git6', { epoch: 2, version: '3.4~rc1', release: '5^git6' }],
  ])('%s is read into its parts and written again', (text, parts) => {
    expect(parseRpmVersion(text)).toEqual(parts);
    expect(formatRpmVersion(parts)).toBe(text);
  });
  test.each([
    ['1:1.0', '2.0', 1],
    ['2.0-1', '2.0', 0],
    ['2.0-1.el9', '2.0-1.el9_2', -1],
    ['0:1.0', '1.0', 0],
  ])('%s against %s is %d', (a, b, order) => {
    expect(Math.sign(compareRpmVersions(parseRpmVersion(a), parseRpmVersion(b)))).toBe(order);
  });
});
