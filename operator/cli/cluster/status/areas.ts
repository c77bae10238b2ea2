/**
 * What is summed up, area by area: how many there are, of how many something current is known, and what is worst. An object whose status is of an older
 * declaration, or that has none, is not known. Pure.
 */
import { resources } from '../../../api/generated/resources.ts';
import type { Kind } from '../../../api/kind.ts';
import { isSuspended } from '../../../api/suspension.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import type { Condition, Resource, Suspend } from '../../../api/v1alpha1/shared.ts';

/** Where an object is, in a word; the first of a list is the best. */
export interface Area {
  readonly title: string;
  readonly kind: Kind;
  /** Words by how well that is; `isWell` tells which of them nobody has to look into. */
  readonly states: readonly { readonly state: string; readonly isWell: boolean }[];
  stateOf(object: Resource, now: Date): string;
  /** Why, for the list of what is worst. */
  detailOf?(object: Resource): string;
  /** More is worse. */
  weightOf?(object: Resource): number;
}

const well = (...states: string[]) => states.map((state) => ({ state, isWell: true }));
const ill = (...states: string[]) => states.map((state) => ({ state, isWell: false }));

/** The condition, if it is about what is declared now. */
export function currentCondition({ metadata, status }: Resource, type: string): Condition | undefined {
  const found = status?.conditions?.find((condition) => condition.type === type);
  const isOld =
    metadata.generation !== undefined &&
    found?.observedGeneration !== undefined &&
    found.observedGeneration !== metadata.generation;
  return isOld ? undefined : found;
}

const isPaused = ({ spec }: Resource, now: Date): boolean =>
  isSuspended((spec as { readonly suspend?: Suspend } | undefined)?.suspend, now);

function byCompliance(object: Resource, now: Date): string {
  if (isPaused(object, now)) return 'suspended';
  const compliant = currentCondition(object, 'Compliant');
  if (compliant?.status === 'True')
    return compliant.reason === 'CompliantByWaiver' ? 'compliant by waiver' : 'compliant';
  if (compliant?.status === 'False') return 'drifted';
  return compliant?.reason === 'NoBaseline' ? 'without a baseline' : 'unknown';
}

const compliance = [
  ...well('compliant', 'compliant by waiver'),
  ...ill('drifted', 'unreachable', 'unknown', 'without a baseline', 'suspended'),
];

export const hosts: Area = {
  title: 'Hosts',
  kind: resources.Device,
  states: compliance,
  stateOf(device, now) {
    if (!isPaused(device, now) && currentCondition(device, 'Reachable')?.status === 'False') return 'unreachable';
    return byCompliance(device, now);
  },
  detailOf(device) {
    const reachable = currentCondition(device, 'Reachable');
    const compliant = currentCondition(device, 'Compliant');
    return (reachable?.status === 'False' ? reachable.message : compliant?.message) ?? 'it was not evaluated yet';
  },
  weightOf(device) {
    const [, drift = '0', critical = '0'] =
      /^(\d+)(?: \((\d+) critical)?/.exec((device as Device).status?.summary?.drift ?? '') ?? [];
    return Number(critical) * 10_000 + Number(drift);
  },
};

const baselines = (title: string, kind: Kind): Area => ({
  title,
  kind,
  states: compliance,
  stateOf: byCompliance,
  detailOf: (object) => currentCondition(object, 'Compliant')?.message ?? 'it was not evaluated yet',
});

/** By one condition, and what it means. */
function byCondition(type: string, [yes, no]: readonly [string, string]): Area['stateOf'] {
  return (object, now) => {
    if (isPaused(object, now)) return 'suspended';
    const found = currentCondition(object, type);
    if (found?.status === 'True') return yes;
    return found?.status === 'False' ? no : 'unknown';
  };
}

const messageOf =
  (type: string) =>
  (object: Resource): string =>
    currentCondition(object, type)?.message ?? 'it was not evaluated yet';

const decisions: readonly string[] = ['Pending', 'InfoRequested', 'Approved', 'Rejected', 'Overdue'];

export const waivers: Area = {
  title: 'Waivers',
  kind: resources.PolicyWaiver,
  states: [...well('in force', 'over'), ...ill('ends within 7 days', 'waits for a decision', 'unknown')],
  stateOf(object, now) {
    const { spec, status } = object as PolicyWaiver;
    const effective = currentCondition(object, 'Effective');
    const left = Date.parse(spec.expiryTime) - now.getTime();
    if (effective?.status === 'True') return left < 7 * 86_400_000 ? 'ends within 7 days' : 'in force';
    // One that only a newer operator knows says nothing here.
    if (effective === undefined || !decisions.includes(status?.decision ?? 'Pending')) return 'unknown';
    return left > 0 && ['Pending', 'InfoRequested', 'Overdue'].includes(status?.decision ?? '')
      ? 'waits for a decision'
      : 'over';
  },
  detailOf: (object) => (object as PolicyWaiver).status?.summary ?? '',
};

export const areas: readonly Area[] = [
  hosts,
  baselines('DeviceBaselines', resources.DeviceBaseline),
  baselines('ClusterBaselines', resources.ClusterBaseline),
  waivers,
  {
    title: 'Rollouts',
    kind: resources.CanaryRollout,
    states: [...well('on course'), ...ill('stopped', 'unknown', 'suspended')],
    stateOf: byCondition('Ready', ['on course', 'stopped']),
    detailOf: messageOf('Ready'),
  },
  {
    title: 'Objectives',
    kind: resources.ServiceLevelObjective,
    states: [...well('met'), ...ill('missed', 'unknown', 'suspended')],
    stateOf: byCondition('Met', ['met', 'missed']),
    detailOf: messageOf('Met'),
  },
  {
    title: 'EvidenceStores',
    kind: resources.EvidenceStore,
    states: [...well('ready'), ...ill('not ready', 'unknown', 'suspended')],
    stateOf: byCondition('Ready', ['ready', 'not ready']),
    detailOf: messageOf('Ready'),
  },
  {
    title: 'EvidencePacks',
    kind: resources.EvidencePack,
    states: [...well('ready'), ...ill('not ready', 'unknown', 'suspended')],
    stateOf: byCondition('Ready', ['ready', 'not ready']),
    detailOf: messageOf('Ready'),
  },
];
