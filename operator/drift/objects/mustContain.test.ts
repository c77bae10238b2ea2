import { describe, expect, test } from '@jest/globals';
import { thing, thingSchema, told, type Json } from '../../../test/builders/thing.ts';
import { changesToContain } from './compare.ts';

/** What the template says, what is live, what differs, and the changes that put in what is missing. */
type Case = [name: string, template: Json, live: Json, differences: string[], ...changes: string[]];

const volume = (name: string, medium?: string) => ({ name, emptyDir: medium === undefined ? {} : { medium } });
const [alice, bob] = ['alice', 'bob'].map((name) => ({ kind: 'User', name }));
const cases: Case[] = [
  // Lists that an apply replaces
  ['the same list', { args: ['a', 'b'] }, { args: ['a', 'b'] }, []],
  ['a list with more, in another order', { args: ['a', 'b'] }, { args: ['c', 'b', 'a'] }, []],
  ['no item at all', { args: [] }, { args: ['a'] }, []],
  [
    'an item is missing',
    { args: ['a', 'b'] },
    { args: ['c', 'a'] },
    ['missing spec.args[-] "b" absent'],
    'missing /spec/args/- "b"',
  ],
  ['the list is missing', { args: ['a'] }, {}, ['missing spec.args ["a"] absent'], 'missing /spec/args ["a"]'],
  [
    'an item twice, and there once',
    { args: ['a', 'a'] },
    { args: ['a'] },
    ['missing spec.args[-] "a" absent'],
    'missing /spec/args/- "a"',
  ],
  ['an item once, and there twice', { args: ['a'] }, { args: ['a', 'a'] }, []],
  ['items that differ in what they say', { subjects: [alice] }, { subjects: [bob, { ...alice, apiGroup: 'x' }] }, []],
  [
    'an item of a name that is there is that item',
    { volumes: [volume('v', 'Memory')] },
    { volumes: [volume('w'), volume('v', 'Disk')] },
    ['different spec.volumes[name=v].emptyDir.medium "Memory" "Disk"'],
    'different /spec/volumes/1/emptyDir/medium "Memory"',
  ],
  [
    'an item of another name is another item',
    { volumes: [volume('v')] },
    { volumes: [volume('w')] },
    ['missing spec.volumes[name=v] {"emptyDir":{},"name":"v"} absent'],
    'missing /spec/volumes/- {"name":"v","emptyDir":{}}',
  ],
  [
    'of two items of that name the one that has all',
    { volumes: [volume('v', 'Memory')] },
    { volumes: [volume('v', 'Disk'), volume('v', 'Memory')] },
    [],
  ],
  [
    'two items need two, whichever comes first',
    { ports: [{ protocol: 'TCP' }, { port: 80 }] },
    {
      ports: [
        { port: 80, protocol: 'TCP' },
        { port: 90, protocol: 'TCP' },
      ],
    },
    [],
  ],
  [
    'two items that only one could be',
    { ports: [{ protocol: 'TCP' }, { port: 80 }] },
    {
      ports: [
        { port: 80, protocol: 'TCP' },
        { port: 90, protocol: 'UDP' },
      ],
    },
    ['missing spec.ports[-] {"port":80} absent'],
    'missing /spec/ports/- {"port":80}',
  ],
  ['lists of lists', { anything: { a: [[1], [2]] } }, { anything: { a: [[3, 2], [0], [1]] } }, []],
  ['text for a list', { args: ['a'] }, { args: 'a' }, ['different spec.args ["a"] "a"'], 'different /spec/args ["a"]'],
  // Objects that an apply replaces
  [
    'a selector with more labels',
    { selector: { matchLabels: { a: 'b' } } },
    { selector: { matchLabels: { a: 'b', c: 'd' } } },
    [],
  ],
  [
    'a selector without that label',
    { nodeSelector: { a: 'b' } },
    { nodeSelector: { c: 'd' } },
    ['missing spec.nodeSelector.a "b" absent'],
    'missing /spec/nodeSelector/a "b"',
  ],
  // What an apply merges
  [
    'a set',
    { tags: ['a', 'b'] },
    { tags: ['c', 'a'] },
    ['missing spec.tags["b"] "b" absent'],
    'missing /spec/tags/- "b"',
  ],
  [
    'a list by keys, and one within',
    { containers: [{ name: 'app', args: ['-v'] }, { name: 'new' }] },
    { containers: [{ name: 'log' }, { name: 'app', args: ['-x'] }] },
    [
      'missing spec.containers[name=app].args[-] "-v" absent',
      'missing spec.containers[name=new] {"name":"new"} absent',
    ],
    'missing /spec/containers/1/args/- "-v"',
    'missing /spec/containers/- {"name":"new"}',
  ],
  [
    'a key that is there twice, of which the last counts',
    { containers: [{ name: 'app', image: 'a:1' }] },
    {
      containers: [
        { name: 'app', image: 'a:1' },
        { name: 'app', image: 'a:2' },
      ],
    },
    ['different spec.containers[name=app].image "a:1" "a:2"'],
    'different /spec/containers/1/image "a:1"',
  ],
  [
    'two declared items of the same keys',
    {
      containers: [
        {
          name: 'app',
          ports: [
            { containerPort: 80, name: 'a' },
            { containerPort: 80, name: 'b' },
          ],
        },
      ],
    },
    { containers: [{ name: 'app', ports: [{ containerPort: 80, name: 'b', protocol: 'TCP' }] }] },
    ['missing spec.containers[name=app].ports[name=a] {"containerPort":80,"name":"a"} absent'],
    'missing /spec/containers/0/ports/- {"containerPort":80,"name":"a"}',
  ],
  // The rest
  [
    'an entry of a map that is missing',
    { limits: { cpu: '1' } },
    {},
    ['missing spec.limits.cpu "1" absent'],
    'missing /spec/limits/cpu "1"',
  ],
  ['null', { name: null }, { name: 'x' }, ['extra spec.name absent "x"'], 'extra /spec/name undefined'],
  ['the same in other words', { limits: { cpu: '1' }, mode: 'Auto' }, { limits: { cpu: '1000m' } }, []],
];

