import { describe, expect, test } from '@jest/globals';
import { compile, type Result, type Input, type Source } from './compile.ts';

const pod = {
  metadata: {
    name: 'web-1',
    namespace: 'shop',
    labels: { app: 'web', tier: 'front' },
    creationTimestamp: '2026-01-31T12:00:00Z',
  },
  spec: {
    replicas: 3,
    hostNetwork: false,
    ratio: 0.5,
    containers: [
      {
        name: 'app',
        image: 'registry.example/app:1.2',
        ports: [{ containerPort: 8080 }],
        resources: { limits: { cpu: '500m', memory: '1Gi' } },
      },
      { name: 'side', image: 'registry.example/side:latest', resources: {} },
    ],
    cidr: '10.1.0.0/16',
    url: 'https://user@api.example:8443/v1/x%20y?a=1&a=2&b=3',
    constructor: 'data',
  },
};

function answer(source: string | Source, input: Partial<Input> = {}): Result {
  const compiled = compile(typeof source === 'string' ? { expression: source } : source);
  if (compiled.is === 'invalid') throw new Error(compiled.message);
  return compiled.program.run({ object: pod, ...input });
}

describe('holds', () => {
  test.each([
    // Literals, operators, comparisons.
    'true',
    '!false',
    '1 + 2 * 3 == 7',
    '7 / 2 == 3',
    '-7 / 2 == -3',
    '7 % 3 == 1',
    '-7 % 3 == -1',
    '1.5 + 1.5 == 3.0',
    '5.0 / 2.0 == 2.5',
    'dyn(1) == 1.0',
    '1 < 1.5',
    'dyn(2u) == 2',
    "'a' + 'b' == 'ab'",
    '[1] + [2] == [1, 2]',
    "'a' < 'b'",
    "b'a' == b'a'",
    'null == null',
    "dyn(1) != '1'",
    '-9223372036854775808 < 0',
    '9223372036854775807 > 0',
    '0x1F == 31',
    "'\\u00e9' == 'é'",
    "r'\\d' == '\\\\d'",
    "dyn({'a': 1}) == {'a': 1.0}",
    '1 in [1, 2]',
    "'app' in object.metadata.labels",
    "!('x' in object.metadata.labels)",
    'true ? true : 1 / 0 > 0',
    'true || 1 / 0 > 0',
    '1 / 0 > 0 || true',
    '!(false && 1 / 0 > 0)',
    '!(1 / 0 > 0 && false)',
    // Fields, presence, optional fields.
    "object.metadata.name == 'web-1'",
    "object.metadata['name'] == 'web-1'",
    'has(object.spec.replicas)',
    '!has(object.spec.paused)',
    'object.spec.replicas == 3',
    'object.spec.ratio == 0.5',
    'type(object.spec.replicas) == int',
    'type(object.spec.ratio) == double',
    'type(object.spec) == map',
    'object.?spec.?paused.orValue(false) == false',
    'object.spec.?replicas.orValue(1) == 3',
    '!object.?status.?ready.hasValue()',
    "object.metadata.labels[?'app'].orValue('') == 'web'",
    'object.?spec.?replicas.optMap(r, r + 1).orValue(0) == 4',
    'optional.none().orValue(1) == 1',
    "optional.ofNonZeroValue('').orValue('x') == 'x'",
    "object.spec.constructor == 'data'",
    '!has(object.spec.toString)',
    '!has(object.spec.__proto__)',
    'oldObject == null',
    'params == null',
    // Loops.
    "object.spec.containers.all(c, c.image.startsWith('registry.example/'))",
    "object.spec.containers.exists(c, c.image.endsWith(':latest'))",
    "object.spec.containers.exists_one(c, c.name == 'app')",
    "object.spec.containers.map(c, c.name) == ['app', 'side']",
    "object.spec.containers.map(c, c.name != 'app', c.name) == ['side']",
    'object.spec.containers.filter(c, has(c.ports)).size() == 1',
    'object.metadata.labels.all(k, k.size() > 2)',
    "object.metadata.labels.exists(k, v, k == 'app' && v == 'web')",
    '[1, 2, 3].all(i, v, v == i + 1)',
    '[3, 1].transformList(i, v, v * 2) == [6, 2]',
    '[].all(x, false)',
    '![].exists(x, true)',
    '[0, 1].exists(x, 1 / x > 0)',
    '![0, 1].all(x, 1 / x > 5)',
    'cel.bind(x, object.spec.replicas, x * x == 9)',
    '[[1, 2], [3]].all(l, l.exists(x, x > 1))',
    // Conversions.
    "int('42') == 42",
    'int(3.9) == 3',
    "double('1.5') == 1.5",
    "string(5) == '5'",
    "string(true) == 'true'",
    "bool('true')",
    "size('äöü') == 3",
    "'abc'.size() == 3",
    'size({}) == 0',
    'dyn(1) == 1',
    "string(b'ab') == 'ab'",
    // Text.
    "'hello'.contains('ell')",
    "'Hello'.lowerAscii() == 'hello'",
    "'Hello'.upperAscii() == 'HELLO'",
    "' x '.trim() == 'x'",
    "'a,b,c'.split(',') == ['a', 'b', 'c']",
    "'a,b,c'.split(',', 2) == ['a', 'b,c']",
    "['a', 'b'].join('-') == 'a-b'",
    "'hello'.substring(1, 3) == 'el'",
    "'hello'.replace('l', 'L', 1) == 'heLlo'",
    "'hello'.indexOf('l') == 2",
    "'hello'.lastIndexOf('l') == 3",
    "'abc'.charAt(1) == 'b'",
    "'abc'.charAt(3) == ''",
    "'%s has %d and %.1f'.format(['x', 3, 2.5]) == 'x has 3 and 2.5'",
    "'abc'.reverse() == 'cba'",
    'strings.quote(\'a"b\') == \'"a\\\\"b"\'',
    // Regular expressions.
    "'abc123'.matches('^[a-z]+[0-9]+$')",
    "matches('x1', '[0-9]')",
    "'abc 123'.find('[0-9]+') == '123'",
    "'abc'.find('[0-9]+') == ''",
    "'1 a 22'.findAll('[0-9]+') == ['1', '22']",
    "'123 123 987'.findAll('[0-9]+', 2) == ['123', '123']",
    // Quantities.
    "quantity('100m') == quantity('0.1')",
    "quantity('1Gi').compareTo(quantity('1024Mi')) == 0",
    "quantity('2Gi').isGreaterThan(quantity('1G'))",
    "quantity('50k').asInteger() == 50000",
    "isQuantity('1.5Gi')",
    "!isQuantity('10 Mo')",
    "quantity('1').add(quantity('500m')).isLessThan(quantity('2'))",
    "quantity('50k').sub(quantity('20k')) == quantity('30k')",
    "quantity('-1').sign() == -1",
    "quantity('1.5').isInteger() == false",
    "quantity('1.5').asApproximateFloat() == 1.5",
    "object.spec.containers.all(c, !has(c.resources.limits) || quantity(c.resources.limits.memory).compareTo(quantity('2Gi')) <= 0)",
    // Addresses.
    "isIP('10.0.0.1')",
    "!isIP('10.0.0.01')",
    "!isIP('::ffff:1.2.3.4')",
    "ip('::1').family() == 6",
    "ip('127.0.0.1').isLoopback()",
    "ip('0.0.0.0').isUnspecified()",
    "ip('169.254.1.1').isLinkLocalUnicast()",
    "ip('8.8.8.8').isGlobalUnicast()",
    "ip('2001:db8:0::1') == ip('2001:db8::1')",
    "ip.isCanonical('2001:db8::abcd')",
    "!ip.isCanonical('2001:DB8::ABCD')",
    "string(ip('2001:db8:0:0:0:0:0:1')) == '2001:db8::1'",
    "cidr(object.spec.cidr).containsIP('10.1.2.3')",
    "!cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
    "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
    "!cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))",
    "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')",
    "cidr('10.0.0.0/8').prefixLength() == 8",
    "cidr('::1/128').ip().family() == 6",
    "isCIDR('10.0.0.0/8')",
    "!isCIDR('10.0.0.0/33')",
    // URLs.
    "url(object.spec.url).getScheme() == 'https'",
    "url(object.spec.url).getHost() == 'api.example:8443'",
    "url(object.spec.url).getHostname() == 'api.example'",
    "url(object.spec.url).getPort() == '8443'",
    "url(object.spec.url).getEscapedPath() == '/v1/x%20y'",
    "url(object.spec.url).getQuery() == {'a': ['1', '2'], 'b': ['3']}",
    "isURL('/path')",
    "!isURL('../path')",
    "url('https://[::1]:80/').getHostname() == '::1'",
    // Lists and sets.
    'sets.contains([1, 2, 3], [2, 3])',
    'sets.equivalent([1, 2, 2], [2, 1])',
    '!sets.intersects([1], [2])',
    '[1, 2, 3].isSorted()',
    '![2, 1].isSorted()',
    '[1, 2].sum() == 3',
    '[1.5, 2.5].sum() == 4.0',
    '[3, 1, 2].min() == 1',
    '[3, 1, 2].max() == 3',
    "['a', 'b', 'a'].indexOf('b') == 1",
    "['a', 'b', 'a'].lastIndexOf('a') == 2",
    '[1, 1, 2].distinct() == [1, 2]',
    '[[1], [2]].flatten() == [1, 2]',
    '[1, 2, 3].slice(1, 3) == [2, 3]',
    'lists.range(3) == [0, 1, 2]',
    'math.greatest(1, 3, 2) == 3',
    'math.least([4, 2]) == 2',
    'math.abs(-3) == 3',
    "timestamp(object.metadata.creationTimestamp) < timestamp('2026-02-01T00:00:00Z')",
  ])('%s', (expression) => {
    expect(answer(expression)).toEqual({ is: 'holds' });
  });
});

