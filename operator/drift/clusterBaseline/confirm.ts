/**
 * Makes sure of a suspicion: a dry run of the very write that would correct it tells what the apiserver would store, with all defaults and
 * webhooks; when that is what is there already, nothing drifts. Who wrote the fields last comes from managedFields.
 */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { sha256 } from '../../lib/digest.ts';
import { jsonOf } from '../../lib/json.ts';
import type { Kind } from '../../api/kind.ts';
import type { AccountReader, AccountWrite, Refused } from '../../runtime/feature.ts';
import { blocking } from '../objects/blocking.ts';
import {
  changesToContain,
  differencesBeyondWrites,
  writtenDifferences,
  type Change,
  type ObjectDifference,
} from '../objects/compare.ts';
import type { FieldSchema } from '../objects/schema.ts';
import { isSecret } from '../objects/secret.ts';
import { orTooLarge, tooLarge } from '../objects/tooLarge.ts';
import { isAutoscaled, lastWriter, type ManagedFieldsEntry } from '../objects/writer.ts';
import { bodyOf, creation, managerOf } from './fix.ts';
import type { Conceal, Suspicion } from './suspicion.ts';
import { refOf, suspect } from './suspicion.ts';
import type { Difference, Fix, NonCompliant, Evaluation } from './evaluation.ts';
import { changed, refusalOf } from './refusal.ts';
import type { Spot } from './scope.ts';
import { changesDue, isContained, json, templateFor, touchedBy, writesTo, type Target } from './write.ts';

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
export async function confirm(suspicion: Exclude<Suspicion, { is: 'holds' }>, how: Confirming): Promise<Evaluation> {
  switch (suspicion.is) {
    case 'absent':
      return confirmAbsent(how);
    case 'forbidden':
      return confirmForbidden(how);
    case 'differs':
      return confirmDifference(suspicion.differences, how);
  }
}

async function confirmAbsent(how: Confirming): Promise<NonCompliant> {
  const { item, kind, spot, baseline } = how;
  const write = creation(bodyOf(item.template, spot), managerOf(baseline.name, item.name), baseline.uid);
  const tried = await attempt(write, 'create', how);
  if ('nothing' in tried) return unknown(tried.nothing, how);
  return {
    is: 'fails',
    object: refOf(kind, spot),
    differences: [{ path: '', expected: 'present', actual: 'absent' }],
    fix: { kind, write, ...(tried.is === 'refused' && { obstacle: tried.obstacle }) },
  };
}

/** What is deleted is that very version: whoever makes it comply meanwhile keeps it. */
async function confirmForbidden(how: Confirming): Promise<NonCompliant> {
  const { item, kind, spot, schema, conceal } = how;
  const key = { namespace: spot.namespace, name: spot.name };
  const read = await liveObject(how);
  const live = read && 'metadata' in read ? read : undefined;
  const { uid = '', resourceVersion } = (live ?? spot.object)?.metadata ?? {};
  if (!read || uid !== spot.object?.metadata.uid) return unknown(changed, how);
  if (live && resourceVersion !== spot.object.metadata.resourceVersion) {
    const again = orTooLarge(() => suspect(item, live, schema, conceal));
    if (again === tooLarge) return unknown(tooLarge, how);
    if (again.is !== 'forbidden') return unknown(changed, how);
  }
  const write = { delete: key, uid, ...(resourceVersion && { resourceVersion }) };
  const manager = lastWriter(live?.metadata.managedFields ?? [], [], managerOf(how.baseline.name, item.name));
  const isGoing = (live ?? spot.object).metadata.deletionTimestamp !== undefined;
  const tried = isGoing ? undefined : await attempt(write, 'delete', how);
  if (tried && 'nothing' in tried) return unknown(tried.nothing, how);
  const obstacle = !tried
    ? 'it is being deleted; if that takes long, check its finalizers'
    : tried.is === 'refused'
      ? tried.obstacle
      : undefined;
  return {
    is: 'fails',
    object: refOf(kind, spot),
    differences: [{ path: '', expected: 'absent', actual: 'present', ...(manager && { manager: writerOf(manager) }) }],
    fix: { kind, write, ...(obstacle && { obstacle }) },
  };
}

