import { describe, expect, test } from '@jest/globals';
import { schemas } from '../api/generated/schemas.ts';
import { matchesAbsence, narrowing, selectorIn, selectorText, type SeriesSelector } from './seriesSelector.ts';

interface Node {
  readonly properties: Record<string, Node>;
  readonly pattern?: string;
}
const spec = (schemas.ServiceLevelObjective as unknown as Node).properties['spec']!;
const pattern = new RegExp(spec.properties['indicator']!.properties['ratio']!.properties['total']!.pattern ?? '');

const good: [string, string][] = [
  ['up', 'up'],
  ['a:b:c', 'a:b:c'],
  ['up{}', 'up'],
  ['up{ job = "web" , }', 'up{job="web"}'],
  ['up{job="web",code=~"5..|429",x!="",y!~"a.*"}', 'up{job="web",code=~"5..|429",x!="",y!~"a.*"}'],
  [String.raw`up{path="C:\\x \"y\""}`, String.raw`up{path="C:\\x \"y\""}`],
  ['up{a="}[5m])) or sum(secret{"}', 'up{a="}[5m])) or sum(secret{"}'],
  ['up{a="# no comment"}', 'up{a="# no comment"}'],
];

test.each(good)('%s', (text, written) => {
  const selector = selectorIn(text) as SeriesSelector;
  expect(selectorText(selector)).toBe(written);
  expect(pattern.test(text)).toBe(true);
});

describe('nothing else than one selector', () => {
  test.each([
    'up[5m]',
    'up offset 5m',
    'up @ 0',
    'sum(up)',
    'up or secret',
    'up{a="b"} or secret',
    'up{a="b"}[5m])) or sum(increase(secret[5m]',
    'up{a="b"} # {{',
    'up{a="b}',
    'up{a=`b`}',
    "up{a='b'}",
    'up{a="b" c="d"}',
    'up{,}',
    '{job="web"}',
    '{__name__=~".+"}',
    'up{a="\\x41"}',
    'up{a="b\n"}',
    '1',
    '',
  ])('%s', (text) => {
    expect(typeof selectorIn(text)).toBe('string');
    expect(pattern.test(text)).toBe(false);
  });

  test.each(['up{__name__="secret"}', 'up{a=~"("}', 'up{a=~"(?=x)"}'])('%s, which a schema cannot see', (text) => {
    expect(typeof selectorIn(text)).toBe('string');
  });
});

test('what a part selects by beside the whole', () => {
  const of = (text: string): SeriesSelector => selectorIn(text) as SeriesSelector;
  const all = of('r{job="web"}');
  expect(narrowing(of('r{code=~"5..",job="web"}'), all)).toEqual([{ label: 'code', op: '=~', value: '5..' }]);
  expect(narrowing(of('r{code=~"5.."}'), all)).toBeUndefined();
  expect(narrowing(of('s{job="web"}'), all)).toBeUndefined();
});

test.each([
  ['=', '', true],
  ['=', 'x', false],
  ['!=', 'x', true],
  ['=~', '5..', false],
  ['=~', '.*', true],
  ['!~', '5..', true],
] as const)('a series without the label matches %s %s: %s', (op, value, matches) => {
  expect(matchesAbsence({ label: 'a', op, value })).toBe(matches);
});