describe('is an error, never true', () => {
  test.each([
    ['object.spec.absent', "there is no field 'absent'"],
    ['object.spec.replicas', 'the result is of type int, but must be bool'],
    ["object.spec.replicas == 1 || object.metadata.annotations['x'] == 'y'", "there is no field 'annotations'"],
    ["object.spec.containers[5].name == 'x'", 'there is no item 5'],
    ["object.metadata.labels['x'] == 'y'", 'there is no key "x"'],
    ['1 / (object.spec.replicas - 3) == 1', 'division by zero'],
    ['9223372036854775807 + 1 > 0', 'the result does not fit in a 64-bit integer'],
    ["dyn(1) + dyn('a') == 2", '`+` does not take int and string'],
    ["dyn('a') < 1", 'cannot be compared'],
    ['object.spec.containers.all(c, c.resources.limits.memory == "1Gi")', "there is no field 'limits'"],
    ["quantity('ten') == quantity('10')", '"ten" is not a quantity'],
    ["'a'.matches(object.metadata.name + '(')", 'is not a valid RE2 regular expression'],
    ["'a'.matches(object.metadata.name + '(?=a)')", 'is not a valid RE2 regular expression'],
    ["object.spec.replicas.startsWith('3')", '`startsWith` does not take (int, string)'],
    ['object.spec.replicas.all(x, true)', 'a loop needs a list or a map, not int'],
    ["ip('1.2.3.4.5').family() == 4", 'is not an IP address'],
    ['object.spec.__proto__ == null', "there is no field '__proto__'"],
  ])('%s', (expression, message) => {
    expect(answer(expression)).toEqual({ is: 'error', message: expect.stringContaining(message) });
  });
});