async function confirmDifference(found: readonly ObjectDifference[], how: Confirming): Promise<Evaluation> {
  const { item, kind, spot, baseline, schema, conceal } = how;
  const live = await liveObject(how);
  if (!live) return unknown(changed, how);
  if ('is' in live) return unknown(obstacleOf(live, 'get', how), how);
  const managed = live.metadata.managedFields ?? [];
  const manager = managerOf(baseline.name, item.name);
  const template = json(templateFor(item, live, schema));
  const beyond = differencesBeyondWrites({ template, live: json(live), schema, conceal });
  const scaled = found.filter(({ fields }) => isAutoscaled(managed, fields)).map(({ pointer }) => pointer);
  const suspected = found.filter(({ pointer }) => ![...scaled, ...beyond.map((one) => one.pointer)].includes(pointer));
  const fails = (sure: readonly ObjectDifference[], fix?: Fix, more: Partial<Failing> = {}): Evaluation =>
    sure.length === 0
      ? 'holds'
      : {
          is: 'fails',
          object: refOf(kind, spot),
          ...more,
          differences: [...sure.map((one) => told(one, managed, manager)), ...(more.differences ?? [])],
          ...(fix && { fix }),
        };
  if (suspected.length === 0) return fails(beyond);
  const target = { item, spot, live, schema, manager, scaled };
  const changes = isContained(item) ? changesDue(target) : [];
  // Nothing is written to what is too large to be compared in full.
  if (!changes) return fails([...suspected, ...beyond]);
  if (isContained(item) && changes.length === 0) return fails(beyond);
  const { write, tried } = await firstThatLeaves(target, how);
  if ('nothing' in tried) return unknown(tried.nothing, how);
  if (tried.is === 'refused') {
    const sure = await asCreated(suspected, live, how);
    const inTheWay = blocking({ template, live: json(live), schema, conceal }, tried.said);
    const differences = inTheWay.map((one) => ({ ...told(one, managed, manager), message: adviceOn(one) }));
    const doubt = sure ? {} : { unconfirmed: tried.obstacle };
    return fails(
      [...(sure ?? suspected), ...beyond],
      { kind, write, obstacle: tried.obstacle },
      { differences, ...doubt },
    );
  }
  // What the write does not change, it cannot correct.
  const result = tried.object;
  const again = result ? putInAgain(changes, target, result) : undefined;
  if (again) return fails([...suspected, ...beyond], { kind, write, obstacle: neverContained(again) });
  const written = result
    ? writtenDifferences({ template, live: json(live), schema, conceal }, json(result))
    : suspected;
  return fails([...written, ...beyond], written.length ? { kind, write } : undefined);
}

type Failing = Extract<NonCompliant, { is: 'fails' }>;

/** Of the ways to write the object, the first that leaves ignored paths alone. */
async function firstThatLeaves(target: Target, how: Confirming): Promise<{ write: AccountWrite; tried: Attempt }> {
  const writes = writesTo(target);
  for (const write of writes) {
    const tried = await attempt(write, 'patch', how);
    const touched = tried.is === 'accepted' && tried.object ? touchedBy(tried.object, target) : undefined;
    if (touched === undefined) return { write, tried };
    if (write !== writes.at(-1)) continue;
    const obstacle = `the correction would change ${touched}, which is in \`ignoredPaths\``;
    return { write, tried: { is: 'refused', obstacle, said: '' } };
  }
  throw new Error('the object cannot be written in any way');
}

/**
 * Of what is suspected, what differs from a new object of this template as the apiserver would make it, with all defaults and webhooks; for
 * where a correction is refused, and cannot tell. Undefined when that is refused, too.
 */
