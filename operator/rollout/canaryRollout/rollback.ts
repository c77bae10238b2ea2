/** How far a rollout is taken back: each host that it changed is as the revision before has it, verified by the probe, or is named. Pure. */
import type { IncompleteHost } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import { isReturning, movedTo } from '../../drift/revision/assignment.ts';
import { responds } from '../../drift/revision/responds.ts';
import { isOfOpenRollout, notUndone, openUndos } from '../../drift/revision/undo.ts';
import { shortened } from '../../lib/text.ts';
import { complianceAt, isAfterRuns } from './fleet.ts';
import type { RolloutWorld } from './observe.ts';

export interface Returned {
  /** Hosts that the rollout changed. */
  readonly changed: number;
  /** Hosts that may yet come back. */
  readonly pending: readonly IncompleteHost[];
  /** Hosts that were changed otherwise since, or could not be put back: nothing more is tried. */
  readonly failed: readonly IncompleteHost[];
}

export function returnedOf(revision: string, world: RolloutWorld, baseline: DeviceBaseline, now: Date): Returned {
  const assignment = baseline.status?.assignment ?? {};
  const changes = world.runs.filter((run) => isOfOpenRollout(run, assignment));
  const names = new Set([
    ...changes.flatMap(({ status }) => (status?.before ?? []).map(({ device }) => device)),
    ...(assignment.returning ?? []),
    ...movedTo(assignment, revision),
  ]);
  const devices = world.devices.filter(({ metadata }) => names.has(metadata.name));
  const each = devices.flatMap((device) => remainingOn(device, { world, baseline, revision }, now) ?? []);
  const named = (end: boolean) => each.filter(({ isEnd }) => isEnd === end).map(({ host }) => host);
  return { changed: devices.length, pending: named(false), failed: named(true) };
}

interface Back {
  readonly world: RolloutWorld;
  readonly baseline: DeviceBaseline;
  readonly revision: string;
}

/** What is not as it was before; undefined when all is. */
function remainingOn(
  device: Device,
  { world, baseline, revision }: Back,
  now: Date,
): { host: IncompleteHost; isEnd: boolean } | undefined {
  const { name } = device.metadata;
  const assignment = baseline.status?.assignment ?? {};
  const applied = { own: world.runs, assignment };
  const remains = (message: string, isEnd = false) => ({
    host: { device: name, message: shortened(message, 300) },
    isEnd,
  });
  if (movedTo(assignment, revision).includes(name)) return remains('it is still assigned the revision');
  if (!responds(device)) return remains('it does not respond');
  const [open] = openUndos(name, applied);
  if (open) return remains(`AnsibleRun ${open.metadata.name} is still to be undone`);
  if (isReturning(assignment, name) || !isAfterRuns(device, world)) return remains('it is yet to be evaluated');
  const left = notUndone(name, applied);
  const { base } = assignment;
  if (base === undefined) return left === undefined ? undefined : remains(left, true);
  const compliance = complianceAt(base, device, { world, baseline }, now);
  if (compliance.is === 'unknown') return remains(compliance.words);
  if (compliance.is === 'drifted')
    return remains(`${left === undefined ? '' : `${left}; `}${compliance.words}`, left !== undefined);
  return left === undefined ? undefined : remains(left, true);
}
