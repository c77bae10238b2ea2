import { countedText } from '../../test/builders/counted.ts';
import { describe, expect, test } from '@jest/globals';
import { isPattern, matchesPattern } from './wildcard.ts';

describe('a pattern', () => {
  test.each([
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['web', 'we', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['**', 'anything', true],
    ['web-*', 'web-', true],
    ['web-*', 'web-01', true],
    ['web-*', 'db-01', false],
    ['*-01', 'web-01-01', true],
    ['*-01', 'web-012', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['we?', 'web', true],
    ['we?', 'we', false],
    ['?', '', false],
    ['*?', '', false],
    ['*?', 'a', true],
    ['?*?', 'ab', true],
    ['openshift-*-operator', 'openshift-ingress-operator', true],
    ['a.c', 'abc', false],
    ['[a-z]', 'b', false],
    ['kube-*', 'xkube-y', false],
  ])('%j over %j: %j', (pattern, name, matches) => {
    expect(matchesPattern(pattern, name)).toBe(matches);
  });
  test('of the worst kind takes no more steps than both lengths multiplied', () => {
    const pattern = countedText(`${'*a'.repeat(120)}*b`);
    const name = countedText('a'.repeat(5000));
    expect(matchesPattern(pattern.value, name.value)).toBe(false);
    expect(pattern.reads()).toBeLessThan(242 * 5000);
    expect(name.reads()).toBeLessThan(242 * 5000);
  });
  test('is told from a name by its wildcards', () => {
    expect(['web', 'web-*', 'we?'].map(isPattern)).toEqual([false, true, true]);
  });
});
