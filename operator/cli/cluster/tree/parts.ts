/** Runs, waivers and rollouts as nodes of a tree: what they are about, and how they are. Pure. */
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { isSuspended } from '../../../api/suspension.ts';
import { inOrder, ownRunsOf } from '../../../drift/ownRuns.ts';
import { rolloutOf } from '../../../drift/revision/order.ts';
import { counted } from '../../../lib/text.ts';
import { conditionOf, disbelieved } from '../rollout/standing.ts';
import { currentCondition, waivers as waiverArea } from '../status/areas.ts';
import { isUnread, type Listed } from '../unread.ts';
import { node, type Node } from './node.ts';

/** A note for what was not read, such as `AnsibleRuns unknown: you may not list …`. */
export function notRead<T>(what: string, read: Listed<T>): string[] {
  return isUnread(read) ? [`${what} unknown: ${read.unread}`] : [];
}

export function runNode({ metadata, status }: AnsibleRun): Node {
  const succeeded = status?.conditions?.find(({ type }) => type === 'Succeeded');
  const [state, isWell] =
    succeeded?.status === 'True'
      ? ['succeeded', true]
      : succeeded?.status === 'False'
        ? ['failed', false]
        : [status?.startTime === undefined ? 'waits' : 'running', true];
  const time = status?.completionTime;
  return node({
    ...{ kind: 'AnsibleRun', name: metadata.name, isWell },
    state: `${state}${time === undefined ? '' : ` at ${time}`}`,
    ...(succeeded !== undefined && !isWell && { message: succeeded.message }),
  });
}

/** The runs of a baseline, the latest first: by the uids that it recorded. A failure that a later run made good is history. */
export function runsOf(baseline: DeviceBaseline, runs: readonly AnsibleRun[]): readonly AnsibleRun[] {
  return inOrder(ownRunsOf(baseline, runs)).toReversed();
}

/** Runs that name the baseline or say that they belong to it, and that it did not create. */
export function strangeRuns(baseline: DeviceBaseline, runs: readonly AnsibleRun[]): string[] {
  const own = new Set(ownRunsOf(baseline, runs).map(({ metadata }) => metadata.uid));
  const strange = runs.filter(
    ({ metadata, spec }) =>
      !own.has(metadata.uid) &&
      (spec.baselineRef?.name === baseline.metadata.name ||
        metadata.ownerReferences?.some(({ uid }) => uid === baseline.metadata.uid)),
  );
  if (strange.length === 0) return [];
  const [first] = strange;
  return [
    `ignored: ${counted(strange.length, 'AnsibleRun')} that ${strange.length === 1 ? 'names' : 'name'} it, such as ${first!.metadata.name}, and that it did not create`,
  ];
}

export function waiverNode(waiver: PolicyWaiver, now: Date): Node {
  const state = waiverArea.stateOf(waiver, now);
  const { checks, expiryTime } = waiver.spec;
  return node({
    ...{ kind: 'PolicyWaiver', name: waiver.metadata.name },
    state: `${state}, until ${expiryTime}`,
    isWell: waiverArea.states.some((one) => one.state === state && one.isWell),
    message: `checks: ${checks.slice(0, 5).join(', ')}${checks.length > 5 ? ` and ${checks.length - 5} more` : ''}`,
  });
}

/** Those in force and those that wait come first. */
export function waiverNodes(waivers: readonly PolicyWaiver[], now: Date): Node[] {
  const rank = ({ state }: Node): number => (state.startsWith('over') ? 1 : 0);
  return waivers.map((one) => waiverNode(one, now)).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Of several rollouts of a baseline the oldest alone counts. */
export function rolloutNodes(baseline: DeviceBaseline, rollouts: readonly CanaryRollout[], now: Date): Node[] {
  const counting = rolloutOf(baseline, rollouts);
  return rollouts
    .filter(({ spec }) => spec.target.deviceBaselineRef.name === baseline.metadata.name)
    .map((one) => (one === counting ? rolloutNode(one, now) : idleRollout(one, counting!)));
}

export function rolloutNode(rollout: CanaryRollout, now: Date): Node {
  const about = { kind: 'CanaryRollout', name: rollout.metadata.name };
  const doubt = disbelieved(rollout);
  if (doubt !== undefined) return node({ ...about, state: 'unknown', isWell: false, message: doubt });
  const { step, hosts, state } = rollout.status?.summary ?? {};
  const ready = currentCondition(rollout, 'Ready');
  const progressing = conditionOf(rollout, 'Progressing');
  const isPaused = isSuspended(rollout.spec.pause, now);
  const isWell = ready?.status === 'True' && !isPaused;
  const message = isWell ? progressing?.message : (ready?.message ?? progressing?.message);
  const where = step === undefined ? '' : `, step ${step}${hosts === undefined ? '' : `, ${hosts} hosts`}`;
  return node({
    ...about,
    state: `${state ?? 'not evaluated yet'}${where}`,
    isWell,
    ...(message !== undefined && { message }),
  });
}

function idleRollout({ metadata }: CanaryRollout, counting: CanaryRollout): Node {
  const message = `CanaryRollout ${counting.metadata.name} is older, and only the oldest counts; delete one of the two`;
  return node({ kind: 'CanaryRollout', name: metadata.name, state: 'ignored', isWell: false, message });
}
