import { describe, expect, test } from '@jest/globals';
import { hasSeen, kindId } from './identity.ts';

describe('hasSeen', () => {
  test.each([
    ['10', '9', true],
    ['9', '10', false],
    ['10', '10', true],
    ['9007199254740993', '9007199254740992', true],
    ['9007199254740992', '9007199254740993', false],
  ])('compares %s with %s as numbers of any size', (seen, written, answer) => {
    expect(hasSeen(seen, written)).toBe(answer);
  });

  test.each([
    ['abc', '5'],
    ['5', ''],
    ['', '5'],
    ['05', '6'],
  ])('fails open when %p or %p is no decimal number', (seen, written) => {
    expect(hasSeen(seen, written)).toBe(true);
  });
});

test('a kind of the core group is named by its plural alone', () => {
  const kind = { version: 'v1', namespaced: true };
  expect(kindId({ ...kind, group: '', kind: 'Secret', plural: 'secrets' })).toBe('secrets');
  expect(kindId({ ...kind, group: 'apps', kind: 'Deployment', plural: 'deployments' })).toBe('deployments.apps');
});
