/** Which revision each host of a baseline has from now on, and which revisions are kept. Pure. */
import { isSuspended } from '../../api/suspension.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { Assignment, RevisionCount } from '../../api/v1alpha1/assignment.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Action } from '../../runtime/feature.ts';
import { revisionOf } from '../driftReport/report.ts';
import { lastNumber } from '../ownRuns.ts';
import { assignedRevisions, assignedTo, atRevision, isRolledOut } from '../revision/assignment.ts';
import { assignedChecks } from '../revision/checks.ts';
import { controllerRevisions, revisionIntent, revisionName, type ControllerRevision } from '../revision/kept.ts';
import { nextAssignment } from '../revision/next.ts';
import { orderOf, rolloutOf } from '../revision/order.ts';
import { isBack } from '../revision/undo.ts';
import { responds } from '../revision/responds.ts';

/** So many revisions that no host has are kept. */
const mostOld = 10;

/** What is read of revisions, where the baseline has, or had, some. */
export interface RevisionsSeen {
  /** The rollouts of the namespace. */
  readonly rollouts: readonly CanaryRollout[];
  /** The checks of revisions, as far as they are known. */
  readonly checks: ReadonlyMap<string, readonly DeviceCheck[]>;
  /** Those that should be stored as ControllerRevisions, and are not. */
  readonly missing: readonly string[];
  /** ControllerRevisions of the baseline; read only where something depends on all of them. */
  readonly stored?: readonly ControllerRevision[];
  /** Whether there is a Device of that name. */
  readonly exists: (device: string) => boolean;
}

/** The revisions of the hosts of a baseline. */
export interface Versions {
  /** Undefined where hosts have no revision of their own. */
  readonly assignment?: Assignment;
  readonly declared: string;
  /** All that some host has. */
  readonly all: readonly string[];
  of(device: string): string | undefined;
  /** The baseline with the checks of a revision; undefined when these are lost. */
  at(revision: string): DeviceBaseline | undefined;
}

interface Seen {
  readonly devices: readonly Device[];
  readonly runs: readonly AnsibleRun[];
  readonly revisions?: RevisionsSeen;
}

export function versionsOf(baseline: DeviceBaseline, { devices, runs, revisions }: Seen, now: Date): Versions {
  const declared = revisionOf(baseline);
  const immediate = { declared, all: [declared], of: () => declared, at: () => baseline };
  if (!revisions) return immediate;
  const baseRun = lastNumber(baseline, runs);
  if (!isRolledOut(baseline)) {
    const { base, ...rest } = baseline.status?.assignment ?? {};
    const isSame = base === declared;
    return { ...immediate, assignment: isSame ? { base, ...kept(rest) } : { base: declared, baseRun } };
  }
  const before = baseline.status?.assignment ?? firstAssignment(baseline, revisions, baseRun);
  const order = orderOf(rolloutOf(baseline, revisions.rollouts), declared, now);
  const applied = { own: runs, assignment: before };
  const next = nextAssignment(before, order, {
    selected: devices,
    exists: revisions.exists,
    responds,
    isSuspended: ({ spec }) => isSuspended(spec.suspend, now),
    isBack: (device) => isBack(device, applied),
  });
  const all = assignedRevisions(next);
  const checksOf = (revision: string) =>
    revision === declared ? baseline.spec.checks : revisions.checks.get(revision);
  const checks = assignedChecks(before, all.map(checksOf));
  const assignment = {
    ...next,
    ...(next.base !== before.base && { baseRun }),
    ...(checks.length && { checks }),
  };
  return {
    assignment,
    declared,
    all,
    of: (device) => assignedTo(assignment, device),
    at: (revision) => {
      const known = checksOf(revision);
      return known && atRevision(baseline, known);
    },
  };
}

function kept({ proven, baseRun }: Assignment): Pick<Assignment, 'proven' | 'baseRun'> {
  return { ...(proven && { proven }), ...(baseRun !== undefined && { baseRun }) };
}

/**
 * What is declared was in force on all hosts until now, if it is what `Immediate` last applied. Where other revisions are stored, there was an
 * assignment, and it is lost: then no host is assigned anything until a rollout assigns it.
 */
function firstAssignment(baseline: DeviceBaseline, { stored = [] }: RevisionsSeen, baseRun: number): Assignment {
  const declared = revisionOf(baseline);
  const name = revisionName(baseline.metadata.name, declared);
  const wasInForce = baseline.status?.revision === declared && stored.every(({ metadata }) => metadata.name === name);
  return wasInForce ? { base: declared, baseRun } : {};
}

/** What the status says of revisions, and what is done to the ControllerRevisions. */
export interface Keeping {
  readonly revisions?: RevisionCount[];
  readonly actions: readonly Action[];
  readonly afterStatus: readonly Action[];
}

export function keepingOf(baseline: DeviceBaseline, { devices, revisions }: Seen, versions: Versions): Keeping {
  const { assignment, declared, all } = versions;
  if (!revisions || !assignment) return { actions: [], afterStatus: [] };
  const { name } = baseline.metadata;
  const needed = [...new Set([declared, ...all])];
  const old = (baseline.status?.revisions ?? [])
    .map(({ revision }) => revision)
    .filter((revision) => !needed.includes(revision))
    .slice(0, mostOld);
  const listed = [...needed, ...old].slice(0, 20);
  const names = new Set(needed.map((revision) => revisionName(name, revision)));
  const unneeded = (revisions.stored ?? []).filter(({ metadata }) => !names.has(metadata.name)).toSorted(newestFirst);
  return {
    revisions: listed.map((revision) => ({
      revision,
      name: revisionName(name, revision),
      devices: devices.filter(({ metadata }) => versions.of(metadata.name) === revision).length,
      ...(revision === declared && { declared: true }),
    })),
    actions: revisions.missing.flatMap((revision): Action[] => {
      const at = versions.at(revision);
      return at
        ? [{ do: 'apply', kind: controllerRevisions, object: revisionIntent(baseline, revision, at.spec.checks) }]
        : [];
    }),
    afterStatus: unneeded.slice(mostOld).map(({ metadata: { namespace = '', name: gone, uid = '' } }) => ({
      do: 'delete',
      kind: controllerRevisions,
      key: { namespace, name: gone },
      uid,
    })),
  };
}

function newestFirst(a: ControllerRevision, b: ControllerRevision): number {
  return (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
}

/** More than this and the oldest go: then all that are stored are read. */
export function areManyStored({ status }: DeviceBaseline): boolean {
  return (status?.revisions ?? []).filter(({ devices, declared }) => !devices && !declared).length > mostOld - 2;
}
