/** How a rollout is now, as far as its objects say: whether its status can be believed, whether it is in progress, over, or obstructed. Pure. */
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { Rejection } from '../../../api/v1alpha1/assignment.ts';
import type { Condition } from '../../../api/v1alpha1/shared.ts';
import { isRolledOut } from '../../../drift/revision/assignment.ts';
import { shortRevision } from '../../../drift/revision/kept.ts';
import { revisionOf } from '../../../drift/driftReport/report.ts';
import { knowsBaseline, type Facts } from './facts.ts';

const writer = 'holdfast-status';

interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
  readonly fieldsV1?: { readonly 'f:status'?: Readonly<Record<string, unknown>> };
}

/** Why its status is not to be believed; undefined when nothing speaks against it. The key of the seal is the operator's alone. */
export function disbelieved({ metadata, status }: CanaryRollout): string | undefined {
  if (status?.revision === undefined) return undefined;
  if (status.seal === undefined) return 'its status has no seal, so Holdfast did not write it';
  const { managedFields = [] } = metadata as { managedFields?: readonly ManagedFields[] };
  const other = managedFields.find(
    ({ manager, fieldsV1 }) =>
      manager !== writer && Object.keys(fieldsV1?.['f:status'] ?? {}).some((field) => field !== 'f:conditions'),
  );
  return other && `its status was written by field manager ${other.manager ?? '-'}, and only Holdfast may write it`;
}

export const disbelievedAdvice =
  'Holdfast ignores it and writes it again within a minute; find out who may update canaryrollouts/status';

/** The condition, if it is about the spec as it is. */
export function conditionOf({ metadata, status }: CanaryRollout, type: string): Condition | undefined {
  const found = status?.conditions?.find((one) => one.type === type);
  return found?.observedGeneration === metadata.generation ? found : undefined;
}

export function isObserved({ metadata, status }: CanaryRollout): boolean {
  return status?.observedGeneration !== undefined && status.observedGeneration === metadata.generation;
}

/** Why it does nothing at all: another thing must change first. */
export function obstruction({
  rollout,
  baseline,
  older,
  ...facts
}: Facts): { fact: string; advice: string } | undefined {
  const { name } = rollout.spec.target.deviceBaselineRef;
  if (!baseline) {
    if (!knowsBaseline({ rollout, ...facts })) return undefined;
    return { fact: `DeviceBaseline ${name} does not exist in this namespace`, advice: 'create it' };
  }
  if (older !== undefined)
    return {
      fact: `CanaryRollout ${older} is older and rolls out DeviceBaseline ${name}: only the oldest counts`,
      advice: 'delete one of the two',
    };
  if (!isRolledOut(baseline))
    return {
      fact: `DeviceBaseline ${name} gives new revisions to all hosts at once (\`updateStrategy.type: Immediate\`)`,
      advice: 'set its `updateStrategy.type: Rollout`',
    };
  return undefined;
}

export function declaredOf({ baseline }: Facts): string | undefined {
  return baseline && revisionOf(baseline);
}

/** The rejection of the revision that the baseline declares. */
export function rejectionOf(facts: Facts): Rejection | undefined {
  const declared = declaredOf(facts);
  return facts.baseline?.status?.assignment?.rejected?.find(({ revision }) => revision === declared);
}

/** As people see it; `-` for what is no digest. */
export function shown(revision: string | undefined): string {
  return (revision && shortRevision(revision)) || '-';
}

export type Done = 'completed' | 'failed';

/**
 * Whether what the baseline declares now is done with: complete on all hosts, or not to be expected without a person. A status about an older spec, or
 * about another revision than the declared one, says neither.
 */
export function doneWith(facts: Facts): Done | undefined {
  const { rollout, baseline } = facts;
  if (disbelieved(rollout) !== undefined || !isObserved(rollout)) return undefined;
  if (obstruction(facts)) return 'failed';
  const declared = declaredOf(facts);
  const { revision, completionTime, rollback } = rollout.status ?? {};
  const reason = conditionOf(rollout, 'Progressing')?.reason;
  if (rollback && rollback.completionTime === undefined)
    return conditionOf(rollout, 'RolledBack')?.reason === 'RollbackIncomplete' ? 'failed' : undefined;
  if (declared === undefined) return undefined;
  if (revision === declared && rollback) return 'failed';
  if (revision === declared && completionTime !== undefined) return 'completed';
  if (revision === declared && (reason === 'NotTakenBack' || reason === 'PreviousNotProven')) return 'failed';
  // A revision is recorded as rejected before the status says so.
  if (reason === 'Rejected' && rejectionOf(facts)) return 'failed';
  return reason === 'NothingToDo' && baseline?.status?.assignment?.base === declared ? 'completed' : undefined;
}
