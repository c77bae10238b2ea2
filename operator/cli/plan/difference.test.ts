import { describe, expect, test } from '@jest/globals';
import { concealed, concealedTexts, differencesBetween, mostDifferences } from './difference.ts';

const of = (spec: object, more: object = {}) => ({
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'X',
  metadata: { name: 'x' },
  spec,
  ...more,
});
const secret = (data: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', ...more },
  data,
});
const check = (fields: object) => of({ checks: [{ name: 'motd', file: { path: '/etc/x', ...fields } }] });

describe('differences', () => {
  test.each([
    [
      'are none of what the apiserver says itself',
      of({ a: 1 }),
      of(
        { a: 1 },
        {
          metadata: { name: 'x', uid: 'u', resourceVersion: '7', generation: 3, managedFields: [{}] },
          status: { b: 1 },
        },
      ),
      [],
    ],
    [
      'name the place and both values',
      of({ mode: 'Inform' }),
      of({ mode: 'Enforce' }),
      [{ path: 'spec.mode', is: 'changed', before: 'Inform', after: 'Enforce' }],
    ],
    [
      'of a list of names are item by item',
      of({ checks: [{ name: 'a', n: 1 }, { name: 'b' }] }),
      of({ checks: [{ name: 'c' }, { name: 'a', n: 2 }] }),
      [
        { path: 'spec.checks[c]', is: 'added', after: '{"name":"c"}' },
        { path: 'spec.checks[a].n', is: 'changed', before: '1', after: '2' },
        { path: 'spec.checks[b]', is: 'removed', before: '{"name":"b"}' },
      ],
    ],
    [
      'say that only the order is another',
      of({ checks: [{ name: 'a' }, { name: 'b' }] }),
      of({ checks: [{ name: 'b' }, { name: 'a' }] }),
      [{ path: 'spec.checks', is: 'moved' }],
    ],
    [
      'show what is long from where it differs',
      of({ text: `a\n${'b'.repeat(90)}` }),
      of({ text: `a\n${'b'.repeat(89)}c` }),
      [
        {
          path: 'spec.text',
          is: 'changed',
          before: `line 2: …${'b'.repeat(61)}`,
          after: `line 2: …${'b'.repeat(60)}c`,
        },
      ],
    ],
    // https://github.com/argoproj/argo-cd/issues/23016
    [
      'show what is removed',
      of({ source: { a: 1 }, b: 1 }),
      of({ b: 1 }),
      [{ path: 'spec.source', is: 'removed', before: '{"a":1}' }],
    ],
    [
      'quote names that are no words',
      of({}, { metadata: { labels: { 'a.b/c': 'x' } } }),
      of({}, { metadata: { labels: { 'a.b/c': 'y' } } }),
      [{ path: 'metadata.labels["a.b/c"]', is: 'changed', before: 'x', after: 'y' }],
    ],
  ])('%s', (_, before, after, expected) => expect(differencesBetween(before, after)).toEqual(expected));

  test('end at a bound, however many there are', () => {
    const many = (value: number) => of(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`a${at}`, value])));
    expect(differencesBetween(many(1), many(2))).toHaveLength(mostDifferences);
  });

  test('of what is nested beyond reading are told without their values', () => {
    const nested = (leaf: string) =>
      of(Array.from({ length: 200 }).reduce<object>((inner) => ({ a: inner }), { a: leaf }));
    const [first, ...others] = differencesBetween(nested('x'), nested('y'));
    expect([first?.is, others, JSON.stringify(first)]).toEqual(['changed', [], expect.not.stringContaining('"x"')]);
  });
});

describe('what must not be shown', () => {
  const texts = ['hunter2-before', 'hunter2-after'];
  test.each([
    // https://github.com/kubernetes/kubernetes/issues/87840
    ['the data of a Secret', secret({ password: texts[0] }), secret({ password: texts[1] }), ['data.password']],
    ['what a Secret gains', secret({}), secret({ password: texts[1] }), ['data.password']],
    // https://github.com/kubernetes/kubectl/issues/1453
    [
      'the record of the last apply',
      secret({ a: '1' }, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': texts[0] } }),
      secret({ a: '1' }, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': texts[1] } }),
      [],
    ],
    [
      'what is declared as sensitive',
      check({ sensitive: true, content: texts[0] }),
      check({ sensitive: true, content: texts[1] }),
      ['spec.checks[motd].file.content'],
    ],
    // https://github.com/ansible/ansible/pull/14402: the value of before was shown
    [
      'what was sensitive and is no longer',
      check({ sensitive: true, content: texts[0] }),
      check({ content: texts[1] }),
      ['spec.checks[motd].file.sensitive', 'spec.checks[motd].file.content'],
    ],
    [
      'what becomes sensitive',
      check({ content: texts[0] }),
      check({ sensitive: true, content: texts[1] }),
      ['spec.checks[motd].file.content', 'spec.checks[motd].file.sensitive'],
    ],
    [
      'a file that not everybody may read',
      check({ mode: '0640', content: texts[0] }),
      check({ mode: '0640', content: texts[1] }),
      ['spec.checks[motd].file.content'],
    ],
    [
      'a file that everybody may read only now',
      check({ mode: '0600', content: texts[0] }),
      check({ mode: '0644', content: texts[1] }),
      ['spec.checks[motd].file.mode', 'spec.checks[motd].file.content'],
    ],
    [
      'a check as a part that is added',
      of({ checks: [] }),
      check({ sensitive: true, content: texts[1] }),
      ['spec.checks[motd]'],
    ],
    [
      'a Secret in a template',
      of({ objects: [{ name: 's', template: secret({ password: texts[0] }) }] }),
      of({ objects: [{ name: 's', template: secret({ password: texts[1] }) }] }),
      ['spec.objects[s].template.data.password'],
    ],
    [
      'a list in a Secret',
      of({ objects: [{ name: 's', template: secret({ password: [texts[0]] }) }] }),
      of({ objects: [{ name: 's', template: secret({ password: [texts[1]] }) }] }),
      ['spec.objects[s].template.data.password'],
    ],
  ])('%s', (_, before, after, paths) => {
    const found = differencesBetween(before, after);
    expect(found.map(({ path }) => path)).toEqual(paths);
    for (const text of texts) expect(JSON.stringify(found)).not.toContain(text);
  });

  test('of a changed value says that it is another', () => {
    expect(differencesBetween(secret({ p: 'aaaa' }), secret({ p: 'bbbb' }))).toEqual([
      { path: 'data.p', is: 'changed', before: concealed, after: concealed },
    ]);
  });

  test('is known where an apiserver quotes it, and nothing else is', () => {
    expect(concealedTexts({ ...secret({ password: texts[0] }), stringData: { other: texts[1] } })).toEqual(texts);
    expect(concealedTexts(check({ sensitive: true, content: texts[0] }))).toEqual([texts[0]]);
    expect(concealedTexts(check({ content: texts[0], mode: '0644' }))).toEqual([]);
  });
});
