/**
 * One look at one object: from the cache, through observe and decide, to what is written and when it is looked at next.
 * Promises: it decides only from a world that contains its own last writes; whatever is thrown ends in a condition that
 * tells it and in a next pass; the status that records an effect is stored, onto the version that was decided upon,
 * before the effect begins.
 */
import type { Logger } from 'pino';
import { isSuspended } from '../api/suspension.ts';
import type { Resource, ResourceStatus, Suspend } from '../api/v1alpha1/shared.ts';
import type { Followers } from './accountReader.ts';
import { act, type ActOptions } from './act.ts';
import { ApiError } from './apiError.ts';
import type { Caches } from './caches.ts';
import type { OnChange } from './changes.ts';
import type { Clock } from './clock.ts';
import { conclude, concludeSuspended } from './conclude.ts';
import { nextOf, type Verdict } from './conditions.ts';
import type { Events } from './events.ts';
import type { OpenFeature, Key, Observing, Plan, Reader, Ref, Seconds } from './feature.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from './finalizer.ts';
import { keyId, kindId } from './identity.ts';
import { Broken, isInterruption } from './interruptions.ts';
import type { ControllerMeter, PassResult } from './metrics.ts';
import type { OwnWrites } from './ownWrites.ts';
import type { Next } from './queue.ts';
import type { Sent } from './sent.ts';
import type { Writes } from './writes.ts';

