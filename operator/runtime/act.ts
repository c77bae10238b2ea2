/**
 * Does what a plan wants, in order. Promises:
 * - an object that shows its intent already is not written, so that a steady state writes nothing, even after a restart;
 * - an object of that name that is not ours is never touched;
 * - the uid of what was created is stored, where the plan asks for it, before the next action;
 * - deletion hits only the object that was meant, and its absence is success;
 * - no write is onto a version that was not looked at: what has changed meanwhile ends the pass, which is made again;
 * - what the apiserver refuses, or does not answer, of objects that are not ours stops nothing else, and fails the pass at its end.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { digestOf } from '../lib/digest.ts';
import { hasStatus } from './apiError.ts';
import { contains, equal } from './equal.ts';
import type { Kind } from '../api/kind.ts';
import type { Action, Intent } from './feature.ts';
import { keyId, keyOf } from './identity.ts';
import { NameTaken, Superseded, Unfinished } from './interruptions.ts';
import type { Sent } from './sent.ts';
import type { Writes } from './writes.ts';

export interface ActOptions {
  readonly writes: Writes;
  /** The key whose pass acts. */
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly perform?: (effect: unknown, signal: AbortSignal) => Promise<void>;
  readonly sent: Sent;
  /** Stores the uid of what was created, at a path in the plan's status. */
  readonly record?: (path: StatusPath, uid: string) => Promise<void>;
}

export type StatusPath = readonly (string | number)[];

export const MANAGED_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_VALUE = 'holdfast';
/** Digest of the intent that was last applied: it tells that something was taken out of the intent since. */
export const INTENT_ANNOTATION = 'holdfast.dev/intent';

export async function act(actions: readonly Action<unknown>[], options: ActOptions): Promise<void> {
  const { writes, owner, signal } = options;
  const failures: Error[] = [];
  let skipped = 0;
  for (let at = 0; at < actions.length; at += 1) {
    const together = writesAsFrom(actions, at);
    if (together.length === 0) {
      await one(actions[at] as Exclude<Action<unknown>, { do: 'writeAs' }>, options);
      continue;
    }
    const ended = await writes.writeEachAs(owner, together, signal);
    failures.push(...ended.failures);
    skipped += ended.skipped;
    at += together.length - 1;
  }
  const [first] = failures;
  if (first && failures.length === 1) throw first;
  if (first) throw new Error(`${failures.length} writes failed; first error: ${first.message}`, { cause: first });
  if (skipped > 0) throw new Unfinished(`${skipped} writes were not begun in time.`);
}

/** Those that stand together there. */
function writesAsFrom(actions: readonly Action<unknown>[], from: number): Of<'writeAs'>[] {
  const together: Of<'writeAs'>[] = [];
  for (let action = actions[from]; action?.do === 'writeAs'; action = actions[from + together.length])
    together.push(action);
  return together;
}

async function one(action: Exclude<Action<unknown>, { do: 'writeAs' }>, options: ActOptions): Promise<void> {
  options.signal.throwIfAborted();
  switch (action.do) {
    case 'apply':
      return apply(action.kind, action.object, options);
    case 'create':
      return create(action, options);
    case 'patch':
      await options.writes.jsonPatch(options.owner, action, options.signal);
      return;
    case 'delete':
      return options.writes.delete(action.kind, action.key, action.uid, options.signal);
    case 'perform':
      options.writes.assertLeading();
      if (!options.perform)
        throw new Error('The plan has an effect to perform, but the feature has no `perform`; add one.');
      return options.perform(action.effect, options.signal);
  }
}

async function apply(kind: Kind, intent: Intent, options: ActOptions): Promise<void> {
  const { writes, owner, signal, sent } = options;
  const live = await writes.live<Resource>(kind, keyOf(intent), signal);
  if (live) refuseUnlessOurs(kind, live, intent);
  const wanted = marked(intent);
  const digest = wanted.metadata.annotations[INTENT_ANNOTATION];
  let resourceVersion = live?.metadata.resourceVersion;
  if (!live || !(shows(live, wanted) || sent.has(kind, 'object', live, digest))) {
    const body = { ...wanted, metadata: { ...wanted.metadata, resourceVersion } };
    const written = await writes
      .apply(owner, kind, body, signal)
      .catch((error: unknown) => overtaken(kind, intent, options, error));
    sent.remember(kind, 'object', written, digest);
    resourceVersion = written.metadata.resourceVersion;
  }
  if (!intent.status || equal(live?.status, intent.status)) return;
  if (live && sent.has(kind, 'status', live, digestOf(intent.status))) return;
  await applyStatus(kind, intent, resourceVersion, options);
}

