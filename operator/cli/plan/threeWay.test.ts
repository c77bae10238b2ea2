import { describe, expect, test } from '@jest/globals';
import { lastAppliedOf, threeWayPatch } from './threeWay.ts';

const annotated = (text: string) => ({
  metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': text } },
});

describe('what a client-side apply would send', () => {
  test.each([
    ['nothing where all is so', { spec: { a: 1 } }, { spec: { a: 1 } }, { spec: { a: 1, b: 2 } }, {}],
    ['what is another', { spec: { a: 1 } }, { spec: { a: 2 } }, { spec: { a: 1 } }, { spec: { a: 2 } }],
    // https://github.com/kubernetes/kubernetes/issues/107828
    [
      'null for what the file says no longer',
      { metadata: { labels: { app: 'x', mine: 'y' } } },
      { metadata: { labels: { app: 'x' } } },
      { metadata: { labels: { app: 'x', mine: 'y', theirs: 'z' } } },
      { metadata: { labels: { mine: null } } },
    ],
    ['nothing for what is gone already', { spec: { a: 1, b: 2 } }, { spec: { a: 1 } }, { spec: { a: 1 } }, {}],
    [
      'lists in full, as the kinds of others have no keys',
      { spec: { checks: [{ name: 'a' }, { name: 'b' }] } },
      { spec: { checks: [{ name: 'a' }] } },
      { spec: { checks: [{ name: 'a' }, { name: 'b' }] } },
      { spec: { checks: [{ name: 'a' }] } },
    ],
    ['what others set stays', { spec: { a: 1 } }, { spec: { a: 1 } }, { spec: { a: 1, suspend: { reason: 'x' } } }, {}],
    [
      'all of a part that is gone',
      { spec: { a: { b: 1 } } },
      { spec: {} },
      { spec: { a: { b: 1 } } },
      { spec: { a: null } },
    ],
    [
      'members of a prototype as any others',
      {},
      { spec: { constructor: 'x' } },
      { spec: {} },
      { spec: { constructor: 'x' } },
    ],
  ])('is %s', (_, lastApplied, declared, live, patch) => {
    expect(threeWayPatch(lastApplied, declared, live)).toEqual(patch);
  });
});

describe('the record of the last apply', () => {
  test.each([
    ['is read', annotated('{"kind":"X"}'), { kind: 'X' }],
    ['is none where it is no JSON', annotated('{'), undefined],
    ['is none where it is no object', annotated('[]'), undefined],
    ['is none without annotations', { metadata: {} }, undefined],
    ['is none without metadata', {}, undefined],
  ])('%s', (_, live, expected) => expect(lastAppliedOf(live)).toEqual(expected));
});
