import { describe, expect, test } from '@jest/globals';
import { collectionPath, objectPath } from './paths.ts';

const device = { group: 'holdfast.dev', version: 'v1alpha1', kind: 'Device', plural: 'devices', namespaced: true };
const node = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false };
const role = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
};

describe('paths', () => {
  test('lead to namespaced and cluster-scoped objects and to their status', () => {
    expect(objectPath(device, { namespace: 'a', name: 'web-01' }, 'status')).toBe(
      '/apis/holdfast.dev/v1alpha1/namespaces/a/devices/web-01/status',
    );
    expect(objectPath(node, { namespace: '', name: 'n1' })).toBe('/api/v1/nodes/n1');
    expect(collectionPath(device, '')).toBe('/apis/holdfast.dev/v1alpha1/devices');
    expect(objectPath(role, { namespace: '', name: 'system:node' })).toBe(
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
    );
  });

  test.each(['', '.', '..', '../../secrets/x', 'a/b', 'a%2fb', 'a\nb', 'a b', 'x'.repeat(254)])(
    'refuse the name %j',
    (name) => {
      expect(() => objectPath(device, { namespace: 'a', name })).toThrow('is not the name of an object');
    },
  );

  test.each(['..', 'a/b', 'A', 'a.b', 'x'.repeat(64), 'a?watch=1'])('refuse the namespace %j', (namespace) => {
    expect(() => objectPath(device, { namespace, name: 'x' })).toThrow('is not the name of a namespace');
  });

  test('encode what a name may contain but a query would understand', () => {
    expect(objectPath(device, { namespace: 'a', name: 'x?watch=1&y#z' })).toBe(
      '/apis/holdfast.dev/v1alpha1/namespaces/a/devices/x%3Fwatch%3D1%26y%23z',
    );
  });

  test('refuse an object without the namespace that it needs, and with one that it cannot have', () => {
    expect(() => objectPath(device, { namespace: '', name: 'x' })).toThrow('needs a namespace');
    expect(() => objectPath(node, { namespace: 'a', name: 'x' })).toThrow('is cluster-scoped');
  });
});
