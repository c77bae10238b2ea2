/** The object that has the generated rules, and whether it may be written. Pure. */
import type { Kind } from '../../api/kind.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type { RulesRecord } from '../../api/v1alpha1/serviceLevelObjectiveStatus.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { canonicalJson, digestOf } from '../../lib/digest.ts';
import { joinedName, labelled } from '../../lib/names.ts';
import type { DomainCondition, Intent } from '../../runtime/feature.ts';
import type { RuleGroup } from './rules.ts';

export const rulesKinds = {
  PrometheusRule: {
    group: 'monitoring.coreos.com',
    version: 'v1',
    kind: 'PrometheusRule',
    plural: 'prometheusrules',
    namespaced: true,
  },
  ConfigMap: { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
} as const satisfies Record<string, Kind>;

export type RulesKind = keyof typeof rulesKinds;

/** What is known of the object. */
export type RulesState =
  /** No rules are wanted, and there are none of ours. */
  | { readonly is: 'none' }
  /** It was seen a while ago, and is not looked for in each pass. */
  | { readonly is: 'unchecked'; readonly kind: RulesKind }
  | { readonly is: 'known'; readonly kind: RulesKind; readonly live: Resource | undefined }
  | { readonly is: 'ungranted'; readonly kind: RulesKind; readonly commands: string }
  | { readonly is: 'unknown'; readonly message: string };

export interface WantedRules {
  readonly intent: Intent;
  readonly record: RulesRecord;
}

export function rulesName({ metadata }: ServiceLevelObjective): string {
  return joinedName('holdfast-slo', metadata.name);
}

export function wantedRules(slo: ServiceLevelObjective, groups: readonly RuleGroup[], kind: RulesKind): WantedRules {
  const { apiVersion, metadata, spec } = slo;
  const name = rulesName(slo);
  const content = kind === 'PrometheusRule' ? { spec: { groups } } : { data: { 'rules.yaml': jsonOf(groups) } };
  const intent: Intent = {
    apiVersion: kind === 'PrometheusRule' ? 'monitoring.coreos.com/v1' : 'v1',
    kind,
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { ...spec.rules?.labels, ...labelled({ 'holdfast.dev/slo': metadata.name }) },
      ownerReferences: [{ apiVersion, kind: slo.kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }],
    },
    ...content,
  };
  const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
  return { intent, record: { kind, name, digest: digestOf([content, spec.rules?.labels]), count } };
}

/** JSON is YAML. */
function jsonOf(groups: readonly RuleGroup[]): string {
  return `${JSON.stringify({ groups }, undefined, 2)}\n`;
}

/** What an object of that name is to us. */
export function standing(
  slo: ServiceLevelObjective,
  live: Resource,
  { intent }: WantedRules,
): 'foreign' | 'same' | 'other' {
  const { uid } = slo.metadata;
  if (!live.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid)) return 'foreign';
  const { spec, data } = live as Resource & { data?: unknown };
  const hasLabels = Object.entries(intent.metadata.labels ?? {}).every(
    ([key, value]) => live.metadata.labels?.[key] === value,
  );
  return hasLabels && canonicalJson([spec, data]) === canonicalJson([intent['spec'], intent['data']])
    ? 'same'
    : 'other';
}

/** The condition, and whether the object is to be written. */
export function rulesCondition(
  slo: ServiceLevelObjective,
  state: RulesState,
  wanted: WantedRules | undefined,
): { readonly condition?: DomainCondition; readonly writes: boolean } {
  if (state.is === 'none' || !wanted) return { writes: false };
  const what = `${wanted.record.kind} ${wanted.record.name}`;
  const condition = (status: DomainCondition['status'], reason: string, message: string) => ({
    status,
    reason,
    message,
  });
  if (state.is === 'unknown') return { condition: condition('Unknown', 'NotRead', state.message), writes: false };
  if (state.is === 'ungranted') {
    const message = `Holdfast may not write ${what}; to allow it, run \`${state.commands}\`, or set \`spec.rules.disabled\``;
    return { condition: condition('False', 'NotGranted', message), writes: false };
  }
  const applied = condition('True', 'Applied', `${what} has ${wanted.record.count} rules`);
  if (state.is === 'unchecked') return { condition: applied, writes: false };
  if (!state.live) return { condition: condition('Unknown', 'Pending', `${what} is being created`), writes: true };
  switch (standing(slo, state.live, wanted)) {
    case 'foreign': {
      const message = `${what} exists but was not created by Holdfast for this object; rename or delete it, and Holdfast will create its own`;
      return { condition: { ...condition('False', 'NameTaken', message), warns: true }, writes: false };
    }
    case 'same':
      return { condition: applied, writes: false };
    case 'other':
      return { condition: condition('Unknown', 'Pending', `${what} is being updated`), writes: true };
  }
}
