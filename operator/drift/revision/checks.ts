/**
 * Which checks the revisions have that hosts are assigned: the findings of a host are those of its revision, which may have checks that are not, or
 * no longer, declared. The pass of the baseline, which reads the revisions, keeps their names in the assignment, under its seal. Pure.
 */
import type { AssignedChecks, Assignment } from '../../api/v1alpha1/assignment.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { severities, severitiesOf, worstByName } from '../../findings/severity.ts';
import { isRolledOut } from './assignment.ts';

/** All that a finding of the baseline may be of, each under its worst severity. */
export function checksInForce(baseline: DeviceBaseline): ReadonlyMap<string, Severity> {
  const declared = severitiesOf(baseline.spec.checks);
  return isRolledOut(baseline) ? worstByName([declared, unfolded(baseline.status?.assignment)]) : declared;
}

/** What an assignment says of its checks; of a revision whose checks are lost, what it said before is kept. */
export function assignedChecks(
  before: Assignment,
  revisions: readonly (readonly DeviceCheck[] | undefined)[],
): AssignedChecks[] {
  const known = revisions.flatMap((checks) => (checks ? [severitiesOf(checks)] : []));
  const isLost = known.length < revisions.length;
  return folded(worstByName(isLost ? [...known, unfolded(before)] : known));
}

function folded(checks: ReadonlyMap<string, Severity>): AssignedChecks[] {
  return severities.flatMap((severity) => {
    const names = [...checks].filter(([, one]) => one === severity).map(([name]) => name);
    return names.length ? [{ severity, names: names.sort().slice(0, mostNames) }] : [];
  });
}

/** As many as the schema allows, and no baseline reaches. */
const mostNames = 5100;

function unfolded(assignment: Assignment | undefined): ReadonlyMap<string, Severity> {
  const pairs = (assignment?.checks ?? []).flatMap(({ severity, names }) =>
    names.map((name) => [name, severity] as const),
  );
  return new Map(pairs);
}