export interface PassServices {
  readonly caches: Caches;
  readonly writes: Writes;
  readonly ownWrites: OwnWrites;
  readonly sent: Sent;
  readonly followers: Followers;
  readonly events: Pick<Events, 'tell'>;
  readonly onChange: OnChange;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface Pass {
  readonly feature: OpenFeature;
  readonly services: PassServices;
  readonly meter: ControllerMeter;
  /** Made when there is something to say, which is seldom. */
  readonly log: () => Logger;
  readonly signal: AbortSignal;
  /** Looks at the key again: at once, or after so many seconds in which further changes are gathered. */
  readonly wake: (settle?: Seconds) => void;
  /** Told which object the key waits for. */
  readonly waitFor: (on: Ref | undefined) => void;
}

export type AnyPlan = Plan<Resource, unknown>;

/** An object on its way through the pass. */
export interface Look extends Pass {
  readonly resource: Resource;
  /** The key whose pass this is, among those of all features. */
  readonly owner: string;
  /** As the apiserver has it. */
  status: ResourceStatus | undefined;
  /** The version that has that status. */
  version: string | undefined;
}

const FAILED_STATUS_MILLISECONDS = 10_000;

export async function runPass(pass: Pass, key: Key): Promise<Next> {
  const { feature, services } = pass;
  const owner = `${kindId(feature.kind)} ${keyId(key)}`;
  const resource = services.caches.get(feature.kind, key);
  if (!resource) {
    services.ownWrites.forget(owner);
    if (feature.follows) services.followers.forget(owner);
    return { is: 'done' };
  }
  const unseen = services.ownWrites.unseen(owner);
  if (unseen) {
    pass.meter.waitedForOwnWrite();
    unseen.cache.whenSeen(unseen.resourceVersion, () => pass.wake());
    return { is: 'done' };
  }
  const look: Look = {
    ...pass,
    resource,
    owner,
    status: resource.status,
    version: resource.metadata.resourceVersion,
  };
  return takeTurn(look).catch((error: unknown) => fail(look, error));
}

async function takeTurn(look: Look): Promise<Next> {
  const { feature, resource, services } = look;
  const isHeld = hasFinalizer(feature.kind, resource);
  if (resource.metadata.deletionTimestamp !== undefined) {
    if (!isHeld) return { is: 'done' };
    return feature.cleanUp ? reconcile(look, 'cleanUp') : letGo(look);
  }
  const { suspend } = (resource.spec ?? {}) as { suspend?: Suspend };
  if (suspend && !feature.judgesSuspension && isSuspended(suspend, services.clock.now())) return pause(look, suspend);
  if (feature.cleanUp && !isHeld) return hold(look);
  return reconcile(look, 'decide');
}

async function reconcile(look: Look, step: 'decide' | 'cleanUp'): Promise<Next> {
  const { feature, resource, services, signal } = look;
  const world = await (feature.follows ? follow(look) : feature.observe(resource, observing(look, services.caches)));
  const plan = decide(look, step, world);
  const options: ActOptions = { ...services, owner: look.owner, signal, perform: feature.perform?.bind(feature) };
  if (plan.actions.length > 0) await act(plan.actions, options);
  if (step === 'cleanUp' && plan.outcome.is === 'ready') return letGo(look);
  const after = plan.afterStatus ?? [];
  await conclude(look, plan.outcome, plan, after.length > 0);
  if (after.length > 0) await act(after, options);
  for (const note of plan.notes ?? []) services.events.tell(resource, note);
  if (plan.outcome.is === 'waiting') look.waitFor(plan.outcome.on);
  const next = nextOf(plan.outcome, services.random);
  return end(look, next.is === 'again' ? 'requeue_after' : 'success', next);
}

async function follow(look: Look): Promise<unknown> {
  const { feature, resource, services, owner, wake } = look;
  const reader = services.followers.reader(owner, wake);
  const world = await feature.observe(resource, observing(look, reader));
  reader.end();
  return world;
}

function observing({ services, signal }: Look, read: Reader): Observing {
  return { read, now: services.clock.now(), signal };
}

function decide(look: Look, step: 'decide' | 'cleanUp', world: unknown): AnyPlan {
  try {
    return look.feature[step]!(look.resource, world, look.services.clock.now());
  } catch (error) {
    throw new Broken(error);
  }
}

async function pause(look: Look, suspend: Suspend): Promise<Next> {
  const after = await concludeSuspended(look, suspend);
  return end(look, 'success', after === undefined ? { is: 'done' } : { is: 'again', after });
}

async function hold(look: Look): Promise<Next> {
  await addFinalizer({ ...look, kind: look.feature.kind, writes: look.services.writes });
  return end(look, 'success', { is: 'done' });
}

async function letGo(look: Look): Promise<Next> {
  await removeFinalizer({ ...look, kind: look.feature.kind, writes: look.services.writes });
  return end(look, 'success', { is: 'done' });
}

function end(look: Look, result: PassResult, next: Next): Next {
  look.meter.result(result);
  return next;
}

async function fail(look: Look, thrown: unknown): Promise<Next> {
  const error: unknown = look.signal.aborted ? look.signal.reason : thrown;
  if (isInterruption(error)) {
    look.log().debug({ err: error }, 'The pass ends early and is made again.');
    return end(look, 'requeue', { is: 'retry' });
  }
  const verdict = verdictOf(error);
  if (verdict.is === 'broken') {
    look.meter.broke();
    look.log().error({ err: (error as Broken).cause }, 'A decision failed; this is a bug.');
  } else {
    look.log().warn({ err: error }, 'The pass failed; it is tried again.');
  }
  // A pass that ran out of time may still say so.
  const signal = look.signal.aborted ? AbortSignal.timeout(FAILED_STATUS_MILLISECONDS) : look.signal;
  await conclude({ ...look, signal }, verdict, undefined).catch((second: unknown) => {
    look.log().debug({ err: second }, 'The status was not written either.');
  });
  return end(look, 'error', nextOf(verdict, look.services.random));
}

function verdictOf(error: unknown): Verdict {
  const text = error instanceof Error ? error.message : String(error);
  const message = text.length > 1024 ? `${text.slice(0, 1023)}…` : text;
  if (error instanceof Broken) {
    const advice = 'This is a bug of Holdfast; please report it with the stack in the log.';
    return { is: 'broken', reason: 'InternalError', message: `${message}. ${advice}` };
  }
  const retryAfter = error instanceof ApiError ? error.retryAfterSeconds : undefined;
  return { is: 'failed', reason: 'ReconcileFailed', message, retryAfter };
}
