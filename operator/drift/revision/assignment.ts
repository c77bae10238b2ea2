/**
 * Which host is assigned which revision of a baseline that rollouts roll out. A rollout alone changes it, and the pass of the baseline alone writes
 * it, onto the version that it looked at. Pure.
 */
import type { Seal } from '../../api/seal.ts';
import { isSealedPart, sealedPart } from '../../api/seal.ts';
import type { Assignment, MovedHosts } from '../../api/v1alpha1/assignment.ts';
import type { DeviceBaseline, DeviceBaselineStatus } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';

export function isRolledOut({ spec }: DeviceBaseline): boolean {
  return spec.updateStrategy?.type === 'Rollout';
}

/** The baseline as it is believed: without an assignment that is not sealed as Holdfast seals it. */
export function believedBaseline(baseline: DeviceBaseline, seal: Seal): DeviceBaseline {
  const { assignment, ...rest } = baseline.status ?? {};
  if (!assignment || isSealedPart(baseline, assignment, seal)) return baseline;
  const kept = { ...baseline, status: rest };
  forged.add(kept);
  return kept;
}

const forged = new WeakSet<DeviceBaseline>();

/** Whether its assignment was written by somebody else, and is to be removed before it is written. */
export function hasForgedAssignment(baseline: DeviceBaseline): boolean {
  return forged.has(baseline);
}

/** Whether it should say which revision its hosts have, and does not. */
export function lacksAssignment(baseline: DeviceBaseline): boolean {
  return isRolledOut(baseline) && baseline.status !== undefined && !baseline.status.assignment;
}

export function sealedAssignment<S extends Pick<DeviceBaselineStatus, 'assignment'>>(
  baseline: DeviceBaseline,
  status: S,
  seal: Seal,
): S {
  if (!status.assignment) return status;
  return { ...status, assignment: sealedPart(baseline, status.assignment, seal) };
}

/** Assignments are values and never changed in place: the names of one are looked through once. */
const lookups = new WeakMap<Assignment, ReadonlyMap<string, string>>();

/** The revision of a host; undefined when none is assigned. */
export function assignedTo(assignment: Assignment | undefined, device: string): string | undefined {
  if (!assignment) return undefined;
  const known = lookups.get(assignment) ?? byDevice(assignment.moved ?? []);
  lookups.set(assignment, known);
  return known.get(device) ?? assignment.base;
}

function byDevice(moved: readonly MovedHosts[]): ReadonlyMap<string, string> {
  return new Map(moved.flatMap(({ revision, devices }) => devices.map((device) => [device, revision] as const)));
}

/** Whether what another revision changed on the host is still to be undone. */
export function isReturning(assignment: Assignment | undefined, device: string): boolean {
  if (!assignment?.returning) return false;
  const known = returning.get(assignment) ?? new Set(assignment.returning);
  returning.set(assignment, known);
  return known.has(device);
}

const returning = new WeakMap<Assignment, ReadonlySet<string>>();

/** All revisions that some host has. */
export function assignedRevisions({ base, moved = [] }: Assignment): string[] {
  return [...new Set([...(base === undefined ? [] : [base]), ...moved.map(({ revision }) => revision)])];
}

/** The hosts that are assigned the revision by name, in the order in which they were. */
export function movedTo({ moved = [] }: Assignment, revision: string): readonly string[] {
  return moved.find((one) => one.revision === revision)?.devices ?? [];
}

/** Whether a host is assigned the same before and after. */
export function assignedOtherwise(
  before: DeviceBaseline | undefined,
  after: DeviceBaseline,
): ((device: string) => boolean) | undefined {
  const [was, is] = [before?.status?.assignment, after.status?.assignment];
  if (was === is || (was?.seal !== undefined && was.seal === is?.seal)) return undefined;
  return (device) =>
    assignedTo(was, device) !== assignedTo(is, device) || isReturning(was, device) !== isReturning(is, device);
}

/** The baseline as it applies to hosts that are assigned a revision: with the checks of that revision. */
export function atRevision(baseline: DeviceBaseline, checks: readonly DeviceCheck[]): DeviceBaseline {
  if (checks === baseline.spec.checks) return baseline;
  return { ...baseline, spec: { ...baseline.spec, checks: checks as DeviceCheck[] } };
}
