import { describe, expect, test } from '@jest/globals';
import { counted } from '../../../test/builders/counted.ts';
import { identity, thing, thingSchema, told, type Json } from '../../../test/builders/thing.ts';
import { differences } from './compare.ts';

const app = { name: 'app', image: 'a:1' };
const log = { name: 'log', image: 'l:1' };
describe('a difference', () => {
  test('tells its place for people, as a pointer and as managedFields has it', () => {
    const template = thing(
      { containers: [{ name: 'app', ports: [{ containerPort: 80, name: 'x' }] }], tags: ['a'], args: ['a'] },
      { metadata: { labels: { 'a/b~c': 'd' } } },
    );
    const live = thing({
      containers: [log, { name: 'app', ports: [{ containerPort: 80, protocol: 'TCP', name: 'y' }] }],
      tags: [],
      args: ['b'],
    });
    expect(
      differences({ template, live, schema: thingSchema }, 'MustHave').map(({ path, pointer, fields }) => [
        path,
        pointer,
        fields,
      ]),
    ).toEqual([
      ['metadata.labels["a/b~c"]', '/metadata/labels/a~1b~0c', ['f:metadata', 'f:labels', 'f:a/b~c']],
      [
        'spec.containers[name=app].ports[containerPort=80,protocol=TCP].name',
        '/spec/containers/1/ports/0/name',
        ['f:spec', 'f:containers', 'k:{"name":"app"}', 'f:ports', 'k:{"containerPort":80,"protocol":"TCP"}', 'f:name'],
      ],
      ['spec.tags["a"]', '/spec/tags/-', ['f:spec', 'f:tags', 'v:"a"']],
      ['spec.args[0]', '/spec/args/0', ['f:spec', 'f:args']],
    ]);
  });
  test('shows at most 512 characters, of long texts those around the place where they differ', () => {
    const start = 'x'.repeat(5000);
    const [long] = differences(
      { template: thing({ name: `${start}1` }), live: thing({ name: `${start}2${start}` }), schema: thingSchema },
      'MustHave',
    );
    expect(long?.expected).toBe(`"…${'x'.repeat(60)}1"`);
    expect(long?.actual.length).toBe(512);
    expect(long?.actual.startsWith(`"…${'x'.repeat(60)}2xxx`)).toBe(true);
    const [large] = differences(
      {
        template: thing({ pointer: { only: null } }),
        live: thing({ pointer: { only: Array(99_999).fill('y') } }),
        schema: thingSchema,
      },
      'MustHave',
    );
    expect(large?.actual).toHaveLength(512);
  });
  test('has no character that a terminal would obey', () => {
    const [one] = differences(
      {
        template: thing({ limits: { 'a\u202Eb': 1 } }),
        live: thing({ limits: { 'a\u202Eb': 'x\u001b[2J\u2028\u{e0041}' } }),
        schema: thingSchema,
      },
      'MustHave',
    );
    expect(`${one?.path} ${one?.actual}`).toBe('spec.limits["a\\u202eb"] "x\\u001b[2J\\u2028\\udb40\\udc41"');
  });
  test('is told of at most 256 places', () => {
    const data = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, 'v']));
    expect(
      differences({ template: { ...identity, data }, live: identity, schema: thingSchema }, 'MustHave'),
    ).toHaveLength(256);
    expect(
      differences(
        { template: { ...identity, data: {} }, live: { ...identity, data }, schema: thingSchema },
        'MustOnlyHave',
      ),
    ).toHaveLength(256);
  });
});

describe('hostile objects', () => {
  test('with names that every object inherits are compared like others', () => {
    const hostile = JSON.parse('{"limits":{"__proto__":"1","constructor":"2","toString":"3"}}') as Json;
    expect(told(thing(hostile), thing(hostile))).toEqual([]);
    expect(told(thing(hostile), thing({ limits: {} }))).toHaveLength(3);
    expect(told(thing({ limits: {} }), thing(hostile), 'MustOnlyHave')).toHaveLength(3);
  });
  test('that nest without end are neither compared without end nor called the same', () => {
    const nested = (depth: number, leaf: unknown): Json => {
      let value: unknown = leaf;
      for (let at = 0; at < depth; at += 1) value = { a: value };
      return { anything: value };
    };
    expect(told(thing(nested(9000, 1)), thing(nested(9000, 1)))).toEqual([
      expect.stringMatching(/^different spec\.anything\.a.*nested too deep/),
    ]);
    expect(told(thing({}), thing(nested(9000, 1)), 'MustOnlyHave')).toEqual([
      expect.stringMatching(/^extra spec\.anything absent \{"a":/),
    ]);
  });
  test('with long lists in reverse order are read a few times, however long the lists are', () => {
    const length = 20_000;
    const containers = Array.from({ length }, (_, at) => ({ name: `c${at}` }));
    const tags = containers.map(({ name }) => name);
    const template = counted(thing({ containers, tags }));
    const live = counted(thing({ containers: containers.toReversed(), tags: tags.toReversed() }));
    expect(told(template.value, live.value, 'MustOnlyHave')).toEqual([]);
    const atomic = counted(thing({ args: tags }));
    const other = counted(thing({ args: [...tags.toReversed(), 'x'] }));
    expect(told(atomic.value, other.value)).toHaveLength(1);
    for (const { reads } of [template, live, atomic, other]) expect(reads() / length).toBeLessThan(20);
  });
});

test('objects that are the same are compared without a copy: each member is read a few times', () => {
  const spec = {
    replicas: 3,
    containers: Array.from({ length: 5 }, (_, at) => ({
      ...app,
      name: `c${at}`,
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: '100m', memory: '1Gi' } },
    })),
  };
  const template = counted(thing(spec));
  const live = counted(
    thing({
      ...spec,
      containers: spec.containers.map((one) => ({ ...one, ports: [{ containerPort: 80, protocol: 'TCP' }] })),
    }),
  );
  expect(differences({ template: template.value, live: live.value, schema: thingSchema }, 'MustHave')).toEqual([]);
  expect(template.reads()).toBeLessThan(12 * membersOf(spec));
  expect(live.reads()).toBeLessThan(12 * membersOf(spec));
});

/** The value itself, and all within it. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, one) => sum + membersOf(one), 1);
}
