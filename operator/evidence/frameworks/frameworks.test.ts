/** Frameworks as they are published, what people write for their controls, and frameworks that people declare. */
import { describe, expect, test } from '@jest/globals';
import { declaredFrameworks, type ConfigMap } from './custom.ts';
import { frameworks } from './frameworks.ts';
import { controlKey, controlParser } from './parse.ts';

const parse = controlParser(frameworks);

test.each([
  ['NIST-800-53', 287],
  ['FEDRAMP-MODERATE', 323],
  ['CIS-CONTROLS', 153],
])('%s has %d controls, each once, with a title', (id, count) => {
  const { controls } = frameworks.find((one) => one.id === id)!;
  expect(new Set(controls.map((control) => control.id)).size).toBe(count);
  expect(controls).toHaveLength(count);
  expect(controls.filter(({ title }) => !title)).toEqual([]);
});

test('what controls map to are controls', () => {
  const ids = new Set(frameworks.flatMap(({ id, controls }) => controls.map((one) => controlKey(id, one.id))));
  const beyond = frameworks.flatMap(({ controls }) => controls).flatMap(({ mapsTo = [] }) => mapsTo);
  const wrong = beyond.filter((one) => parse(one).is === 'unknown' || !parse(one));
  expect(wrong).toEqual([]);
  const mappings = frameworks.filter(({ id }) => id === 'SOX-ITGC' || id === 'GDPR-32');
  expect(
    mappings.flatMap(({ controls }) => controls.flatMap(({ mapsTo = [] }) => mapsTo)).filter((one) => !ids.has(one)),
  ).toEqual([]);
});

test('each id is found again by itself', () => {
  for (const { id, controls } of frameworks)
    for (const control of controls)
      expect(parse(controlKey(id, control.id))).toEqual({ is: 'known', framework: id, control: control.id });
});

test.each([
  ['NIST-800-53:AC-6(2)', 'NIST-800-53:AC-6(2)'],
  ['AC-6 (2)', 'NIST-800-53:AC-6(2)'],
  ['ac-6.2', 'NIST-800-53:AC-6(2)'],
  ['AC-06(02)', 'NIST-800-53:AC-6(2)'],
  ['NIST-800-53-AC-6(2)', 'NIST-800-53:AC-6(2)'],
  ['nist_800_53_ac_6_2', 'NIST-800-53:AC-6(2)'],
  ['NIST SP 800-53: AC-6', 'NIST-800-53:AC-6'],
  ['NIST-800-53:CA-8', 'NIST-800-53:CA-8'],
  ['CIS-RHEL9:5.1.20', 'CIS-RHEL9:5.1.20'],
  ['cis-rhel9:5.1.20', 'CIS-RHEL9:5.1.20'],
  ['CIS-5.2.1', 'CIS:5.2.1'],
  ['CIS-CONTROLS:4.1', 'CIS-CONTROLS:4.1'],
  ['CISv8:4.1', 'CIS-CONTROLS:4.1'],
  ['GDPR:32(1)(b)', 'GDPR-32:32(1)(b)'],
  ['FedRAMP: AC-2(7)', 'FEDRAMP-MODERATE:AC-2(7)'],
])('%s is %s', (text, key) => {
  const control = parse(text);
  expect(control.is === 'known' && controlKey(control.framework, control.control)).toBe(key);
});

test.each([
  '',
  '  ',
  'NIST-800-53',
  'NIST-800-53:',
  'NIST-800-53:AC-99',
  'AC-6(2)(a)',
  '4.1',
  'ISO-27001:A.8.9',
  'CIS',
  'AC',
  '__proto__',
])('%p is unknown, and says what was written', (text) => {
  expect(parse(text)).toMatchObject({ is: 'unknown', text: text.trim(), reason: expect.stringMatching(/\w/) });
});

describe('a ConfigMap', () => {
  const map = (framework: unknown, name = 'mine'): ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'fleet' },
    spec: undefined,
    data: { 'framework.json': typeof framework === 'string' ? framework : JSON.stringify(framework) },
  });
  const good = {
    id: 'ACME-SEC',
    title: 'Acme security policy',
    version: '3',
    controls: [
      { id: 'S-1', title: 'Root logs in nowhere', mapsTo: ['ac-6 (2)'] },
      { id: 'S-2', title: 'Banners' },
    ],
  };

  test('adds a framework', () => {
    const { frameworks: all, unread } = declaredFrameworks(frameworks, [map(good)]);
    expect(unread).toEqual([]);
    expect(all.at(-1)!.controls[0]!.mapsTo).toEqual(['NIST-800-53:AC-6(2)']);
    expect(controlParser(all)('acme-sec: s-2')).toEqual({ is: 'known', framework: 'ACME-SEC', control: 'S-2' });
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'is not JSON'],
    ['a list', [], 'must be an object'],
    ['a field that does not exist', { ...good, baseline: 1 }, '`baseline`'],
    ['no controls', { ...good, controls: [] }, '1 to 2000'],
    ['a control without a title', { ...good, controls: [{ id: 'a' }] }, '`controls[0]`.title'],
    ['a control twice', { ...good, controls: [good.controls[1], { id: 's.2', title: 'x' }] }, 'twice'],
    ['an unknown mapping', { ...good, controls: [{ id: 'a', title: 'b', mapsTo: ['AC-99'] }] }, 'AC-99 is unknown'],
    ['line breaks', { ...good, title: 'a\nb' }, 'on one line'],
    ['the name of a shipped framework', { ...good, id: 'NIST-800-53' }, 'is taken'],
    ['an alias of a shipped framework', { ...good, id: 'FEDRAMP' }, 'is taken'],
    ['a name of a benchmark', { ...good, id: 'CIS-RHEL9' }, 'is taken'],
    ['a name in small letters', { ...good, id: 'acme' }, 'capital letters'],
  ])('with %s is named, and the others stay', (_, bad, reason) => {
    const { frameworks: all, unread } = declaredFrameworks(frameworks, [map(bad, 'bad'), map(good)]);
    expect(all).toHaveLength(frameworks.length + 1);
    expect(unread).toEqual([{ what: 'ConfigMap bad', reason: expect.stringContaining(reason) }]);
  });

  test('cannot take the name of another', () => {
    const { unread } = declaredFrameworks(frameworks, [map(good, 'b'), map(good, 'a')]);
    expect(unread.map(({ what }) => what)).toEqual(['ConfigMap b']);
  });
});