async function asCreated(
  suspected: readonly ObjectDifference[],
  live: Resource,
  how: Confirming,
): Promise<ObjectDifference[] | undefined> {
  const { item, spot, schema, baseline, conceal } = how;
  const name = `${spot.name.slice(0, 40).replace(/[^a-z0-9]+$/i, '')}-holdfast-${sha256(spot.name).slice(0, 8)}`;
  const template = templateFor(item, live, schema);
  const create = bodyOf(template, { namespace: spot.namespace, name });
  const tried = await how.account.try(how.kind, { create, manager: managerOf(baseline.name, item.name) }, how.signal);
  if (tried.is === 'refused' || !tried.object) return undefined;
  const differing = writtenDifferences(
    { template: json(template), live: json(live), schema, conceal },
    json(tried.object),
  );
  const isWithin = (inner: string, outer: string) => inner.startsWith(outer);
  return suspected.filter(
    ({ path, kind }) =>
      kind !== 'extra' || differing.some((one) => isWithin(one.path, path) || isWithin(path, one.path)),
  );
}

function adviceOn({ path }: ObjectDifference): string {
  const field = /[^.[\]]+$/.exec(path)?.[0] ?? path;
  return `it conflicts with the template, which omits it; add \`${field}: null\` to the template to remove it`;
}

/** An item of a list that is missing even after it was put in: something stores another instead, so that the list would grow and grow. */
function putInAgain(changes: readonly Change[], { item, schema }: Target, result: Resource): Change | undefined {
  const idOf = ({ pointer, value }: Change) => `${pointer} ${jsonOf(value)}`;
  const items = changes.filter(({ pointer }) => pointer.endsWith('/-'));
  if (items.length === 0) return undefined;
  const left = new Set(changesToContain({ template: json(item.template), live: json(result), schema })?.map(idOf));
  return items.find((change) => left.has(idOf(change)));
}

function neverContained({ pointer }: Change): string {
  const list = pointer.slice(0, -2).slice(1).replaceAll('/', '.');
  return `what is added to ${list} is stored differently, so it would be added repeatedly; declare it as it is stored`;
}

function liveObject({ account, kind, spot, signal }: Confirming): Promise<ManagedResource | Refused | undefined> {
  return account.get<ManagedResource>(kind, { namespace: spot.namespace, name: spot.name }, signal);
}

type ManagedResource = Resource & { metadata: { managedFields?: ManagedFieldsEntry[] } };

type Attempt =
  | { readonly is: 'accepted'; readonly object: Resource | undefined }
  /** With the apiserver's own words. */
  | { readonly is: 'refused'; readonly obstacle: string; readonly said: string }
  /** Nothing was found out, and why: the template is at fault, the object is another by now, or nobody decided. */
  | { readonly is: 'undecided'; readonly nothing: string };

async function attempt(write: AccountWrite, verb: string, how: Confirming): Promise<Attempt> {
  const tried = await how.account.try(how.kind, write, how.signal);
  if (tried.is === 'accepted') return tried;
  const { is, sentence } = refusalOf(tried, isSecret(json(how.item.template)));
  if (is === 'template' && !('delete' in write))
    return { is: 'undecided', nothing: `the template does not validate: ${sentence}. Nothing is written` };
  if (is === 'changed' || is === 'passing') return { is: 'undecided', nothing: sentence };
  return { is: 'refused', obstacle: obstacleOf(tried, verb, how), said: tried.message };
}

function unknown(message: string, { kind, spot }: Confirming): NonCompliant {
  return { is: 'unknown', object: refOf(kind, spot), message };
}

function told(one: ObjectDifference, managed: readonly ManagedFieldsEntry[], own: string): Difference {
  const writer = lastWriter(managed, one.fields, own);
  return { path: one.path, expected: one.expected, actual: one.actual, ...(writer && { manager: writerOf(writer) }) };
}

function writerOf({ name, time }: { name: string; time?: string }) {
  return { name: name.slice(0, 128), ...(time && { time }) };
}

function obstacleOf(refused: Refused, verb: string, { accountName, kind, item }: Confirming): string {
  // Admission and the guard against escalation answer 403 too, with a reason of their own.
  if (refused.status === 403 && / cannot \w+ resource /.test(refused.message))
    return `ServiceAccount ${accountName} may not ${verb} ${kind.plural}; grant it${verb === 'get' ? '' : ', or set `mode: Inform`'}`;
  return refusalOf(refused, isSecret(json(item.template))).sentence;
}