describe('MustContain', () => {
  test.each(cases)('%s', (_name, template, live, differences, ...changes) => {
    expect(told(thing(template), thing(live), 'MustContain')).toEqual(differences);
    expect(
      changesToContain({ template: thing(template), live: thing(live), schema: thingSchema })?.map(
        ({ kind, pointer, value }) => `${kind} ${pointer} ${JSON.stringify(value)}`,
      ),
    ).toEqual(changes);
  });

  test('labels and annotations may be more; the status is compared, and never changed', () => {
    const template = { ...thing({}), metadata: { labels: { a: 'b' } }, status: { phase: 'Up' } };
    const live = { ...thing({}), metadata: { labels: { c: 'd' } }, status: { phase: 'Down' } };
    expect(told(template, live, 'MustContain')).toEqual([
      'missing metadata.labels.a "b" absent',
      'different status.phase "Up" "Down"',
    ]);
    expect(changesToContain({ template, live, schema: thingSchema })?.map(({ pointer }) => pointer)).toEqual([
      '/metadata/labels/a',
    ]);
  });

  test('long lists of text are compared', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `n-${at}`);
    expect(told(thing({ args: names }), thing({ args: [...names, 'x'].reverse() }), 'MustContain')).toEqual([]);
  });

  test('nothing is changed because of lists that are too long to be compared in full', () => {
    const items = Array.from({ length: 1_100 }, (_, port) => ({ port }));
    const template = thing({ ports: items, name: 'x' });
    const live = thing({ ports: items.map((one) => ({ ...one, protocol: 'UDP' })) });
    expect(told(template, live, 'MustContain')).toHaveLength(2);
    expect(changesToContain({ template, live, schema: thingSchema })).toBeUndefined();
    const within = (ports: unknown) => thing({ anything: { a: [{ ports }] } });
    const deep = changesToContain({
      template: within(items),
      live: within([...items, { port: -1 }].reverse()),
      schema: thingSchema,
    });
    expect(deep).toBeUndefined();
  });

  test('a Secret is compared as it is stored', () => {
    const secret = (more: Json) => ({ apiVersion: 'v1', kind: 'Secret', ...more });
    const template = secret({ stringData: { a: 'x' } });
    expect(changesToContain({ template, live: secret({ data: { a: 'eA==', b: 'eQ==' } }), schema: undefined })).toEqual(
      [],
    );
    const [change] = changesToContain({ template, live: secret({ data: { a: 'eQ==' } }), schema: undefined }) ?? [];
    expect(change).toEqual({ kind: 'different', pointer: '/data/a', value: 'eA==' });
    expect(told(template, secret({ data: { a: 'eQ==' } }), 'MustContain').join()).not.toMatch(/eA==|eQ==/);
  });
});
