/**
 * One look at one object: from the cache, through observe and decide, to what is written and when it is looked at next.
 * Promises: it decides only from a world that contains its own last writes; whatever is thrown ends in a condition that
 * tells it and in a next pass; the status that records an effect is stored, onto the version that was decided upon,
 * before the effect begins.
 */
import type { Logger } from 'pino';
import type { Resource, ResourceStatus, Suspend } from '../api/v1alpha1/shared.ts';
import { NameTaken, act, type ActOptions, type SentIntents } from './act.ts';
import { ApiError, hasStatus } from './apiError.ts';
import type { Caches } from './caches.ts';
import type { Clock } from './clock.ts';
import { nextOf, statusOf, summaryType, suspendedStatus, isWarning, type Verdict } from './conditions.ts';
import { equal } from './equal.ts';
import type { Events } from './events.ts';
import type { AnyFeature, Key, Plan } from './feature.ts';
import { apiVersionOf, keyId, keyOf, kindId } from './identity.ts';
import type { ControllerMeter } from './metrics.ts';
import type { OwnWrites } from './ownWrites.ts';
import type { Next } from './queue.ts';
import { NotLeading, type Writes } from './writes.ts';

export interface PassServices {
  readonly caches: Caches;
  readonly writes: Writes;
  readonly ownWrites: OwnWrites;
  readonly sent: SentIntents;
  readonly events: Pick<Events, 'tell'>;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface Pass {
  readonly feature: AnyFeature;
  readonly services: PassServices;
  readonly meter: ControllerMeter;
  /** Made when there is something to say, which is seldom. */
  readonly log: () => Logger;
  readonly signal: AbortSignal;
  /** Looks at the key again as soon as something is there to see. */
  readonly wake: () => void;
  /** Told which object the key waits for. */
  readonly waitFor?: (on: Extract<Verdict, { is: 'waiting' }>['on']) => void;
}

/** An object on its way through the pass; `status` is what the apiserver has. */
interface Look extends Pass {
  readonly resource: Resource;
  readonly owner: string;
  status: ResourceStatus | undefined;
}

type AnyPlan = Plan<Resource, unknown>;

export async function runPass(pass: Pass, key: Key): Promise<Next> {
  const { feature, services } = pass;
  const owner = `${kindId(feature.kind)} ${keyId(key)}`;
  const resource = services.caches.get(feature.kind, key);
  if (!resource) {
    services.ownWrites.forget(owner);
    return { is: 'done' };
  }
  const unseen = services.ownWrites.unseen(owner);
  if (unseen) {
    pass.meter.waitedForOwnWrite();
    unseen.cache.whenSeen(unseen.resourceVersion, pass.wake);
    return { is: 'done' };
  }
  const look: Look = { ...pass, resource, owner, status: resource.status };
  return takeTurn(look).catch((error: unknown) => fail(look, error));
}

async function takeTurn(look: Look): Promise<Next> {
  const { feature, resource, services } = look;
  const { deletionTimestamp, finalizers } = resource.metadata;
  const held = finalizers?.includes(finalizerOf(look)) ?? false;
  if (deletionTimestamp !== undefined) {
    if (!held) return { is: 'done' };
    return feature.cleanUp ? reconcile(look, 'cleanUp') : letGo(look);
  }
  const suspend = suspension(resource, services.clock.now());
  if (suspend) return pause(look, suspend);
  if (feature.cleanUp && !held) return hold(look);
  return reconcile(look, 'decide');
}

async function reconcile(look: Look, step: 'decide' | 'cleanUp'): Promise<Next> {
  const { feature, resource, services, signal } = look;
  const world = await feature.observe(resource, services.caches, signal);
  const plan = decide(look, step, world);
  const options: ActOptions = { ...services, owner: look.owner, signal, perform: feature.perform?.bind(feature) };
  if (plan.actions.length > 0) await act(plan.actions, options);
  if (step === 'cleanUp' && plan.outcome.is === 'ready') return letGo(look);
  const after = plan.afterStatus ?? [];
  await conclude(look, plan.outcome, plan, after.length > 0);
  if (after.length > 0) await act(after, options);
  for (const note of plan.notes ?? []) services.events.tell(resource, note);
  if (plan.outcome.is === 'waiting') look.waitFor?.(plan.outcome.on);
  const next = nextOf(plan.outcome, services.random);
  look.meter.result(next.is === 'again' ? 'requeue_after' : 'success');
  return next;
}

function decide(look: Look, step: 'decide' | 'cleanUp', world: unknown): AnyPlan {
  try {
    return look.feature[step]!(look.resource, world, look.services.clock.now());
  } catch (error) {
    throw new Broken(error);
  }
}

/** Writes the status when it differs, and tells people when where the object stands has changed. */
async function conclude(look: Look, verdict: Verdict, plan: AnyPlan | undefined, isRecord = false): Promise<void> {
  const { feature, resource, services } = look;
  const bounded = feature.bounded ?? false;
  const about = {
    verdict,
    bounded,
    domain: plan?.conditions ?? (plan ? {} : undefined),
    generation: resource.metadata.generation,
  };
  const before = look.status;
  const fields = plan ? plan.status : before;
  await storeStatus(look, { ...fields, ...statusOf(before, { ...about, now: services.clock.now() }) }, isRecord);
  const type = summaryType(bounded);
  const was = before?.conditions?.find((condition) => condition.type === type);
  const is = look.status?.conditions?.find((condition) => condition.type === type);
  if (!is || (was?.status === is.status && was.reason === is.reason)) return;
  const warns = isWarning(verdict) || (bounded && is.status === 'False');
  services.events.tell(resource, { type: warns ? 'Warning' : 'Normal', reason: is.reason, message: is.message });
  look.log().info({ outcome: verdict.is, reason: is.reason }, is.message);
}

/** A status that records what is about to begin is stored only onto the version that was decided upon. */
async function storeStatus(look: Look, status: ResourceStatus, isRecord: boolean): Promise<void> {
  const { feature, resource, services, owner, signal } = look;
  if (!isRecord && equal(look.status, status)) return;
  const { name, namespace, uid, resourceVersion } = resource.metadata;
  const metadata = isRecord ? { name, namespace, uid, resourceVersion } : { name, namespace, uid };
  const body = { apiVersion: apiVersionOf(feature.kind), kind: feature.kind.kind, metadata, status };
  await services.writes.applyStatus(owner, feature.kind, body, signal).catch((error: unknown) => {
    if (hasStatus(error, 404)) throw new Superseded('It is gone.');
    if (hasStatus(error, 409)) throw new Superseded('It has changed since it was read.');
    throw error;
  });
  look.status = status;
}

async function pause(look: Look, suspend: Suspend): Promise<Next> {
  const { feature, resource, services } = look;
  const now = services.clock.now();
  const about = { bounded: feature.bounded ?? false, generation: resource.metadata.generation, now };
  await storeStatus(look, { ...look.status, ...suspendedStatus(look.status, suspend, about) }, false);
  if (!resource.status?.conditions?.some(({ type }) => type === 'Suspended')) {
    services.events.tell(resource, { type: 'Normal', reason: 'Suspended', message: suspend.reason });
  }
  look.meter.result('success');
  if (suspend.until === undefined) return { is: 'done' };
  // The wall clock may jump: look at it now and then.
  const left = (Date.parse(suspend.until) - now.getTime()) / 1000;
  return { is: 'again', after: Number.isFinite(left) ? Math.min(600, Math.max(1, left)) : 600 };
}

/** Makes sure that deletion waits for cleanUp. The change itself brings the next pass. */
async function hold(look: Look): Promise<Next> {
  const path = '/metadata/finalizers';
  const { uid, finalizers } = look.resource.metadata;
  return patchFinalizers(look, [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path, value: finalizers ?? null },
    finalizers
      ? { op: 'add', path: `${path}/-`, value: finalizerOf(look) }
      : { op: 'add', path, value: [finalizerOf(look)] },
  ]);
}

