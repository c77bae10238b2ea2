/**
 * Makes sure of a suspicion: a dry run of the very write that would correct it tells what the apiserver would store, with all defaults and
 * webhooks; when that is what is there already, nothing drifts. Who wrote the fields last comes from managedFields.
 */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { AccountReader, Kind, Refused } from '../../runtime/feature.ts';
import { storedDifferences, type ObjectDifference } from '../objects/compare.ts';
import type { FieldSchema } from '../objects/schema.ts';
import { isAutoscaled, lastWriter, type ManagedFieldsEntry } from '../objects/writer.ts';
import { bodyOf, creation, managerOf, replacement } from './fix.ts';
import type { Conceal, Suspicion } from './judge.ts';
import { refOf } from './judge.ts';
import type { Difference, Fix, Judged } from './judged.ts';
import type { Spot } from './scope.ts';

export interface Confirming {
  readonly item: ObjectTemplate;
  readonly kind: Kind;
  readonly spot: Spot;
  readonly schema: FieldSchema | undefined;
  readonly baseline: { readonly name: string; readonly uid: string };
  readonly account: AccountReader;
  readonly accountName: string;
  readonly conceal: Conceal;
  readonly signal: AbortSignal;
}

/** `holds` when the suspicion was wrong. */
export async function confirm(
  suspicion: Exclude<Suspicion, { is: 'holds' }>,
  how: Confirming,
): Promise<Judged | 'holds'> {
  switch (suspicion.is) {
    case 'absent':
      return confirmAbsent(how);
    case 'forbidden':
      return confirmForbidden(how);
    case 'differs':
      return confirmDifference(suspicion.differences, how);
  }
}

async function confirmAbsent(how: Confirming): Promise<Judged> {
  const { item, kind, spot, baseline } = how;
  const write = creation(bodyOf(item.template, spot), managerOf(baseline.name), baseline.uid);
  const tried = await how.account.try(kind, write, how.signal);
  return {
    is: 'fails',
    object: refOf(kind, spot),
    differences: [{ path: '', expected: 'present', actual: 'absent' }],
    fix: { kind, write, ...(tried.is === 'refused' && { obstacle: obstacleOf(tried, 'create', how) }) },
  };
}

async function confirmForbidden(how: Confirming): Promise<Judged> {
  const { kind, spot, account, signal } = how;
  const key = { namespace: spot.namespace, name: spot.name };
  const write = { delete: key, uid: spot.object?.metadata.uid ?? '' };
  const live = await liveObject(how);
  const manager = live ? lastWriter(live.metadata.managedFields ?? [], [], managerOf(how.baseline.name)) : undefined;
  const tried = await account.try(kind, write, signal);
  const isGoing = spot.object?.metadata.deletionTimestamp !== undefined;
  const obstacle = isGoing
    ? 'it is being deleted; see its finalizers if this lasts'
    : tried.is === 'refused'
      ? obstacleOf(tried, 'delete', how)
      : undefined;
  return {
    is: 'fails',
    object: refOf(kind, spot),
    differences: [{ path: '', expected: 'absent', actual: 'present', ...(manager && { manager: writerOf(manager) }) }],
    fix: { kind, write, ...(obstacle && { obstacle }) },
  };
}

async function confirmDifference(found: readonly ObjectDifference[], how: Confirming): Promise<Judged | 'holds'> {
  const { item, kind, spot, baseline, account, signal } = how;
  const live = await liveObject(how);
  if (!live) return 'holds';
  const managed = live.metadata.managedFields ?? [];
  const scaled = found.filter(({ fields }) => isAutoscaled(managed, fields)).map(({ pointer }) => pointer);
  const suspected = found.filter(({ pointer }) => !scaled.includes(pointer));
  if (suspected.length === 0) return 'holds';
  const manager = managerOf(baseline.name);
  const body = bodyOf(item.template, spot, scaled);
  const write = item.match === 'MustOnlyHave' ? replacement(body, live, manager) : { apply: body, manager };
  const tried = await account.try(kind, write, signal);
  const sure =
    tried.is === 'accepted' && tried.object
      ? storedDifferences(json(live), json(tried.object), json(item.template), how.schema, how.conceal)
      : suspected;
  if (sure.length === 0) return 'holds';
  const fix: Fix = { kind, write, ...(tried.is === 'refused' && { obstacle: obstacleOf(tried, 'patch', how) }) };
  return { is: 'fails', object: refOf(kind, spot), differences: sure.map((one) => told(one, managed, manager)), fix };
}

async function liveObject({ account, kind, spot, signal }: Confirming): Promise<ManagedResource | undefined> {
  const live = await account.get<ManagedResource>(kind, { namespace: spot.namespace, name: spot.name }, signal);
  return live && 'is' in live ? undefined : live;
}

type ManagedResource = Resource & { metadata: { managedFields?: ManagedFieldsEntry[] } };

function told(one: ObjectDifference, managed: readonly ManagedFieldsEntry[], own: string): Difference {
  const writer = lastWriter(managed, one.fields, own);
  return { path: one.path, expected: one.expected, actual: one.actual, ...(writer && { manager: writerOf(writer) }) };
}

function writerOf({ name, time }: { name: string; time?: string }) {
  return { name: name.slice(0, 128), ...(time && { time }) };
}

function obstacleOf({ status, message }: Refused, verb: string, { accountName, kind }: Confirming): string {
  // Admission and the guard against escalation answer 403 too, with a reason of their own.
  if (status === 403 && / cannot \w+ resource /.test(message))
    return `ServiceAccount ${accountName} may not ${verb} ${kind.plural}; grant it, or keep to Inform`;
  return `the apiserver would refuse the correction: ${message}`;
}

function json(object: object): Record<string, unknown> {
  return object as unknown as Record<string, unknown>;
}
