/**
 * Makes sure of a suspicion: a dry run of the very write that would correct it tells what the apiserver would store, with all defaults and
 * webhooks; when that is what is there already, nothing drifts. Who wrote the fields last comes from managedFields.
 */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { jsonOf } from '../../lib/json.ts';
import type { AccountReader, AccountWrite, Kind, Refused } from '../../runtime/feature.ts';
import {
  changesToContain,
  differencesBeyondWrites,
  writtenDifferences,
  type Change,
  type ObjectDifference,
} from '../objects/compare.ts';
import type { FieldSchema } from '../objects/schema.ts';
import { isSecret } from '../objects/secret.ts';
import { isAutoscaled, lastWriter, type ManagedFieldsEntry } from '../objects/writer.ts';
import { addition, bodyOf, creation, managerOf, removal, replacement, unwantedIn } from './fix.ts';
import type { Conceal, Suspicion } from './judge.ts';
import { refOf } from './judge.ts';
import type { Difference, Fix, Judged } from './judged.ts';
import { refusalOf } from './refusal.ts';
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
  const write = creation(bodyOf(item.template, spot), managerOf(baseline.name, item.name), baseline.uid);
  const tried = await attempt(write, 'create', how);
  if (tried.is === 'unfit') return unfit(tried.message, how);
  return {
    is: 'fails',
    object: refOf(kind, spot),
    differences: [{ path: '', expected: 'present', actual: 'absent' }],
    fix: { kind, write, ...(tried.is === 'refused' && { obstacle: tried.obstacle }) },
  };
}