async function letGo(look: Look): Promise<Next> {
  const path = `/metadata/finalizers/${look.resource.metadata.finalizers!.indexOf(finalizerOf(look))}`;
  return patchFinalizers(look, [
    { op: 'test', path, value: finalizerOf(look) },
    { op: 'remove', path },
  ]);
}

async function patchFinalizers(look: Look, patch: Parameters<Writes['jsonPatch']>[3]): Promise<Next> {
  const { services, resource, feature, owner, signal } = look;
  await services.writes.jsonPatch(owner, feature.kind, keyOf(resource), patch, signal).catch((error: unknown) => {
    if (hasStatus(error, 404, 409, 422)) throw new Superseded('It has changed since it was read.');
    throw error;
  });
  look.meter.result('success');
  return { is: 'done' };
}

/** Our own code failed. */
class Broken extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The object is another one by now; a newer one will be looked at. */
class Superseded extends Error {}

async function fail(look: Look, error: unknown): Promise<Next> {
  if (
    error instanceof Superseded ||
    error instanceof NameTaken ||
    error instanceof NotLeading ||
    look.signal.reason instanceof Stopped
  ) {
    look.log().debug({ err: error }, 'The pass ends early.');
    look.meter.result('requeue');
    return { is: 'retry' };
  }
  const verdict = verdictOf(look, error);
  look.meter.result('error');
  if (verdict.is === 'broken') look.meter.broke();
  const cause = error instanceof Broken ? error.cause : error;
  look
    .log()
    [verdict.is === 'broken' ? 'error' : 'warn'](
      { err: cause },
      verdict.is === 'broken' ? 'A decision failed; this is a bug.' : 'The pass failed.',
    );
  // A pass that ran out of time may still say so.
  const signal = look.signal.aborted ? AbortSignal.timeout(10_000) : look.signal;
  await conclude({ ...look, signal }, verdict, undefined).catch((second: unknown) =>
    look.log().debug({ err: second }, 'The status was not written.'),
  );
  return nextOf(verdict, look.services.random);
}

function verdictOf(look: Look, error: unknown): Verdict {
  const reason: unknown = look.signal.aborted ? look.signal.reason : error;
  const text = reason instanceof Error ? reason.message : String(reason);
  const message = text.length > 1024 ? `${text.slice(0, 1023)}…` : text;
  if (error instanceof Broken) {
    const advice = 'This is a bug of Holdfast; please report it with the stack in the log.';
    return { is: 'broken', reason: 'InternalError', message: `${message}. ${advice}` };
  }
  return {
    is: 'failed',
    reason: 'ReconcileFailed',
    message,
    retryAfter: error instanceof ApiError ? error.retryAfterSeconds : undefined,
  };
}

/** Why passes at work are called off when the process ends or leads no more. */
export class Stopped extends Error {}

function suspension(resource: Resource, now: Date): Suspend | undefined {
  const { suspend } = (resource.spec ?? {}) as { suspend?: Suspend };
  return suspend?.until !== undefined && Date.parse(suspend.until) <= now.getTime() ? undefined : suspend;
}

function finalizerOf({ feature }: Pass): string {
  return `${feature.kind.group}/${feature.kind.plural}`;
}
