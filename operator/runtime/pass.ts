/**
 * One visit to one object: from the cache, through observe and decide, to what is written and when it is looked at next.
 * Promises: it decides only from a world that contains its own last writes; whatever is thrown ends in a condition that
 * tells it and in a next pass; the status that records an effect is stored, onto the version that was decided upon,
 * before the effect begins.
 */
import { isSuspended } from '../api/suspension.ts';
import { withValueAt } from '../lib/valueAt.ts';
import type { Suspend } from '../api/v1alpha1/shared.ts';
import { act, type ActOptions } from './act.ts';
import { ApiError } from './apiError.ts';
import { sleep } from './clock.ts';
import { conclude, concludeSuspended } from './conclude.ts';
import { nextOf, type Verdict } from './conditions.ts';
import type { Action, Key, Observing, Reader } from './feature.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from './finalizer.ts';
import { keyId, kindId } from './identity.ts';
import { Broken, Superseded, isInterruption } from './interruptions.ts';
import type { PassResult } from './metrics.ts';
import type { Next } from './queue.ts';
import type { AnyPlan, Pass, Visit } from './visit.ts';

const FAILED_STATUS_MILLISECONDS = 10_000;
const FAILED_WARNING_MILLISECONDS = 2000;

export async function runPass(pass: Pass, key: Key): Promise<Next> {
  const { feature, services } = pass;
  const owner = `${kindId(feature.kind)} ${keyId(key)}`;
  const resource = services.caches.get(feature.kind, key);
  if (!resource) {
    services.ownWrites.forget(owner);
    if (feature.follows) services.followers.forget(owner);
    if (!feature.mirrors) services.recorder?.gone(feature.kind, key, services.clock.now());
    return { is: 'done' };
  }
  const unseen = services.ownWrites.unseen(owner);
  if (unseen) {
    pass.meter.waitedForOwnWrite();
    unseen.cache.whenSeen(unseen.resourceVersion, () => pass.wake());
    return { is: 'done' };
  }
  const visit: Visit = {
    ...pass,
    resource,
    owner,
    status: resource.status,
    version: resource.metadata.resourceVersion,
  };
  return takeTurn(visit).catch((error: unknown) => fail(visit, error));
}

async function takeTurn(visit: Visit): Promise<Next> {
  const { feature, resource, services } = visit;
  const isHeld = hasFinalizer(feature.kind, resource);
  if (resource.metadata.deletionTimestamp !== undefined) {
    if (!isHeld) return { is: 'done' };
    return feature.cleanUp ? reconcile(visit, 'cleanUp') : letGo(visit);
  }
  const { suspend } = (resource.spec ?? {}) as { suspend?: Suspend };
  if (suspend && !feature.decidesSuspension && isSuspended(suspend, services.clock.now())) return pause(visit, suspend);
  const needsHold = feature.finalizes?.(resource) ?? false;
  if (needsHold !== isHeld) return needsHold ? hold(visit) : letGo(visit);
  return reconcile(visit, 'decide');
}

async function reconcile(visit: Visit, step: 'decide' | 'cleanUp'): Promise<Next> {
  const { feature, resource, services, signal } = visit;
  const world = await (feature.follows ? follow(visit) : feature.observe(resource, observing(visit, services.caches)));
  const plan = decide(visit, step, world);
  const { kind, bounded = false, mirrors = false } = feature;
  if (!mirrors) services.recorder?.decided({ kind, bounded, object: resource, plan, now: services.clock.now() });
  const record: ActOptions['record'] = (path, uid) => {
    plan.status = withValueAt(plan.status, path, uid);
    return conclude(visit, plan.outcome, plan, true);
  };
  const { owner } = visit;
  const options: ActOptions = { ...services, owner, signal, perform: feature.perform?.bind(feature), record };
  if (plan.actions.length > 0) await act(plan.actions, options);
  if (step === 'cleanUp' && plan.outcome.is === 'ready') return letGo(visit);
  const after = plan.afterStatus ?? [];
  await conclude(visit, plan.outcome, plan, after.some(hasEffect));
  if (after.length > 0) await act(after, options);
  for (const note of plan.notes ?? []) services.events.tell(resource, note);
  if (plan.outcome.is === 'waiting') visit.waitFor(plan.outcome.on);
  const isOver = feature.finalizes?.({ ...resource, status: { ...resource.status, ...plan.status } }) === false;
  // Our own status wakes nobody.
  const next: Next =
    isOver && hasFinalizer(feature.kind, resource) ? { is: 'again', after: 0 } : nextOf(plan.outcome, services.random);
  return end(visit, next.is === 'again' ? 'requeue_after' : 'success', next);
}

