/** The feature of ClusterBaseline: watches what its templates and checks are about, shows drift, and corrects it in mode Enforce. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Feature, Key, Reader } from '../../runtime/feature.ts';
import { policyKinds } from '../../governance/approvalPolicies.ts';
import { reportsByBaseline, waiversByBaseline } from '../indexes.ts';
import { cleanUpClusterBaseline, decideClusterBaseline } from './decide.ts';
import { clusterObserver, type ClusterParts, type ClusterWorld } from './observe.ts';

export type { ClusterParts };

export function clusterBaselineFeature(parts: ClusterParts): Feature<ClusterBaseline, ClusterWorld> {
  return {
    kind: resources.ClusterBaseline,
    follows: true,
    indexes: [reportsByBaseline, waiversByBaseline],
    access: [
      // Everything else is read and written with the rights of the accounts that baselines name.
      { group: '', resources: ['serviceaccounts'], verbs: ['impersonate'] },
      // Whether the account is there at all.
      { group: '', resources: ['serviceaccounts'], verbs: ['get'] },
      {
        group: 'holdfast.dev',
        resources: ['driftreports', 'driftreports/status'],
        verbs: ['patch', 'create', 'delete'],
      },
    ],
    watches: [
      { kind: resources.DriftReport, on: 'declaration', keysOf: reportedBaseline },
      { kind: resources.PolicyWaiver, on: 'any', keysOf: waivedBaseline },
      { kind: resources.MaintenanceWindow, on: 'declaration', keysOf: gatedBaselines },
      { kind: policyKinds.ValidatingAdmissionPolicy, on: 'declaration', keysOf: everyBaseline },
      { kind: policyKinds.ValidatingAdmissionPolicyBinding, on: 'declaration', keysOf: everyBaseline },
    ],
    observe: clusterObserver(parts),
    decide: decideClusterBaseline,
    cleanUp: cleanUpClusterBaseline,
  };
}

function everyBaseline(_: unknown, read: Reader): Key[] {
  return read
    .list<ClusterBaseline>(resources.ClusterBaseline, '')
    .map(({ metadata }) => ({ namespace: '', name: metadata.name }));
}

/** A report that somebody changed or deleted is made again. */
function reportedBaseline(object: unknown): Key[] {
  const { source } = (object as DriftReport).status ?? {};
  return source?.kind === 'ClusterBaseline' ? [{ namespace: '', name: source.name }] : [];
}

function waivedBaseline(object: unknown): Key[] {
  const { source } = (object as PolicyWaiver).spec;
  return source.kind === 'ClusterBaseline' ? [{ namespace: '', name: source.name }] : [];
}

function gatedBaselines(object: unknown, read: Reader): Key[] {
  const { namespace, name } = (object as MaintenanceWindow).metadata;
  return read
    .list<ClusterBaseline>(resources.ClusterBaseline, '')
    .filter(({ spec }) => spec.windowRef?.name === name && spec.serviceAccountRef.namespace === namespace)
    .map(({ metadata }) => ({ namespace: '', name: metadata.name }));
}
