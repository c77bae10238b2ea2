import { describe, expect, test } from '@jest/globals';
import { thing, told, type Json } from '../../../test/builders/thing.ts';

/** What the template says, what is live, and what differs. */
type Case = [name: string, template: Json, live: Json, ...differences: string[]];

const app = { name: 'app', image: 'a:1' };
const log = { name: 'log', image: 'l:1' };
const subset: Case[] = [
  // Values
  ['the same', { replicas: 2, name: 'x', paused: true }, { replicas: 2, name: 'x', paused: true }],
  ['more than declared', { replicas: 2 }, { replicas: 2, name: 'x' }],
  ['another number', { replicas: 2 }, { replicas: 3 }, 'different spec.replicas 2 3'],
  ['another text', { name: 'x' }, { name: 'y' }, 'different spec.name "x" "y"'],
  ['a number for a text', { name: '1' }, { name: 1 }, 'different spec.name "1" 1'],
  ['a text for a boolean', { paused: true }, { paused: 'true' }, 'different spec.paused true "true"'],
  ['1.0 is 1', { replicas: 1.0 }, { replicas: 1 }],
  ['nothing there', { name: 'x' }, {}, 'missing spec.name "x" absent'],
  ['null there', { name: 'x' }, { name: null }, 'missing spec.name "x" absent'],
  ['false is not nothing', { paused: false }, {}, 'missing spec.paused false absent'],
  ['an object for a text', { name: 'x' }, { name: {} }, 'different spec.name "x" {}'],
  ['a text for an object', { strategy: { type: 'A' } }, { strategy: 'A' }, 'different spec.strategy {"type":"A"} "A"'],
  ['a list for an object', { strategy: {} }, { strategy: ['x'] }, 'different spec.strategy {} ["x"]'],
  ['an object for a list', { args: ['x'] }, { args: { x: 1 } }, 'different spec.args ["x"] {"x":1}'],
  // Nothing
  ['null: must not be there', { name: null }, { name: 'x' }, 'extra spec.name absent "x"'],
  ['null: is not there', { name: null }, {}],
  ['null: has its default', { mode: null }, { mode: 'Auto' }],
  ['null: has another value than its default', { mode: null }, { mode: 'Off' }, 'extra spec.mode absent "Off"'],
  ['an empty list is no list', { args: [] }, {}],
  ['no list is an empty list', { args: null }, { args: [] }],
  ['an empty map is no map', { limits: {} }, {}],
  ['an empty object of fields must be there', { pointer: {} }, {}, 'missing spec.pointer {} absent'],
  ['an empty object of fields with a default', { strategy: {} }, {}],
  ['a field that is only told to be absent', { pointer: { only: null } }, {}],
  ['the default, where nothing is stored', { mode: 'Auto' }, {}],
  [
    'keys: one that is there twice, of which the last counts',
    { containers: [app] },
    { containers: [app, log, { ...app, image: 'a:2' }] },
    'extra spec.containers[name=app] absent {"image":"a:2","name":"app"}',
  ],
  [
    'keys: one of many that is there twice',
    { containers: [{ name: 'c-3' }] },
    { containers: [...Array.from({ length: 40 }, (_, at) => ({ name: `c-${at}` })), { name: 'c-3', image: 'x' }] },
    'extra spec.containers[name=c-3] absent {"image":"x","name":"c-3"}',
  ],
  ['keys: another one that is there twice', { containers: [app] }, { containers: [app, log, log] }],
  // Whole numbers beyond 2^53
  ['large numbers: the same', { replicas: 9007199254740993n }, { replicas: 9007199254740993n }],
  [
    'large numbers: the next',
    { replicas: 9007199254740992n },
    { replicas: 9007199254740993n },
    'different spec.replicas 9007199254740992 9007199254740993',
  ],
  [
    'large numbers: text is none',
    { replicas: 9007199254740993n },
    { replicas: '9007199254740993' },
    'different spec.replicas 9007199254740993 "9007199254740993"',
  ],
  ['large numbers: as quantities', { size: 9007199254740993n }, { size: '9007199254740993' }],
  // Quantities
  ['quantities: 100m is 0.1', { size: '100m' }, { size: '0.1' }],
  ['quantities: 1024Mi is 1Gi', { limits: { memory: '1024Mi' } }, { limits: { memory: '1Gi' } }],
  ['quantities: 1 is "1"', { limits: { cpu: 1 } }, { limits: { cpu: '1' } }],
  ['quantities: 0.5 is 500m', { limits: { cpu: 0.5 } }, { limits: { cpu: '500m' } }],
  ['quantities: 1e3 is 1k', { size: '1e3' }, { size: '1k' }],
  ['quantities: 1G is not 1Gi', { size: '1G' }, { size: '1Gi' }, 'different spec.size "1G" "1Gi"'],
  ['quantities: of no sense', { size: 'much' }, { size: 'little' }, 'different spec.size "much" "little"'],
  ['quantities of a CRD', { crdSize: '1000m' }, { crdSize: 1 }],
  ['text is no quantity', { name: '1000m' }, { name: '1' }, 'different spec.name "1000m" "1"'],
  [
    'quantities: one is missing',
    { limits: { cpu: '1' } },
    { limits: { memory: '1' } },
    'missing spec.limits.cpu "1" absent',
  ],
  [
    'quantities: no map at all',
    { limits: { cpu: '1', gpu: '2' } },
    {},
    'missing spec.limits.cpu "1" absent',
    'missing spec.limits.gpu "2" absent',
  ],
  // Durations, instants, bytes, ports
  ['durations: 60s is 1m0s', { timeout: '60s' }, { timeout: '1m0s' }],
  ['durations of a CRD', { wait: '90m' }, { wait: '1h30m' }],
  ['durations: another', { timeout: '60s' }, { timeout: '61s' }, 'different spec.timeout "60s" "61s"'],
  ['text is no duration', { name: '60s' }, { name: '1m' }, 'different spec.name "60s" "1m"'],
  ['instants: in another zone', { since: '2026-01-01T01:00:00+01:00' }, { since: '2026-01-01T00:00:00Z' }],
  ['instants: with a fraction of nothing', { since: '2026-01-01T00:00:00.000Z' }, { since: '2026-01-01T00:00:00Z' }],
  [
    'instants: a microsecond apart',
    { since: '2026-01-01T00:00:00.000001Z' },
    { since: '2026-01-01T00:00:00.000002Z' },
    'different spec.since "2026-01-01T00:00:00.000001Z" "2026-01-01T00:00:00.000002Z"',
  ],
  ['instants: of no sense', { since: 'now' }, { since: 'later' }, 'different spec.since "now" "later"'],
  ['base64 in lines', { bytes: 'YWJj\nZGVm\n' }, { bytes: 'YWJjZGVm' }],
  ['base64 of something else', { bytes: 'YWJj' }, { bytes: 'YWJk' }, 'different spec.bytes "YWJj" "YWJk"'],
  ['ports: "80" is a name, not 80', { targetPort: '80' }, { targetPort: 80 }, 'different spec.targetPort "80" 80'],
  // Lists by keys
  [
    'items in another order, and more',
    { containers: [app, log] },
    { containers: [{ name: 'new' }, log, { ...app, x: 1 }] },
  ],
  [
    'an item that differs',
    { containers: [app] },
    { containers: [log, { ...app, image: 'a:2' }] },
    'different spec.containers[name=app].image "a:1" "a:2"',
  ],
  [
    'an item that is missing',
    { containers: [app] },
    { containers: [log] },
    'missing spec.containers[name=app] {"image":"a:1","name":"app"} absent',
  ],
  [
    'an item for which there is no list',
    { containers: [app] },
    {},
    'missing spec.containers [{"image":"a:1","name":"app"}] absent',
  ],
  ['an item without its key, that some item meets', { containers: [{ image: 'l:1' }] }, { containers: [app, log] }],
  [
    'an item without its key, that none meets',
    { containers: [{ image: 'x' }] },
    { containers: [app] },
    'missing spec.containers[-] {"image":"x"} absent',
  ],
  [
    'a key with a default',
    { containers: [{ name: 'app', ports: [{ containerPort: 80, name: 'a' }] }] },
    {
      containers: [
        {
          name: 'app',
          ports: [
            { containerPort: 80, protocol: 'UDP', name: 'b' },
            { containerPort: 80, protocol: 'TCP', name: 'a' },
          ],
        },
      ],
    },
  ],
  [
    'a key with a default, of another',
    { containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] },
    { containers: [{ name: 'app', ports: [{ containerPort: 80, protocol: 'UDP' }] }] },
    'missing spec.containers[name=app].ports[containerPort=80,protocol=TCP] {"containerPort":80} absent',
  ],
  [
    'the key of a strategic merge',
    { merged: [{ type: 'b', value: '1' }] },
    { merged: [{ type: 'a' }, { type: 'b', value: '2' }] },
    'different spec.merged[type=b].value "1" "2"',
  ],
  [
    'what is not stored when it is false',
    { containers: [{ name: 'app', stdin: false }] },
    { containers: [{ name: 'app' }] },
  ],
  [
    'what means something when it is false',
    { containers: [{ name: 'app', automount: false }] },
    { containers: [{ name: 'app' }] },
    'missing spec.containers[name=app].automount false absent',
  ],
  [
    'an item that is no object',
    { containers: ['app'] },
    { containers: [app] },
    'missing spec.containers[-] "app" absent',
  ],
  ['a live item that is no object', { containers: [app] }, { containers: ['app', null, app] }],
  // Sets
  ['a set in another order, and more', { tags: ['a', 'b'] }, { tags: ['c', 'b', 'a'] }],
  ['a set without a value', { tags: ['a', 'b'] }, { tags: ['a'] }, 'missing spec.tags["b"] "b" absent'],
  // Lists and objects as a whole
  [
    'a list in another order',
    { args: ['a', 'b'] },
    { args: ['b', 'a'] },
    'different spec.args[0] "a" "b"',
    'different spec.args[1] "b" "a"',
  ],
  ['a list with more', { args: ['a', 'b'] }, { args: ['a', 'x', 'b'] }, 'extra spec.args[1] absent "x"'],
  ['a list with less', { args: ['a', 'b'] }, { args: ['b'] }, 'missing spec.args[-] "a" absent'],
  ['a list that must be empty', { args: [] }, { args: ['a'] }, 'extra spec.args[0] absent "a"'],
  ['a list with the same item twice', { args: ['a', 'a'] }, { args: ['a', 'b', 'a'] }, 'extra spec.args[1] absent "b"'],
  [
    'items of a list have nothing else',
    { volumes: [{ name: 'a' }] },
    { volumes: [{ name: 'a', emptyDir: {} }] },
    'extra spec.volumes[0].emptyDir absent {}',
  ],
  [
    'items of a list by what they mean',
    { volumes: [{ name: 'a', sizes: { x: '1k' } }] },
    { volumes: [{ name: 'a', sizes: { x: '1000' } }] },
  ],
  [
    'items with what the apiserver fills in',
    { ports: [{ port: 80 }], subjects: [{ kind: 'User', name: 'a' }] },
    {
      ports: [{ port: 80, protocol: 'TCP' }],
      subjects: [{ kind: 'User', name: 'a', apiGroup: 'rbac.authorization.k8s.io' }],
    },
  ],
  [
    'items with something else than that',
    { ports: [{ port: 80 }] },
    { ports: [{ port: 80, protocol: 'UDP' }] },
    'extra spec.ports[0].protocol absent "UDP"',
  ],
  [
    'an atomic object with more',
    { selector: { matchLabels: { app: 'a' } } },
    { selector: { matchLabels: { app: 'a', tier: 'b' } } },
    'extra spec.selector.matchLabels.tier absent "b"',
  ],
  [
    'an atomic object with an empty label more',
    { selector: { matchLabels: { app: 'a' } } },
    { selector: { matchLabels: { app: 'a', tier: '' } } },
    'extra spec.selector.matchLabels.tier absent ""',
  ],
  [
    'an atomic map with more',
    { nodeSelector: { a: '1' } },
    { nodeSelector: { a: '1', b: '2' } },
    'extra spec.nodeSelector.b absent "2"',
  ],
  [
    'a label that is empty must be there',
    { selector: { matchLabels: { app: '' } } },
    { selector: { matchLabels: {} } },
    'missing spec.selector.matchLabels.app "" absent',
  ],
  // Unknown fields and types that contain themselves
  ['unknown fields with more', { anything: { a: { b: 1 } } }, { anything: { a: { b: 1, c: 2 } } }],
  [
    'unknown lists as a whole',
    { anything: { a: [{ b: 1 }] } },
    { anything: { a: [{ b: 1, c: 2 }] } },
    'extra spec.anything.a[0].c absent 2',
  ],
  [
    'a tree of quantities',
    { tree: { children: { a: { left: { value: '1k' } } } } },
    { tree: { children: { a: { left: { value: '1000' } } } } },
  ],
  [
    'a tree that differs',
    { tree: { children: { 'a/b': { value: '1k' } } } },
    { tree: { children: { 'a/b': { value: '2k' } } } },
    'different spec.tree.children["a/b"].value "1k" "2k"',
  ],
];

describe('MustHave', () => {
  test.each(subset)('%s', (_name, template, live, ...expected) => {
    expect(told(thing(template), thing(live))).toEqual(expected);
  });
});
