/** The next assignment, from the one before and what a rollout asks for. Hosts are added one by one up to the share, and never beyond it. Pure. */
import type { Assignment, MovedHosts } from '../../api/v1alpha1/assignment.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import { movedTo } from './assignment.ts';
import { allowedShare, inRolloutOrder, isExcluded, type Order } from './order.ts';

const mostRejected = 20;

export interface Hosts {
  /** Those that the baseline selects. */
  readonly selected: readonly Device[];
  /** Whether there is a Device of that name, selected or not. */
  readonly exists: (device: string) => boolean;
  /** Whether it responds: one that does not is left for later, as long as others are there. */
  readonly responds: (device: Device) => boolean;
  /** Whether it is not evaluated on purpose. */
  readonly isSuspended: (device: Device) => boolean;
  /** Whether nothing that another revision than the base changed on it is left to be undone. */
  readonly isBack: (device: string) => boolean;
}

/** `undefined` for nothing assigned at all. */
export function nextAssignment(before: Assignment, order: Order | undefined, hosts: Hosts): Assignment {
  const clean = withoutGone(before, hosts);
  const after = order ? ordered(withRejections(clean, order), order, hosts) : clean;
  return withLists(
    after,
    after.moved ?? [],
    (after.returning ?? []).filter((device) => !hosts.isBack(device)),
  );
}

/** What is taken back is rejected, and what is rolled out again is not. */
function withRejections(before: Assignment, { revision, direction, rollout }: Order): Assignment {
  const { rollback } = rollout.status ?? {};
  const others = (before.rejected ?? []).filter((one) => one.revision !== revision);
  if (direction === 'forward' || direction === 'complete') return { ...before, rejected: others };
  if (!rollback?.rejects) return before;
  const { startTime: time, reason } = rollback;
  return { ...before, rejected: [{ revision, time, reason }, ...others].slice(0, mostRejected) };
}

/** A host keeps what it is assigned while it is not selected, but not beyond its deletion. */
function withoutGone(assignment: Assignment, { exists }: Hosts): Assignment {
  const moved = (assignment.moved ?? []).map((one) => ({ ...one, devices: one.devices.filter(exists) }));
  const returning = (assignment.returning ?? []).filter(exists);
  return withLists(assignment, moved, returning);
}

/** Without what is empty, and without the seal, which is of the one before. */
function withLists(
  { base, proven, baseRun, rejected }: Assignment,
  moved: readonly MovedHosts[],
  returning: readonly string[],
): Assignment {
  const listed = moved.filter(({ devices }) => devices.length);
  return {
    ...(base !== undefined && { base }),
    ...(proven && { proven }),
    ...(baseRun !== undefined && { baseRun }),
    ...(listed.length && { moved: listed }),
    ...(returning.length && { returning: [...returning] }),
    ...(rejected?.length && { rejected }),
  };
}

function ordered(before: Assignment, order: Order, hosts: Hosts): Assignment {
  switch (order.direction) {
    case 'hold':
      return before;
    case 'forward':
      return forward(before, order, hosts);
    case 'back':
      return back(before);
    case 'complete':
      return complete(before, order, hosts);
  }
}

function forward(before: Assignment, { revision, percent, rollout }: Order, hosts: Hosts): Assignment {
  const { selected, responds } = hosts;
  if (before.base === revision) return before;
  const own = new Set(movedTo(before, revision));
  const returning = new Set(before.returning);
  const candidates = selected.filter((device) => !isExcluded(rollout, device) && !hosts.isSuspended(device));
  const most = allowedShare(percent, candidates.length);
  const exposed = selected.filter(({ metadata }) => own.has(metadata.name)).length;
  const ready = percent === 100 ? candidates : candidates.filter(responds);
  const added = inRolloutOrder(rollout, ready)
    .map(({ metadata }) => metadata.name)
    .filter((name) => !own.has(name) && !returning.has(name))
    .slice(0, Math.max(0, most - exposed));
  return added.length ? movedAlso(before, revision, added) : before;
}

function movedAlso(before: Assignment, revision: string, added: readonly string[]): Assignment {
  const names = new Set(added);
  const others = (before.moved ?? [])
    .filter((one) => one.revision !== revision)
    .map((one) => ({ ...one, devices: one.devices.filter((device) => !names.has(device)) }));
  const entry = { revision, devices: [...movedTo(before, revision), ...added] };
  return withLists(before, [...others, entry], before.returning ?? []);
}

/** The latest first: what was changed last is undone first. */
function back(before: Assignment): Assignment {
  const [kept, taken] = [(one: MovedHosts) => one.kept === true, (one: MovedHosts) => !one.kept];
  const moved = before.moved ?? [];
  const returning = [
    ...moved.filter(taken).flatMap(({ devices }) => devices),
    ...(before.returning ?? []).toReversed(),
  ];
  return withLists(before, moved.filter(kept), [...new Set(returning.toReversed())]);
}

/** It is the revision of all hosts but those that the rollout leaves alone, which keep theirs. */
function complete(before: Assignment, order: Order, hosts: Hosts): Assignment {
  const { revision, rollout } = order;
  if (before.base === revision) return before;
  const excluded = hosts.selected.filter((device) => isExcluded(rollout, device)).map(({ metadata }) => metadata.name);
  const listed = new Set((before.moved ?? []).flatMap(({ devices }) => devices));
  const left = excluded.filter((name) => !listed.has(name));
  const others = (before.moved ?? []).filter((one) => one.revision !== revision);
  if (left.length && before.base === undefined) {
    // Nothing is assigned to those that are left alone, so that the revision cannot be that of all others.
    const all = forward(before, { ...order, percent: 100 }, hosts);
    const moved = (all.moved ?? []).map((one) => (one.revision === revision ? { ...one, kept: true } : one));
    return withLists(all, moved, all.returning ?? []);
  }
  const { base } = before;
  const rest: MovedHosts[] = base !== undefined && left.length ? [{ revision: base, kept: true, devices: left }] : [];
  const now = { ...before, base: revision, proven: true };
  return withLists(now, merged([...others, ...rest]), before.returning ?? []);
}

/** One entry for each revision. */
function merged(moved: readonly MovedHosts[]): MovedHosts[] {
  return [...Map.groupBy(moved, ({ revision }) => revision)].map(([revision, all]) => ({
    revision,
    ...(all.some(({ kept }) => kept) && { kept: true }),
    devices: all.flatMap(({ devices }) => devices),
  }));
}
