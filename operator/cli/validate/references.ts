/** What objects of a set refer to that is not in it. It may be in the cluster: these are warnings. Pure. */
import { selects } from '../../api/selector.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { nearest } from '../../drift/objects/nearest.ts';
import { problemIn, type Problem } from './problem.ts';

interface Reference {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** By object, in the order of the set. */
export function danglingIn(set: readonly Resource[]): ReadonlyMap<Resource, readonly Problem[]> {
  const names = new Map<string, Resource[]>();
  for (const one of set) {
    const key = `${one.kind}/${one.metadata.name}`;
    names.set(key, [...(names.get(key) ?? []), one]);
  }
  const found = ({ kind, name, namespace }: Reference): Resource | undefined =>
    names.get(`${kind}/${name}`)?.find(({ metadata }) => isSame(metadata.namespace, namespace));
  return new Map(
    set.map((object) => [
      object,
      [
        ...referencesOf(object).flatMap((reference) => (found(reference) ? [] : [dangling(reference, set)])),
        ...checkProblems(object, found),
        ...selectionProblems(object, set),
      ],
    ]),
  );
}

/** Of what names none, the namespace is given when it is applied. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function dangling({ path, kind, name }: Reference, set: readonly Resource[]): Problem {
  const known = set.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
  const meant = nearest(name, known);
  const advice = meant ? `did you mean ${meant}?` : 'it has to be in the cluster';
  return problemIn('warning', `${path}: ${kind} ${name} is not among these files; ${advice}`);
}

function referencesOf(object: Resource): Reference[] {
  const { namespace } = object.metadata;
  const to = (path: string, kind: string, ref: { readonly name: string } | undefined): Reference[] =>
    ref ? [{ path, kind, name: ref.name, namespace }] : [];
  switch (object.kind) {
    case 'DeviceBaseline':
      return to(
        'spec.remediation.windowRef',
        'MaintenanceWindow',
        (object as DeviceBaseline).spec.remediation?.windowRef,
      );
    case 'ClusterBaseline': {
      const { windowRef, serviceAccountRef } = (object as ClusterBaseline).spec;
      return to('spec.windowRef', 'MaintenanceWindow', windowRef).map((ref) => ({
        ...ref,
        namespace: serviceAccountRef.namespace,
      }));
    }
    case 'CanaryRollout': {
      const { target, windowRef, gates } = (object as CanaryRollout).spec;
      return [
        ...to('spec.target.deviceBaselineRef', 'DeviceBaseline', target.deviceBaselineRef),
        ...to('spec.windowRef', 'MaintenanceWindow', windowRef),
        ...(gates?.objectives ?? []).flatMap((one, at) =>
          to(`spec.gates.objectives[${at}]`, 'ServiceLevelObjective', one),
        ),
      ];
    }
    case 'AnsibleRun': {
      const { baselineRef, revertOf, deviceNames = [] } = (object as AnsibleRun).spec;
      return [
        ...to('spec.baselineRef', 'DeviceBaseline', baselineRef),
        ...to('spec.revertOf', 'AnsibleRun', revertOf),
        ...deviceNames.flatMap((name, at) => to(`spec.deviceNames[${at}]`, 'Device', { name })),
      ];
    }
    case 'PolicyWaiver': {
      const { source } = (object as PolicyWaiver).spec;
      const isOfCluster = source.kind === 'ClusterBaseline';
      return to('spec.source', source.kind, source).map((ref) =>
        isOfCluster ? { ...ref, namespace: undefined } : ref,
      );
    }
    case 'Approval': {
      const { subjectRef } = (object as Approval).spec;
      return to('spec.subjectRef', subjectRef.kind, subjectRef);
    }
    case 'EvidencePack':
    case 'EvidenceExport': {
      const { storeRef } = (object as EvidencePack).spec;
      return to('spec.storeRef', 'EvidenceStore', storeRef).map((ref) => ({
        ...ref,
        namespace: (storeRef as { readonly namespace?: string }).namespace ?? namespace,
      }));
    }
    default:
      return [];
  }
}

/** A waiver for a check that its baseline does not have covers nothing. */
function checkProblems(object: Resource, found: (reference: Reference) => Resource | undefined): Problem[] {
  if (object.kind !== 'PolicyWaiver') return [];
  const { source, checks } = (object as PolicyWaiver).spec;
  const [reference] = referencesOf(object);
  const baseline = reference && (found(reference) as DeviceBaseline | ClusterBaseline | undefined);
  if (!baseline) return [];
  const objects = 'objects' in baseline.spec ? (baseline.spec.objects ?? []) : [];
  const names = [...(baseline.spec.checks ?? []), ...objects].map(({ name }) => name);
  return checks.flatMap((check, at) => {
    if (check === '*' || names.includes(check)) return [];
    const meant = nearest(check, names);
    const advice = meant ? `; did you mean ${meant}?` : ', and covers nothing';
    return [
      problemIn('warning', `spec.checks[${at}]: ${check} is not a check of ${source.kind} ${source.name}${advice}`),
    ];
  });
}

/** Where Devices are in the set, a baseline should select one of them. */
function selectionProblems(object: Resource, set: readonly Resource[]): Problem[] {
  if (object.kind !== 'DeviceBaseline') return [];
  const devices = set.filter(
    ({ kind, metadata }) => kind === 'Device' && isSame(metadata.namespace, object.metadata.namespace),
  );
  const { selector } = (object as DeviceBaseline).spec;
  if (devices.length === 0 || devices.some(({ metadata }) => selects(selector, metadata.labels))) return [];
  return [problemIn('warning', `spec.selector: it selects none of the ${devices.length} Devices among these files`)];
}