/** Whether the status has to say before that it may have begun; what is applied is looked at by itself each time. */
function hasEffect(action: Action<unknown>): boolean {
  return action.do !== 'apply';
}

async function follow(visit: Visit): Promise<unknown> {
  const { feature, resource, services, owner, wake } = visit;
  const reader = services.followers.reader(owner, wake);
  const world = await feature.observe(resource, observing(visit, reader));
  reader.end();
  return world;
}

function observing({ services, signal }: Visit, read: Reader): Observing {
  return { read, now: services.clock.now(), signal };
}

function decide(visit: Visit, step: 'decide' | 'cleanUp', world: unknown): AnyPlan {
  try {
    return visit.feature[step]!(visit.resource, world, visit.services.clock.now());
  } catch (error) {
    throw new Broken(error);
  }
}

async function pause(visit: Visit, suspend: Suspend): Promise<Next> {
  const { feature, resource, services } = visit;
  services.recorder?.suspended(feature.kind, resource, suspend, services.clock.now());
  const after = await concludeSuspended(visit, suspend);
  return end(visit, 'success', after === undefined ? { is: 'done' } : { is: 'again', after });
}

async function hold(visit: Visit): Promise<Next> {
  await addFinalizer({ ...visit, kind: visit.feature.kind, writes: visit.services.writes });
  return end(visit, 'success', { is: 'done' });
}

async function letGo(visit: Visit): Promise<Next> {
  await removeFinalizer({ ...visit, kind: visit.feature.kind, writes: visit.services.writes });
  return end(visit, 'success', { is: 'done' });
}

function end(visit: Visit, result: PassResult, next: Next): Next {
  visit.meter.result(result);
  return next;
}

async function fail(visit: Visit, thrown: unknown): Promise<Next> {
  const error: unknown = visit.signal.aborted ? visit.signal.reason : thrown;
  if (isInterruption(error)) {
    visit.log().debug({ err: error }, 'The reconciliation was interrupted and will be repeated.');
    return end(visit, 'requeue', { is: error instanceof Superseded ? 'soon' : 'retry' });
  }
  const verdict = verdictOf(error);
  if (verdict.is === 'broken') {
    visit.meter.broke();
    visit.log().error({ err: (error as Broken).cause }, 'A decision failed; this is a bug.');
  } else {
    visit.log().warn({ err: error }, 'The reconciliation failed; it will be retried.');
  }
  await conclude(visit.signal.aborted ? outOfTime(visit) : visit, verdict, undefined).catch((second: unknown) => {
    visit.log().debug({ err: second }, 'The status could not be written either.');
  });
  return end(visit, 'error', nextOf(verdict, visit.services.random));
}

/** It may still say so, and waits for little: soon it would be given up. */
function outOfTime(visit: Visit): Visit {
  const signal = AbortSignal.timeout(FAILED_STATUS_MILLISECONDS);
  const aside = (waiting: Promise<unknown>): Promise<void> => {
    const limit = sleep(visit.services.clock, FAILED_WARNING_MILLISECONDS, signal);
    return Promise.race([waiting, limit]).then(() => undefined);
  };
  return { ...visit, signal, aside };
}

function verdictOf(error: unknown): Verdict {
  const text = error instanceof Error ? error.message : String(error);
  const message = text.length > 1024 ? `${text.slice(0, 1023)}…` : text;
  if (error instanceof Broken) {
    const advice = 'This is a bug in Holdfast; report it with the stack trace in the log.';
    return { is: 'broken', reason: 'InternalError', message: `${message}. ${advice}` };
  }
  const retryAfter = error instanceof ApiError ? error.retryAfterSeconds : undefined;
  return { is: 'failed', reason: 'ReconcileFailed', message, retryAfter };
}
