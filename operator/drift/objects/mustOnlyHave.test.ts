import { describe, expect, test } from '@jest/globals';
import { thing, told, type Json } from '../../../test/builders/thing.ts';

/** What the template says, what is live, and what differs. */
type Case = [name: string, template: Json, live: Json, ...differences: string[]];

const app = { name: 'app', image: 'a:1' };
const log = { name: 'log', image: 'l:1' };
const exact: Case[] = [
  ['the same', { replicas: 2, name: 'x' }, { replicas: 2, name: 'x' }],
  ['a field more', { replicas: 2 }, { replicas: 2, name: 'x' }, 'extra spec.name absent "x"'],
  ['a field more that has its default', { name: 'x' }, { name: 'x', replicas: 1, mode: 'Auto' }],
  ['a field more that has not its default', { name: 'x' }, { name: 'x', replicas: 2 }, 'extra spec.replicas absent 2'],
  ['an object more with all its defaults', {}, { strategy: { type: 'Rolling' } }],
  [
    'an object more with something else',
    {},
    { strategy: { type: 'Rolling', surge: 1 } },
    'extra spec.strategy absent {"surge":1,"type":"Rolling"}',
  ],
  ['empty lists and maps more', {}, { args: [], limits: {}, name: null }],
  ['an empty object of fields more', {}, { pointer: {} }, 'extra spec.pointer absent {}'],
  [
    'an item more',
    { containers: [app] },
    { containers: [log, app] },
    'extra spec.containers[name=log] absent {"image":"l:1","name":"log"}',
  ],
  [
    'a field more in an item',
    { containers: [app] },
    { containers: [{ ...app, stdin: true }] },
    'extra spec.containers[name=app].stdin absent true',
  ],
  [
    'a key more in an item',
    { containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] },
    { containers: [{ name: 'app', ports: [{ containerPort: 80, protocol: 'TCP' }] }] },
  ],
  [
    'a port more',
    { containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] },
    {
      containers: [
        {
          name: 'app',
          ports: [
            { containerPort: 80, protocol: 'UDP' },
            { containerPort: 80, protocol: 'TCP' },
          ],
        },
      ],
    },
    'extra spec.containers[name=app].ports[containerPort=80,protocol=UDP] absent {"containerPort":80,"protocol":"UDP"}',
  ],
  ['a value more in a set', { tags: ['a'] }, { tags: ['b', 'a'] }, 'extra spec.tags["b"] absent "b"'],
  ['a set in another order', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }],
  [
    'an entry more in a map',
    { limits: { cpu: '1' } },
    { limits: { cpu: '1', memory: '0' } },
    'extra spec.limits.memory absent "0"',
  ],
  ['unknown fields more', { anything: { a: 1 } }, { anything: { a: 1, b: {} } }, 'extra spec.anything.b absent {}'],
];

describe('MustOnlyHave', () => {
  test.each(exact)('%s', (_name, template, live, ...expected) => {
    expect(told(thing(template), thing(live), 'MustOnlyHave')).toEqual(expected);
  });
  test('is not about what the template does not name at top level', () => {
    const live = thing({ name: 'x' }, { data: { a: 'b' }, status: { phase: 'Up' } });
    expect(told(thing({ name: 'x' }), live, 'MustOnlyHave')).toEqual([]);
    expect(told(thing({ name: 'x' }, { data: {} }), live, 'MustOnlyHave')).toEqual(['extra data.a absent "b"']);
  });
});
