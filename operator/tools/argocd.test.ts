import { readFileSync, globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { features } from '../features.ts';
import { argocdFiles, factsOf, type Facts } from './argocd.ts';
import { readTypes } from './readTypes.ts';
import type { Kind } from './schema.ts';
import { readSpec } from './testdata/readSpec.ts';

const root = resolve(import.meta.dirname, '../..');

function realKinds(): Kind[] {
  const paths = globSync('operator/api/v1alpha1/*.ts', { cwd: root });
  return readTypes(Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))).kinds;
}

test('the facts of each kind are read off its columns', () => {
  const facts = Object.fromEntries(realKinds().map((kind) => [kind.kind, factsOf(kind)]));
  expect(facts).toEqual({
    AnsibleRun: { summary: 'Succeeded', condition: 'Succeeded' },
    Approval: { summary: 'Ready', condition: 'Counts' },
    CanaryRollout: { summary: 'Ready', condition: 'Progressing', rolls: true },
    ClusterBaseline: { summary: 'Ready', condition: 'Compliant', suspends: true },
    Device: { summary: 'Ready', condition: 'Reachable', suspends: true, evaluates: true },
    DeviceBaseline: { summary: 'Ready', condition: 'Compliant', suspends: true },
    DriftReport: { field: ['result'] },
    EvidenceExport: { summary: 'Ready', condition: 'Recorded' },
    EvidencePack: { summary: 'Ready', condition: 'Signed', suspends: true },
    EvidenceStore: { summary: 'Ready', condition: 'Locked', suspends: true },
    MaintenanceWindow: { summary: 'Ready', condition: 'Open', suspends: true },
    PolicyWaiver: { summary: 'Ready', field: ['summary'] },
    ServiceLevelObjective: { summary: 'Ready', field: ['summary'], suspends: true },
  } satisfies Record<string, Facts>);
});

test('a kind that ends says so in a column, as its feature does', () => {
  const ends = realKinds().filter((kind) => factsOf(kind)?.summary === 'Succeeded');
  expect(ends.map(({ kind }) => kind)).toEqual(features.filter(({ bounded }) => bounded).map(({ kind }) => kind.kind));
});

test('a kind without columns goes by Ready, and one without a status has no health', () => {
  const { kind } = readSpec('  /** A. */\n  a?: boolean;');
  expect(kind && factsOf(kind)).toBeUndefined();
  const withStatus = { ...kind!, schema: { properties: { status: {} } } };
  expect(factsOf(withStatus)).toEqual({ summary: 'Ready', condition: 'Ready' });
  expect(argocdFiles([kind!, withStatus]).map(([path]) => path)).toEqual([
    'manifests/argocd/argocd-cm.yaml',
    'manifests/argocd/openshift-gitops.yaml',
  ]);
});