/** What has changed since it was read is looked at again, unless it is not ours at all. */
async function overtaken(kind: Kind, intent: Intent, { writes, signal }: ActOptions, error: unknown): Promise<never> {
  if (!hasStatus(error, 404, 409)) throw error;
  const live = await writes.current(kind, keyOf(intent), signal);
  if (live) refuseUnlessOurs(kind, live, intent);
  writes.doubt(kind, keyOf(intent));
  throw new Superseded(`${kind.kind} ${keyId(keyOf(intent))} has changed since it was read.`);
}

type Of<Do extends Action['do']> = Extract<Action, { do: Do }>;

async function create({ kind, object, uidAt }: Of<'create'>, options: ActOptions): Promise<void> {
  const { writes, owner, signal } = options;
  const { metadata } = await writes.create(owner, kind, marked(object), signal).catch(async (error: unknown) => {
    if (!hasStatus(error, 409)) throw error;
    throw await whoHasTheName(kind, object, options);
  });
  if (uidAt) await options.record?.(uidAt, metadata.uid ?? '');
  if (object.status) await applyStatus(kind, object, metadata.resourceVersion, options);
}

/** What was made a moment ago, by a pass that ended before it could know, is in the cache next time; what is there already is in the way until a person removes it. */
async function whoHasTheName(kind: Kind, intent: Intent, { writes, owner, signal }: ActOptions): Promise<Error> {
  const live = await writes.fetch<Resource>(kind, keyOf(intent), signal);
  const what = `${kind.kind} ${keyId(keyOf(intent))}`;
  if (live && (!sharesOwner(live, intent) || !writes.isNews(kind, live)))
    return new Error(
      `${what} exists but was not created by Holdfast; rename or delete it, and Holdfast will create its own.`,
    );
  writes.expect(owner, kind, live?.metadata.resourceVersion);
  writes.doubt(kind, keyOf(intent));
  return new NameTaken(`${what} already exists; the next reconciliation will see it.`);
}

async function applyStatus(
  kind: Kind,
  intent: Intent,
  resourceVersion: string | undefined,
  options: ActOptions,
): Promise<void> {
  const { writes, owner, signal, sent } = options;
  const { apiVersion, status, metadata } = intent;
  const { name, namespace } = metadata;
  const body = { apiVersion, kind: intent.kind, metadata: { name, namespace, resourceVersion }, status };
  const written = await writes
    .applyStatus(owner, kind, body, signal)
    .catch((error: unknown) => overtaken(kind, intent, options, error));
  sent.remember(kind, 'status', written, digestOf(status));
}

/** The intent without its status, and with the marks by which we know what is ours and what we last wanted. */
function marked(intent: Intent): Intent & { metadata: { annotations: Record<typeof INTENT_ANNOTATION, string> } } {
  const labels = { ...intent.metadata.labels, [MANAGED_LABEL]: MANAGED_VALUE };
  const wanted = { ...intent, status: undefined, metadata: { ...intent.metadata, labels } };
  const digest = digestOf(wanted).slice('sha256:'.length, 'sha256:'.length + 16);
  return {
    ...wanted,
    metadata: { ...wanted.metadata, annotations: { ...intent.metadata.annotations, [INTENT_ANNOTATION]: digest } },
  };
}

function shows(live: Resource, { metadata, ...content }: Intent): boolean {
  const owners = live.metadata.ownerReferences ?? [];
  return (
    contains(live.metadata.annotations, metadata.annotations) &&
    contains(live.metadata.labels, metadata.labels) &&
    (metadata.ownerReferences ?? []).every((wanted) => owners.some((owner) => contains(owner, wanted))) &&
    contains(live, content)
  );
}

function sharesOwner(live: Resource, { metadata }: Intent): boolean {
  const owners = metadata.ownerReferences ?? [];
  return owners.some((owner) => live.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid));
}

function refuseUnlessOurs(kind: Kind, live: Resource, intent: Intent): void {
  const what = `${kind.kind} ${keyId(keyOf(live))}`;
  const owners = intent.metadata.ownerReferences ?? [];
  const isManaged = live.metadata.labels?.[MANAGED_LABEL] === MANAGED_VALUE;
  const isOwned = sharesOwner(live, intent);
  if (owners.length > 0 && !isOwned && isManaged) {
    throw new Error(
      `${what} belongs to another owner; if that owner is gone, delete it, and Holdfast will create its own.`,
    );
  }
  if (!isOwned && !isManaged)
    throw new Error(
      `${what} exists but was not created by Holdfast; rename or delete it, and Holdfast will create its own.`,
    );
  if (live.metadata.deletionTimestamp)
    throw new Error(`${what} is being deleted; Holdfast will recreate it. Check its finalizers if this persists.`);
}