describe('is not taken', () => {
  test.each<[string, Source, RegExp]>([
    ['what cannot be read', { expression: 'object.spec.all(c, ' }, /^the expression, line 1, column 20: /],
    [
      'a name that there is not',
      { expression: 'objekt.spec' },
      /'objekt' is not defined; defined are object, oldObject/,
    ],
    ['a name that there is not, with its place', { expression: 'true ||\n  objekt.spec' }, /, line 2, column 3: /],
    ['a pattern that is none', { expression: "'a'.matches('(?=a)')" }, /is not a valid RE2 regular expression/],
    ['an int beyond 64 bits', { expression: '9223372036854775808 > 0' }, /does not fit in a 64-bit integer/],
    [
      'a function that there is not',
      { expression: 'frobnicate(1)' },
      /no function `frobnicate` that takes 1 argument$/,
    ],
    [
      'a function with too many arguments',
      { expression: "size('a', 'b')" },
      /no function `size` that takes 2 arguments/,
    ],
    ['a book', { expression: `'${'a'.repeat(5000)}' == ''` }, /longer than 4096 characters/],
    ['too many parts', { expression: `[${'1,'.repeat(1500)}1].size() > 0` }, /maxListElements \(500\)/],
    ['too much nesting', { expression: `${'('.repeat(100)}1${')'.repeat(100)} == 1` }, /maxDepth \(64\)/],
    [
      'a variable that comes later',
      {
        expression: 'true',
        variables: [
          { name: 'a', expression: 'variables.b' },
          { name: 'b', expression: '1' },
        ],
      },
      /variable a: variable 'b' is not declared before it is used/,
    ],
    [
      'a function of JavaScript',
      { expression: 'object.spec.toString() == null' },
      /no function `toString` that takes 0 arguments/,
    ],
    [
      'a loop of JavaScript',
      { expression: '[1].constructor(x, x)' },
      /no function `constructor` that takes 2 arguments/,
    ],
    [
      'what is no bool',
      { expression: "'a' + object.metadata.name" },
      /^the expression is of type string, but must be bool$/,
    ],
    ['a message that is no text', { expression: 'true', messageExpression: '1 + 1' }, /type int, but must be string$/],
    [
      'a variable of another type',
      { expression: "variables.all == 'a'", variables: [{ name: 'all', expression: '[1]' }] },
      /, line 1, column 1: `==` does not take \(list\(int\), string\)/,
    ],
    ['a `?` where there is no entry', { expression: '1 + ?object.a == 2' }, /column 5: `\?` is only allowed before/],
    ['a `?` at the end', { expression: '[?' }, /^the expression/],
    ['bytes of another language', { expression: "b'ü' == b''" }, /bytes take only ASCII and escapes/],
    ['has() of a call', { expression: 'has(size(object))' }, /has\(\) needs a field selection/],
  ])('%s', (_, source, message) => {
    expect(compile(source)).toEqual({ is: 'invalid', message: expect.stringMatching(message) });
  });
});

