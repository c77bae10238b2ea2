/** Reads, from the cache, how the selected hosts stand and what corrections there were. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { selects } from '../../api/selector.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { sourceId } from '../../findings/source.ts';
import { devicesOf } from '../indexes.ts';
import { numberOfOwn, ownRunsOf } from '../ownRuns.ts';
import { revisionOf, reportsOnDevices } from '../driftReport/report.ts';
import { assignedRevisions, isRolledOut } from '../revision/assignment.ts';
import { controllerRevisions, ownerLabel } from '../revision/kept.ts';
import { rolloutOf } from '../revision/order.ts';
import type { Revisions } from '../revision/store.ts';
import { areManyStored, type RevisionsSeen } from './revisions.ts';
import { selectedDevices } from './source.ts';

export interface BaselineWorld {
  /** The Devices that the selector matches, by name. */
  readonly devices: readonly Device[];
  /** The reports on this baseline, by the name of their Device. */
  readonly reports: ReadonlyMap<string, DriftReport>;
  /** The runs that this baseline created. */
  readonly runs: readonly AnsibleRun[];
  /** Names of all runs in the namespace, whoever created them: a new one needs a name of its own. */
  readonly takenNames: ReadonlySet<string>;
  /** The runs that have started and are not complete, by each of their Devices, whoever asked for them. */
  readonly busy: ReadonlyMap<string, readonly AnsibleRun[]>;
  /** Other baselines about some of these Devices. */
  readonly rivals: readonly DeviceBaseline[];
  /** The number of the last own run that was undone on a Device on purpose. */
  readonly undone: ReadonlyMap<string, number>;
  /** The window that corrections wait for: none when it is not there, or none is asked for. */
  readonly window?: MaintenanceWindow;
  /** Waivers of this baseline, in force or not. */
  readonly waivers: readonly PolicyWaiver[];
  /** What is read of its revisions, where rollouts roll it out, or did. */
  readonly revisions?: RevisionsSeen;
  /** Why no run may be created now: what decides about it is not known as it is at this moment. */
  readonly heldUp?: string;
}

export async function observeBaselineNow(
  baseline: DeviceBaseline,
  revisions: Revisions,
  observing: Observing,
): Promise<BaselineWorld> {
  const world = observeBaseline(baseline, observing, await createdInFull(baseline, observing));
  const seen = await seenRevisions(baseline, revisions, observing);
  return seen ? { ...world, revisions: seen } : world;
}

/** A baseline that was never rolled out has none. */
async function seenRevisions(
  baseline: DeviceBaseline,
  revisions: Revisions,
  observing: Observing,
): Promise<RevisionsSeen | undefined> {
  const { assignment } = baseline.status ?? {};
  if (!isRolledOut(baseline) && !assignment) return undefined;
  const { read, signal } = observing;
  const { namespace = '', uid } = baseline.metadata;
  const rollouts = read.list(resources.CanaryRollout, namespace);
  const ordered = rolloutOf(baseline, rollouts)?.status?.revision;
  const declared = revisionOf(baseline);
  const named = new Set([declared, ...(assignment ? assignedRevisions(assignment) : [])]);
  if (ordered !== undefined) named.add(ordered);
  const all = [...named];
  const stored =
    !assignment || areManyStored(baseline)
      ? await read.search(controllerRevisions, namespace, `${ownerLabel}=${uid ?? ''}`, signal)
      : undefined;
  const missing = await revisions.missing(baseline, all, observing);
  const known = await Promise.all(all.map((revision) => revisions.checksOf(baseline, revision, observing)));
  const checks = new Map(all.flatMap((revision, at) => (known[at] ? [[revision, known[at]] as const] : [])));
  const own = stored?.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  return {
    rollouts,
    checks: checks.set(declared, baseline.spec.checks),
    missing,
    ...(own && { stored: own }),
    exists: (device) => read.get(resources.Device, { namespace, name: device }) !== undefined,
  };
}

/**
 * The latest run of the baseline, from the apiserver, where the cache does not show it: it may be about to. One whose uid is not recorded is known by
 * all that its spec says, of which the cache does not keep all when the run is complete.
 */
async function createdInFull(
  { metadata: { namespace = '' }, status }: DeviceBaseline,
  { read, signal }: Observing,
): Promise<AnsibleRun | undefined> {
  if (!status?.creating) return undefined;
  const key = { namespace, name: status.creating.name };
  const kept = read.get(resources.AnsibleRun, key);
  if (kept && (status.creating.uid !== undefined || !kept.status?.completionTime)) return undefined;
  const live = await read.fetch(resources.AnsibleRun, key, signal);
  return kept && live?.metadata.uid !== kept.metadata.uid ? undefined : live;
}

/** `whole` is a run to be taken as it is given, instead of as the cache has it, or does not have it. */
export function observeBaseline(
  baseline: DeviceBaseline,
  { read }: Pick<Observing, 'read'>,
  whole?: AnsibleRun,
): BaselineWorld {
  const { namespace = '', name } = baseline.metadata;
  const reports = read.by(reportsBySource, namespace, sourceId(resources.DeviceBaseline.kind, name));
  const cached = read.list(resources.AnsibleRun, namespace);
  const runs = whole ? [...cached.filter(({ metadata }) => metadata.uid !== whole.metadata.uid), whole] : cached;
  const devices = selectedDevices(baseline, read);
  const own = ownRunsOf(baseline, runs);
  return {
    devices,
    reports: reportsOnDevices(reports, devices, name),
    runs: own,
    takenNames: new Set(runs.map(({ metadata }) => metadata.name)),
    busy: busyDevices(runs),
    rivals: rivalsOf(baseline, devices, read),
    undone: undoneNumbers(own, runs),
    window: windowOf(baseline, read),
    waivers: read.by(waiversBySource, namespace, sourceId(resources.DeviceBaseline.kind, name)),
  };
}

function windowOf({ metadata, spec }: DeviceBaseline, read: Reader): MaintenanceWindow | undefined {
  const name = spec.remediation?.windowRef?.name;
  return name === undefined
    ? undefined
    : read.get(resources.MaintenanceWindow, { namespace: metadata.namespace ?? '', name });
}

function busyDevices(runs: readonly AnsibleRun[]): Map<string, AnsibleRun[]> {
  const pairs = runs
    .filter(({ status }) => status?.startTime && !status.completionTime)
    .flatMap((run) => devicesOf(run).map((device) => ({ device, run })));
  const byDevice = Map.groupBy(pairs, ({ device }) => device);
  return new Map([...byDevice].map(([device, found]) => [device, found.map(({ run }) => run)]));
}

function rivalsOf(baseline: DeviceBaseline, devices: readonly Device[], read: Reader): DeviceBaseline[] {
  return read
    .list(resources.DeviceBaseline, baseline.metadata.namespace ?? '')
    .filter(
      ({ metadata, spec }) =>
        metadata.name !== baseline.metadata.name &&
        !metadata.deletionTimestamp &&
        devices.some((device) => selects(spec.selector, device.metadata.labels)),
    )
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

function undoneNumbers(own: readonly AnsibleRun[], runs: readonly AnsibleRun[]): Map<string, number> {
  const numbers = new Map(own.map((run) => [run.metadata.name, numberOfOwn(run)]));
  const undone = new Map<string, number>();
  for (const run of runs) {
    const number = numbers.get(run.spec.revertOf?.name ?? '');
    if (number === undefined || !run.status?.completionTime) continue;
    for (const device of devicesOf(run)) undone.set(device, Math.max(number, undone.get(device) ?? 0));
  }
  return undone;
}
