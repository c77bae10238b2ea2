import { describe, expect, test } from '@jest/globals';
import { load, loadAll } from 'js-yaml';
import type { Access } from '../runtime/feature.ts';
import { clusterRoleYaml, rbacFiles, rbacRules, rolePath } from './rbac.ts';

const pods: Access = { group: '', resources: ['pods'], verbs: ['list', 'get'] };

describe('rules', () => {
  test('are sorted and put resources with the same verbs together', () => {
    const jobs: Access = { group: 'batch', resources: ['jobs'], verbs: ['create'] };
    const events: Access = { group: '', resources: ['events', 'configmaps'], verbs: ['get', 'list'] };
    expect(rbacRules([jobs, pods, events])).toEqual([
      { apiGroups: [''], resources: ['configmaps', 'events', 'pods'], verbs: ['get', 'list'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create'] },
    ]);
  });

  test('name no resource and no verb twice, whoever needs it', () => {
    expect(rbacRules([pods, { ...pods, verbs: ['watch', 'get'] }, pods])).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ]);
  });

  test('are the same whatever the order of the needs', () => {
    const others: Access[] = [pods, { group: 'a', resources: ['b', 'c'], verbs: ['get'], resourceNames: ['y', 'x'] }];
    expect(rbacRules(others.toReversed())).toEqual(rbacRules(others));
  });

  test('limit to names only what is not granted for all names', () => {
    const named: Access = { ...pods, verbs: ['get', 'delete'], resourceNames: ['web'] };
    expect(rbacRules([named, pods])).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['pods'], resourceNames: ['web'], verbs: ['delete'] },
    ]);
  });

  test.each<[need: Partial<Access>, message: string]>([
    [{ verbs: ['*'] }, 'has a wildcard'],
    [{ resources: ['*'] }, 'has a wildcard'],
    [{ group: '*' }, 'has a wildcard'],
    [{ resources: ['pods/*'] }, 'has a wildcard'],
    [{ verbs: [] }, 'does not name a resource or a verb'],
    [{ resources: [] }, 'does not name a resource or a verb'],
    [{ verbs: ['create'], resourceNames: ['web'] }, 'restricts create to names, which never matches'],
  ])('of %j are refused', (need, message) => {
    expect(() => rbacRules([{ ...pods, ...need }])).toThrow(message);
  });
});

test('the role is a ClusterRole in YAML with a header that names its source', () => {
  const yaml = clusterRoleYaml([pods]);
  expect(yaml).toMatch(/^# Generated from operator\/features.ts; /);
  expect(load(yaml)).toMatchObject({ kind: 'ClusterRole', rules: [{ apiGroups: [''], resources: ['pods'] }] });
});

describe('the files', () => {
  const grants = [{ name: 'holdfast-pods', access: [pods], allows: 'start every pod' }];
  const declared = { kind: { group: 'g', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true }, grants };
  const files = new Map(rbacFiles([declared, declared]));

  test('keep what is granted out of the role', () => {
    expect(files.get(rolePath)).not.toContain('pods');
    expect(loadAll(files.get('manifests/rbac/grants.yaml') ?? '')).toMatchObject([
      { kind: 'ClusterRole', metadata: { name: 'holdfast-pods' }, rules: rbacRules([pods]) },
    ]);
  });

  test('bind it everywhere only where that is chosen, and say its price', () => {
    const bound = [...files].filter(([, text]) => /ClusterRoleBinding[^]*name: holdfast-pods/.test(text));
    expect(bound.map(([path]) => path)).toEqual(['manifests/everywhere/pods/binding.yaml']);
    expect(bound[0]?.[1]).toContain('# With this binding the operator can, in all namespaces, start every pod.\n');
  });
});
