import { describe, expect, test } from '@jest/globals';
import { isAutoscaled, lastWriter, type ManagedFieldsEntry } from './writer.ts';

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;

function entry(manager: string, minute: number, fieldsV1: object, more: Partial<ManagedFieldsEntry> = {}) {
  return { manager, operation: 'Update', time: at(minute), fieldsType: 'FieldsV1', fieldsV1, ...more };
}

const container = (fields: object) => ({ 'f:spec': { 'f:containers': { 'k:{"name":"app"}': fields } } });
const image = ['f:spec', 'f:containers', 'k:{"name":"app"}', 'f:image'];

const cases: [what: string, managed: ManagedFieldsEntry[], fields: string[], writer: string | undefined][] = [
  [
    'its only owner',
    [entry('helm', 1, container({ 'f:image': {} })), entry('hpa', 2, { 'f:spec': { 'f:replicas': {} } })],
    image,
    'helm',
  ],
  [
    'the last of its owners',
    [entry('helm', 1, container({ 'f:image': {} })), entry('edit', 2, container({ 'f:image': {} }))],
    image,
    'edit',
  ],
  [
    'its owner, though another wrote beside it later',
    [entry('helm', 1, container({ 'f:image': {} })), entry('edit', 2, container({ '.': {}, 'f:args': {} }))],
    image,
    'helm',
  ],
  [
    'the owner of the whole list',
    [entry('helm', 3, { 'f:rules': {} }), entry('edit', 4, { 'f:metadata': { 'f:labels': {} } })],
    ['f:rules'],
    'helm',
  ],
  [
    'the owner of a whole object around it',
    [entry('helm', 1, { 'f:spec': { 'f:selector': {} } }), entry('edit', 2, { 'f:spec': { 'f:replicas': {} } })],
    ['f:spec', 'f:selector', 'f:matchLabels', 'f:app'],
    'helm',
  ],
  ['the owner of something in it', [entry('helm', 1, container({ 'f:image': {} }))], ['f:spec'], 'helm'],
  [
    'a missing field: the last writer of the nearest object around',
    [
      entry('old', 1, container({ 'f:args': {} })),
      entry('edit', 2, container({ 'f:env': {} })),
      entry('far', 3, { 'f:spec': { 'f:replicas': {} } }),
    ],
    image,
    'edit',
  ],
  [
    'an item that owns nothing but to be there',
    [entry('a', 1, container({ '.': {} })), entry('b', 2, container({ 'f:args': {} }))],
    image,
    'b',
  ],
  ['nobody', [entry('helm', 1, { 'f:data': { 'f:a': {} } })], image, undefined],
  ['nobody, as nothing is known', [], image, undefined],
  [
    'keys in other words',
    [
      entry('helm', 1, { 'f:spec': { 'f:ports': { 'k:{"port": 80, "protocol":"TCP"}': { 'f:name': {} } } } }),
      entry('edit', 2, { 'f:spec': { 'f:ports': { 'k:{"port":81,"protocol":"TCP"}': { 'f:name': {} } } } }),
    ],
    ['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:name'],
    'helm',
  ],
  [
    'a value of a set',
    [
      entry('helm', 1, { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"a"': {} } } }),
      entry('edit', 2, { 'f:metadata': { 'f:finalizers': { 'v:"b"': {} } } }),
    ],
    ['f:metadata', 'f:finalizers', 'v:"a"'],
    'helm',
  ],
  [
    'the object: the last who wrote to it, not to its status',
    [
      entry('helm', 1, { 'f:spec': {} }),
      entry('edit', 2, { 'f:spec': {} }),
      entry('kubelet', 3, { 'f:status': {} }, { subresource: 'status' }),
    ],
    [],
    'edit',
  ],
  [
    'ourselves, when there is nobody else',
    [entry('holdfast:base', 1, container({ 'f:image': {} }))],
    image,
    'holdfast:base',
  ],
  [
    'another, when we wrote last',
    [entry('holdfast:base', 9, container({ 'f:image': {} })), entry('edit', 2, container({ 'f:image': {} }))],
    image,
    'edit',
  ],
  [
    'another beside it, when we own it',
    [entry('holdfast:base', 9, container({ 'f:image': {} })), entry('edit', 2, container({ 'f:args': {} }))],
    image,
    'edit',
  ],
  ['one whose time is not known', [entry('helm', 1, container({ 'f:image': {} }), { time: undefined })], image, 'helm'],
  [
    'whoever is nearest, whatever nonsense others have',
    [entry('x', 1, { 'f:spec': { 'f:containers': { 'k:not json': {} } } }), entry('y', 2, { 'f:spec': 'text' })],
    image,
    'x',
  ],
];

describe('the last writer', () => {
  test.each(cases)('is %s', (_what, managed, fields, writer) => {
    expect(lastWriter(managed, fields, 'holdfast:base')?.name).toBe(writer);
  });
  test('is told with time and operation', () => {
    expect(lastWriter([entry('helm', 1, { 'f:data': {} }, { operation: 'Apply' })], ['f:data'])).toEqual({
      name: 'helm',
      time: at(1),
      operation: 'Apply',
    });
    expect(lastWriter([{ manager: 'helm', fieldsV1: { 'f:data': {} } }], ['f:data'])).toEqual({ name: 'helm' });
  });
});

describe('an autoscaler', () => {
  const replicas = { 'f:spec': { 'f:replicas': {} } };
  const scale = { subresource: 'scale' };
  const fields = ['f:spec', 'f:replicas'];
  test.each<[boolean, string, ManagedFieldsEntry[]]>([
    [
      true,
      'a controller through scale',
      [entry('helm', 1, replicas), entry('kube-controller-manager', 2, replicas, scale)],
    ],
    [true, 'an autoscaler by its name', [entry('helm', 1, replicas), entry('vpa-updater', 2, replicas)]],
    [true, 'KEDA', [entry('keda-operator', 2, replicas)]],
    [false, 'a person through scale', [entry('helm', 1, replicas), entry('kubectl', 2, replicas, scale)]],
    [false, 'a person with oc', [entry('oc', 2, replicas, scale)]],
    [false, 'a person in a console', [entry('Mozilla', 2, replicas, scale)]],
    [
      false,
      'a person after an autoscaler',
      [entry('kube-controller-manager', 2, replicas, scale), entry('kubectl-edit', 3, replicas)],
    ],
    [false, 'a controller otherwise', [entry('kube-controller-manager', 2, replicas)]],
    [false, 'an autoscaler that wrote beside it', [entry('keda-operator', 2, { 'f:spec': { 'f:paused': {} } })]],
    [false, 'nobody', []],
  ])('wrote last: %j, as it was %s', (expected, _who, managed) => {
    expect(isAutoscaled(managed, fields)).toBe(expected);
    expect(isAutoscaled(managed, [])).toBe(false);
  });
});
