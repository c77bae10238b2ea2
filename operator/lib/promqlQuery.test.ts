import { expect, test } from '@jest/globals';
import { confined, parseQuery, selectorsOf } from './promqlQuery.ts';

test.each<[query: string, problem: string | undefined]>([
  ['sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))', undefined],
  ['max_over_time(up[1h:5m] offset 1d) @ end()', undefined],
  ['{"metric.name", "label.name"="x"}', undefined],
  ['1 # comment', undefined],
  ['', 'the query is empty'],
  [' \n', 'the query is empty'],
  ['up{', 'the query does not parse: it is not complete'],
  ['up{a="b}', 'the query does not parse: it is not complete'],
  ['up{a="b" or c="d"}', 'the query does not parse at character 10, at "or c=\\"d\\"}"'],
  ['up) or (down', 'the query does not parse at character 3, at ") or (down"'],
  [
    'up{a="\\q"}',
    'the query does not parse at character 6: the string is not complete, or has an escape that is not known',
  ],
  ['nosuchfunction(up)', 'the query does not parse at character 15, at "(up)"'],
  ['WITH (x = up) x', 'the query does not parse at character 6, at "(x = up) x"'],
  ['up{}'.padEnd(16_385), 'the query is longer than 16384 characters'],
])('%s: %s', (query, problem) => {
  expect(parseQuery(query)).toBe(problem);
});

const mine = (query: string) => confined(query, 'namespace', 'team-a');
const added = 'namespace = "team-a"';

test.each<[query: string, written: string]>([
  ['up', `up { ${added} }`],
  ['up{}', `up { ${added} }`],
  ['{}', `{ ${added} }`],
  ['up{job="x"}', `up { ${added} , job = "x" }`],
  ['up{job="x",}', `up { ${added} , job = "x" , }`],
  ['up{namespace="team-a"}', `up { ${added} , namespace = "team-a" }`],
  ['{__name__=~".+"}', `{ ${added} , __name__ =~ ".+" }`],
  ['{"metric.name"}', `{ ${added} , "metric.name" }`],
  ['{"metric.name", "k8s.ns"!~\'a\\\'b\'}', `{ ${added} , "metric.name" , "k8s.ns" !~ "a'b" }`],
  ['a or b and c unless d', `a { ${added} } or b { ${added} } and c { ${added} } unless d { ${added} }`],
  ['sum by (namespace) (a)', `sum by ( namespace ) ( a { ${added} } )`],
  ['a * on () group_left (x) b', `a { ${added} } * on ( ) group_left ( x ) b { ${added} }`],
  ['rate(a[5m])', `rate ( a { ${added} } [ 5m ] )`],
  [
    'max_over_time(rate(a[5m])[1h:5m] offset -1d)',
    `max_over_time ( rate ( a { ${added} } [ 5m ] ) [ 1h : 5m ] offset - 1d )`,
  ],
  ['a @ end() + a @ 1600000000 offset 5m', `a { ${added} } @ end ( ) + a { ${added} } @ 1600000000 offset 5m`],
  ['absent(a{x="y"})', `absent ( a { ${added} , x = "y" } )`],
  ['a # or b{\n+ 1e-3', `a { ${added} } + 1e-3`],
  ['a{# "\n}', `a { ${added} , }`],
  ['a{x="#"} # "', `a { ${added} , x = "#" }`],
  ['a\u00a0+\u00a0b', `a { ${added} } + b { ${added} }`],
  ['a{x=`}`}', `a { ${added} , x = "}" }`],
  ['a{x="\\x7d\\u00e9\u2028"}', `a { ${added} , x = "}\\u00e9\\u2028" }`],
  ['sum{a="b"}', `sum { ${added} , a = "b" }`],
  ['by', `by { ${added} }`],
  [
    'label_replace(a, "namespace", "$1", "x", "(.*)")',
    `label_replace ( a { ${added} } , "namespace" , "$1" , "x" , "(.*)" )`,
  ],
  ['time() - 5', 'time ( ) - 5'],
  ['- 5', '-5'],
  ['count_values("v", a) == bool 1', `count_values ( "v" , a { ${added} } ) == bool 1`],
])('%s is confined', (query, written) => {
  expect(mine(query)).toEqual({ query: written });
  expect(mine(written)).toEqual({ query: expect.stringContaining(written.split(' ')[0]!) as unknown });
});

test.each<[query: string, problem: RegExp]>([
  ['up{namespace="team-b"}', /selects by namespace="team-b", but it may only read `namespace="team-a"`/],
  ['up{namespace=~"team-a|team-b"}', /remove that matcher/],
  ['up{namespace!="team-a"}', /remove that matcher/],
  ['up{namespace!~"team-b"}', /remove that matcher/],
  ['up{namespace=~"team-a"}', /remove that matcher/],
  ['up{"namespace"="team-b"}', /remove that matcher/],
  ['up{"\\x6eamespace"="team-b"}', /remove that matcher/],
  ['up{namespace="team-a", namespace="team-b"}', /remove that matcher/],
  ['up or up{namespace=""}', /remove that matcher/],
  ['info(up)', /info\(\) is not allowed/],
  ['sum(info(up, {k8s_cluster=~".+"}))', /info\(\) is not allowed/],
  ['up{', /does not parse/],
])('%s is refused', (query, problem) => {
  expect(mine(query)).toEqual({ problem: expect.stringMatching(problem) as unknown });
});

test('what is a comment to the parser and a selector to Prometheus is not written again', () => {
  expect(mine('up # \r or {namespace="team-b"}')).toEqual({ query: `up { ${added} }` });
});

test('the value is quoted', () => {
  expect(confined('up', 'tenant', 'a"} or {b="')).toEqual({ query: 'up { tenant = "a\\"} or {b=\\"" }' });
});

test.each<[query: string, selectors: readonly string[] | undefined]>([
  ['rate(a{x="y"}[5m]) / rate(b[5m] offset 1h) + a{x="y"}', ['a { x = "y" }', 'b']],
  ['absent(a) + absent_over_time(b[5m]) + sum(c)', ['c']],
  ['a or {__name__="b"}', ['a', '{ __name__ = "b" }']],
  ['vector(1)', []],
  ['a{', undefined],
])('%s reads %j', (query, selectors) => {
  expect(selectorsOf(query)).toEqual(selectors);
});
