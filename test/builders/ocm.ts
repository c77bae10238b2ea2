/** Policies of Open Cluster Management for tests, and what comes of them. */
import { expect } from '@jest/globals';
import { validate } from '../../operator/api/validate.ts';
import { readYaml } from '../../operator/cli/yaml.ts';
import { yamlOf } from '../../operator/cli/import/ocm/baselines.ts';
import { translate, type Wishes } from '../../operator/cli/import/ocm/translate.ts';

export const api = 'policy.open-cluster-management.io/v1';
const wishes: Wishes = {
  serviceAccountRef: { namespace: 'platform', name: 'writer' },
  prefix: '',
  accepted: new Set(),
  cluster: { objects: [] },
};

export const object = (name: string) => ({
  complianceType: 'musthave',
  objectDefinition: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'b' } },
});
export const configuration = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: api,
  kind: 'ConfigurationPolicy',
  metadata: { name, ...metadata },
  spec: { remediationAction: 'inform', 'object-templates': [object(name)], ...spec },
});
export const policy = (name: string, parts: readonly object[], spec: object = {}, metadata: object = {}) => ({
  apiVersion: api,
  kind: 'Policy',
  metadata: { name, namespace: 'policies', ...metadata },
  spec: {
    disabled: false,
    'policy-templates': parts.map((objectDefinition) => ({ objectDefinition })),
    ...spec,
  },
});

/** What comes of documents, each of a file of its own. Whatever it is, it is valid and can be read again. */
export function imported(documents: readonly unknown[], others: Partial<Wishes> = {}) {
  const found = translate(
    documents.map((one, index) => ({ from: `${index}.yaml`, object: one })),
    { ...wishes, ...others },
  );
  const baselines = found.made.map(({ baseline }) => baseline);
  expect(baselines.flatMap((baseline) => validate('ClusterBaseline', baseline))).toEqual([]);
  expect(readYaml(yamlOf(found.made), 'output')).toEqual(baselines);
  const names = baselines.map(({ metadata }) => metadata.name);
  expect(new Set(names).size).toBe(names.length);
  return {
    ...found,
    names,
    specs: baselines.map(({ spec }) => spec),
    told: found.rows.map(({ item, result, notes }) => [item, result, ...notes.map(({ reason }) => reason)]),
  };
}
