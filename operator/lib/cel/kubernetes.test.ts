/** What Kubernetes 1.35 says of each expression, by its own evaluator; rows are the corners where an evaluator easily says something else. */
import { describe, expect, test } from '@jest/globals';
import { compile } from './compile.ts';

function run(expression: string) {
  const compiled = compile({ expression });
  return compiled.is === 'compiled' ? compiled.program.run({ object: { empty: null, whole: 3 } }) : compiled;
}

describe('holds', () => {
  test.each([
    // Whole doubles of an expression stay doubles, in lists and maps too.
    '[1.0].map(x, x + 0.5) == [1.5]',
    '[1.0, 2.0].all(x, type(x) == double)',
    '[1.5, 0.5, 1.0].sum() == 3.0',
    "{'a': 1.0}.a + 0.5 == 1.5",
    '[2.0, 1.0].sort()[0] + 0.5 == 1.5',
    '[1.0, 1.0].distinct()[0] + 0.5 == 1.5',
    '[1.0].first().value() + 0.5 == 1.5',
    '[[1.0]].flatten()[0] + 0.5 == 1.5',
    '([1.0] + [2.0])[1] + 0.5 == 2.5',
    'object.whole + 1 == 4',
    // Conversions.
    "string(1e6) == '1e+06'",
    "string(0.00001) == '1e-05'",
    "string(1.5) == '1.5'",
    "string(1.0 / 0.0) == '+Inf'",
    "string(duration('90s')) == '90s'",
    "string(duration('-1.5s')) == '-1.5s'",
    "string(timestamp('2026-01-01T00:00:00.120Z')) == '2026-01-01T00:00:00.12Z'",
    "double('inf') > 0.0",
    "double('NaN') != double('NaN')",
    "string(b'\\xff') == 'a' || true",
    "bytes(b'a') == b'a'",
    "int(timestamp('1969-12-31T23:59:59.5Z')) == -1",
    // Positions count characters.
    "'😀a'.indexOf('a') == 1",
    "'😀a😀a'.lastIndexOf('a') == 3",
    "'😀b'.split('') == ['😀', 'b']",
    "'tacocat'.lastIndexOf('a', 3) == 1",
    "'tacocat'.lastIndexOf('a', 30) == -1",
    "'hello'.indexOf('l', 9) == -1",
    "'hello'.replace('', 'x', 2) == 'xhxello'",
    "'\\ufb00' < '\\U0001F600'",
    "'\\u0085\\u00a0\\u1680text'.trim() == 'text'",
    'strings.quote("bell\\a") == "\\"bell\\\\a\\""',
    // format().
    "'%s'.format([['a', 'b']]) == '[\"a\", \"b\"]'",
    "'%s'.format([{'a': 1}]) == '{\"a\":1}'",
    "'%s'.format([duration('90s')]) == '90s'",
    "'%x'.format(['ab']) == '6162'",
    "'%b'.format([true]) == '1'",
    // Maps and optional values.
    "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
    "{'a': 1}.transformMap(k, v, v > 5, v + 1) == {}",
    "['a', 'b'].transformMapEntry(i, v, {v: i}) == {'a': 0, 'b': 1}",
    "[{'a': 2}, {'a': 1}].sortBy(x, x.a)[0].a == 1",
    'optional.unwrap([optional.of(1), optional.none()]) == [1]',
    '[1, 2].last() == optional.of(2)',
    "!optional.ofNonZeroValue(duration('0s')).hasValue()",
    '!(dyn(1.5) in {1: 2})',
    // Time.
    "timestamp(60) == timestamp('1970-01-01T00:01:00Z')",
    "timestamp('1969-12-31T23:59:59.9999Z').getSeconds() == 59",
    "timestamp('2026-02-01T00:00:00Z').getDayOfYear() == 31",
    "timestamp('2026-01-01T00:00:00Z').getDayOfMonth() == 0",
    "duration('1s').getMilliseconds() == 1000",
    "[duration('1s'), duration('2s')].sum() == duration('3s')",
    // Quantities: those with a binary suffix are held to 64 bits.
    "quantity('10Ei') == quantity('9Ei')",
    "quantity('10E').isLessThan(quantity('11E'))",
    "sign(quantity('-1')) == -1",
    // Addresses.
    "!isIP('::ffff:0102:0304')",
    "isIP('64:ff9b::1.2.3.4')",
    "ip('64:ff9b::1.2.3.4') == ip('64:ff9b::102:304')",
    "!isCIDR('::ffff:102:304/120')",
    "ip('ff12::1').isLinkLocalMulticast()",
    "!isIP('fe80::1%eth0')",
    // URLs.
    "!isURL('/x%zz')",
    "!isURL('https://a/%zz')",
    "isURL('mailto:a@b')",
    "!isURL('https://example.com:port/')",
    "url('https:/path').getEscapedPath() == '/path'",
    "url('https://a/b c').getEscapedPath() == '/b%20c'",
    "url('https://a/é#f').getEscapedPath() == '/%C3%A9'",
    "url('https://a?x=%zz&y=1').getQuery() == {'y': ['1']}",
    "url('https://a?x=1;y=2').getQuery() == {}",
    "url('https://a?x=1?y').getQuery() == {'x': ['1?y']}",
    // Versions and time.
    "semver('1.2.3').isLessThan(semver('1.10.0'))",
    "semver('1.0.0-rc.1').isLessThan(semver('1.0.0'))",
    "isSemver('1.2.3')",
    "!isSemver('v1.2')",
    "isSemver('v1.2', true)",
    "semver('1.2.3').minor() == 2",
    "semver('1.0.0-alpha.2').compareTo(semver('1.0.0-alpha.10')) == -1",
    "duration('90s') == duration('1m30s')",
    "duration('2h').getMinutes() == 120",
    "timestamp('2026-01-01T01:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('1h')",
    "isSemver('18446744073709551615.0.0')",
    "!isSemver('18446744073709551616.0.0')",
    "!isSemver('1.2-rc1', true)",
    "semver('v01.02', true) == semver('1.2.0')",
    "semver('1.2.3+a') == semver('1.2.3+b')",
  ])('%s', (expression) => {
    expect(run(expression)).toEqual({ is: 'holds' });
  });
});

describe('is an error', () => {
  test.each([
    "double('1e400') > 0.0",
    "double('0x10') == 16.0",
    "double(' 1 ') == 1.0",
    "'hello'.indexOf('l', -1) == 2",
    '-9223372036854775808 % -1 == 0',
    '-9223372036854775808 / -1 > 0',
    "ip('::ffff:0102:0304').family() == 6",
    "timestamp('2026-02-30T00:00:00Z') == timestamp('2026-03-02T00:00:00Z')",
    "timestamp('9999-12-31T23:59:59Z') + duration('1h') > timestamp('2026-01-01T00:00:00Z')",
    "timestamp('0001-01-01T00:00:00Z') - duration('1h') < timestamp('2026-01-01T00:00:00Z')",
    "'%d'.format([1.5]) == '1.5'",
    "'%s'.format(['a', 'b']) == 'a'",
    "'%z'.format(['a']) == 'a'",
    "{'a': 'x', 'b': 'x'}.transformMapEntry(k, v, {v: k}).size() == 1",
  ])('%s', (expression) => {
    expect(run(expression)).toEqual({ is: 'error', message: expect.any(String) });
  });
});