async function confirmForbidden(how: Confirming): Promise<Judged> {
  const { kind, spot } = how;
  const key = { namespace: spot.namespace, name: spot.name };
  const write = { delete: key, uid: spot.object?.metadata.uid ?? '' };
  const live = await liveObject(how);
  const managed = live && 'metadata' in live ? (live.metadata.managedFields ?? []) : [];
  const manager = lastWriter(managed, [], managerOf(how.baseline.name, how.item.name));
  const tried = await attempt(write, 'delete', how);
  const isGoing = spot.object?.metadata.deletionTimestamp !== undefined;
  const obstacle = isGoing
    ? 'it is being deleted; see its finalizers if this lasts'
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

async function confirmDifference(found: readonly ObjectDifference[], how: Confirming): Promise<Judged | 'holds'> {
  const { item, kind, spot, baseline } = how;
  const live = await liveObject(how);
  if (!live) return unknown('it has changed since it was heard of; it is looked at again', how);
  if ('is' in live) return unknown(obstacleOf(live, 'get', how), how);
  const managed = live.metadata.managedFields ?? [];
  const manager = managerOf(baseline.name, item.name);
  const beyond = differencesBeyondWrites(json(live), json(item.template), how.schema, how.conceal);
  const scaled = found.filter(({ fields }) => isAutoscaled(managed, fields)).map(({ pointer }) => pointer);
  const suspected = found.filter(({ pointer }) => ![...scaled, ...beyond.map((one) => one.pointer)].includes(pointer));
  const fails = (sure: readonly ObjectDifference[], fix?: Fix): Judged | 'holds' =>
    sure.length === 0
      ? 'holds'
      : {
          is: 'fails',
          object: refOf(kind, spot),
          differences: sure.map((one) => told(one, managed, manager)),
          ...(fix && { fix }),
        };
  if (suspected.length === 0) return fails(beyond);
  const all = unwantedIn(item.template, live);
  // A replacement takes away what must not be there by itself, and so do changes one by one.
  const pointers = (item.match ?? 'MustHave') === 'MustHave' ? all : [];
  const unwanted = suspected.filter(({ pointer }) => pointers.includes(pointer));
  const first = unwanted.length ? removal(pointers, live, manager) : undefined;
  const isAll = unwanted.length === suspected.length;
  const changes = isContained(item) ? changesDue(how, live, scaled) : [];
  if (!changes) return fails([...suspected, ...beyond]);
  if (isContained(item) && changes.length === 0) return fails(beyond);
  const whole = () => correction(item, bodyOf(item.template, spot, scaled), live, manager, all);
  const write = isContained(item) ? addition(changes, live, manager) : first && isAll ? first : whole();
  const tried = await attempt(write, 'patch', how);
  const before = first && !isAll ? await attempt(first, 'patch', how) : tried;
  for (const one of [before, tried]) {
    if (one.is === 'unfit') return unfit(one.message, how);
    if (one.is === 'refused') return fails([...suspected, ...beyond], { kind, write, obstacle: one.obstacle });
  }
  const result = tried.is === 'accepted' ? tried.object : undefined;
  const again = result ? putInAgain(changes, how, result) : undefined;
  if (again) return fails([...suspected, ...beyond], { kind, write, obstacle: neverContained(again) });
  const written = result
    ? writtenDifferences(json(live), json(result), json(item.template), how.schema, how.conceal)
    : suspected;
  // What the writes do not change, they cannot correct.
  if (!first || isAll) return fails([...written, ...beyond], written.length ? { kind, write } : undefined);
  const others = written.filter(({ pointer }) => !pointers.includes(pointer));
  return fails([...unwanted, ...others, ...beyond], others.length ? { kind, write, first } : { kind, write: first });
}

function correction(
  { match }: ObjectTemplate,
  body: ReturnType<typeof bodyOf>,
  live: Resource,
  manager: string,
  unwanted: readonly string[],
): AccountWrite {
  return match === 'MustOnlyHave' ? replacement(body, live, manager, unwanted) : { apply: body, manager };
}

function isContained({ match }: ObjectTemplate): boolean {
  return match === 'MustContain' || match === 'MustExist';
}

/** What is missing, as the object is now. Nothing is written to what is too large to be compared in full. */
function changesDue({ item, schema }: Confirming, live: Resource, scaled: readonly string[]) {
  return changesToContain(json(item.template), json(live), schema)?.filter(({ pointer }) => !scaled.includes(pointer));
}

/** An item of a list that is missing even after it was put in: something stores another instead, so that the list would grow and grow. */
function putInAgain(changes: readonly Change[], { item, schema }: Confirming, result: Resource): Change | undefined {
  const idOf = ({ pointer, value }: Change) => `${pointer} ${jsonOf(value)}`;
  const items = changes.filter(({ pointer }) => pointer.endsWith('/-'));
  if (items.length === 0) return undefined;
  const left = new Set(changesToContain(json(item.template), json(result), schema)?.map(idOf));
  return items.find((change) => left.has(idOf(change)));
}

function neverContained({ pointer }: Change): string {
  const list = pointer.slice(0, -2).slice(1).replaceAll('/', '.');
  return `what is put into ${list} is stored as something else, so that it would be put in again and again; declare it as it is stored`;
}

function liveObject({ account, kind, spot, signal }: Confirming): Promise<ManagedResource | Refused | undefined> {
  return account.get<ManagedResource>(kind, { namespace: spot.namespace, name: spot.name }, signal);
}

type ManagedResource = Resource & { metadata: { managedFields?: ManagedFieldsEntry[] } };

type Attempt =
  | { readonly is: 'accepted'; readonly object: Resource | undefined }
  | { readonly is: 'refused'; readonly obstacle: string }
  /** The template is at fault. */
  | { readonly is: 'unfit'; readonly message: string };

async function attempt(write: AccountWrite, verb: string, how: Confirming): Promise<Attempt> {
  const tried = await how.account.try(how.kind, write, how.signal);
  if (tried.is === 'accepted') return tried;
  const { isOfTemplate, sentence } = refusalOf(tried, isSecret(json(how.item.template)));
  if (isOfTemplate && !('delete' in write)) return { is: 'unfit', message: sentence };
  return { is: 'refused', obstacle: obstacleOf(tried, verb, how) };
}

function unfit(message: string, how: Confirming): Judged {
  return unknown(`the template does not validate: ${message}. Nothing of it is written`, how);
}

function unknown(message: string, { kind, spot }: Confirming): Judged {
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
    return `ServiceAccount ${accountName} may not ${verb} ${kind.plural}; grant it${verb === 'get' ? '' : ', or keep to Inform'}`;
  return refusalOf(refused, isSecret(json(item.template))).sentence;
}

function json(object: object): Record<string, unknown> {
  return object as unknown as Record<string, unknown>;
}