describe('variables and messages', () => {
  const source: Source = {
    variables: [
      { name: 'images', expression: 'object.spec.containers.map(c, c.image)' },
      { name: 'latest', expression: "variables.images.filter(i, i.endsWith(':latest'))" },
    ],
    expression: 'variables.latest.size() == 0',
    messageExpression: "object.metadata.name + ' uses ' + variables.latest.join(', ')",
  };
  test('variables are known to those after them', () => {
    expect(answer(source)).toEqual({ is: 'fails', message: 'web-1 uses registry.example/side:latest' });
  });
  test('a variable that nobody asks for is not evaluated', () => {
    expect(answer({ variables: [{ name: 'bad', expression: '1 / 0' }], expression: 'true' })).toEqual({ is: 'holds' });
  });
  test('a message that cannot be made leaves the answer as it is', () => {
    expect(answer({ expression: 'false', messageExpression: 'object.absent' })).toEqual({ is: 'fails' });
  });
  test('words come from what may be shown alone', () => {
    const told = (expression: string, more: Partial<Source> = {}): Result => {
      const compiled = compile({ expression, ...more });
      if (compiled.is === 'invalid') throw new Error(compiled.message);
      const [object, shown] = ['hunter2', '(concealed)'].map((password) => ({ data: { password } }));
      return compiled.program.run({ object }, { object: shown });
    };
    const variables = [{ name: 'p', expression: 'object.data.password' }];
    expect(told("variables.p == ''", { variables, messageExpression: "'it is ' + variables.p" })).toEqual({
      is: 'fails',
      message: 'it is (concealed)',
    });
    expect(told("variables.p == 'hunter2'", { variables })).toEqual({ is: 'holds' });
    expect(told('int(object.data.password) == 1')).toEqual({ is: 'error', message: '"(concealed)" is not an int' });
    expect(told("object.data.password != 'hunter2' || 1 / (size(object.data.password) - 7) == 0")).toEqual({
      is: 'error',
      message: 'it cannot be evaluated; the reason is not shown, because it could disclose values of a Secret',
    });
  });
  test('members that are undefined are absent, and numbers may be bigints', () => {
    const object = { a: undefined, b: { c: undefined }, big: 9007199254740993n, list: [9007199254740993n, 1] };
    const absent = [
      '!has(object.a)',
      "!('a' in object)",
      '!object.?a.hasValue()',
      'object.b == {}',
      'object.b.size() == 0',
    ];
    const whole = [
      'object.big == 9007199254740993',
      'object.list.sum() == 9007199254740994',
      'type(object.big) == int',
    ];
    for (const expression of [...absent, ...whole, 'object.b.all(k, false)', 'object.all(k, k != "a")'])
      expect([expression, answer(expression, { object })]).toEqual([expression, { is: 'holds' }]);
    expect(answer('object.a == 1', { object })).toMatchObject({ is: 'error' });
  });
  test('namespaceObject and params are in reach', () => {
    const input = { namespaceObject: { metadata: { labels: { env: 'prod' } } }, params: { data: { max: '5' } } };
    expect(
      answer("namespaceObject.metadata.labels.env == 'prod' && object.spec.replicas <= int(params.data.max)", input),
    ).toEqual({ is: 'holds' });
  });
});
