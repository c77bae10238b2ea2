/**
 * Tells where an object stands: its status, an event when that changed, and a line in the log. A status that is there
 * already is not written. One that is written takes the place of no status that the pass has not seen: it is stored onto the version that
 * was looked at, or onto a newer one that has the same status. One that records an effect to come is stored only onto what was decided upon.
 */
import type { Condition, ResourceStatus, Suspend } from '../api/v1alpha1/shared.ts';
import { digestOf } from '../lib/digest.ts';
import { hasStatus } from './apiError.ts';
import { basisOf, isWarning, statusOf, summaryType, suspendedStatus, type Verdict } from './conditions.ts';
import { isChange } from './changes.ts';
import { declarationChanged } from './declaration.ts';
import { equal } from './equal.ts';
import type { Written } from './client.ts';
import type { Seconds } from './feature.ts';
import { apiVersionOf, keyOf } from './identity.ts';
import { Superseded } from './interruptions.ts';
import type { AnyPlan, Visit } from './visit.ts';

/** Of one status, while others change the object. */
const MOST_TRIES = 5;

/** `plan` is undefined when the pass came to none; then what was known of the domain stays. */
export async function conclude(
  visit: Visit,
  verdict: Verdict,
  plan: AnyPlan | undefined,
  isRecord = false,
): Promise<void> {
  const { feature, resource, services, signal } = visit;
  if (feature.mirrors) return;
  const bounded = feature.bounded ?? false;
  const before = visit.status;
  const conclusion = {
    verdict,
    bounded,
    domain: plan && (plan.conditions ?? {}),
    generation: resource.metadata.generation,
    now: services.clock.now(),
  };
  const status = { ...(plan ? plan.status : before), ...statusOf(before, conclusion) };
  const type = summaryType(bounded);
  const warnings: Record<string, boolean | undefined> = { [type]: isWarning(verdict) };
  for (const [name, { warns, status }] of Object.entries(plan?.conditions ?? {})) {
    warnings[name] = warns ?? (name === 'Succeeded' && status === 'False');
  }
  const changes = Object.entries(warnings).flatMap(([name, warns = false]) => {
    const [was, is] = [find(before, name), find(status, name)];
    return isChange(was, is) ? [{ was, is, warns }] : [];
  });
  services.events.seen(resource, before?.conditions);
  // Before the status shows them: who dies in between has lost none.
  const warned = changes.filter(({ warns }) => warns);
  const told = warned.map(({ is }) => services.events.warn(resource, is, basisOf(is.type, before), signal));
  if (told.length > 0) await visit.aside(Promise.all(told));
  if (plan?.clears?.length) await clearStatus(visit, plan.clears);
  await storeStatus(visit, status, isRecord);
  // A pass that came to no plan has decided nothing about the domain.
  services.events.shown(resource, plan ? undefined : type);
  for (const { was, is, warns } of visit.status === before ? [] : changes) announce(visit, was, is, warns);
  services.events.warnAgain(resource);
}

function announce(visit: Visit, was: Condition | undefined, is: Condition | undefined, warns = false): void {
  if (!isChange(was, is)) return;
  visit.services.onChange({ kind: visit.feature.kind, object: visit.resource, was, is, warns });
  visit.log().info({ condition: is.type, status: is.status, reason: is.reason }, is.message);
}

/** Tells that a person paused it. Answers in how many seconds to look again, if it ends by itself. */
export async function concludeSuspended(visit: Visit, suspend: Suspend): Promise<Seconds | undefined> {
  const { feature, resource, services } = visit;
  const now = services.clock.now();
  const about = { bounded: feature.bounded ?? false, generation: resource.metadata.generation, now };
  const before = find(visit.status, 'Suspended');
  await storeStatus(visit, { ...visit.status, ...suspendedStatus(visit.status, suspend, about) });
  announce(visit, before, find(visit.status, 'Suspended'));
  if (suspend.until === undefined) return undefined;
  // The wall clock may jump: look at it now and then.
  const left = (Date.parse(suspend.until) - now.getTime()) / 1000;
  return Math.min(600, Math.max(1, left));
}

async function clearStatus(visit: Visit, fields: readonly string[]): Promise<void> {
  const { feature, resource, services, owner, signal } = visit;
  const body = { ...resource, metadata: { ...resource.metadata, resourceVersion: visit.version } };
  const written = await whileThere(
    visit,
    services.writes.clearStatus(owner, { kind: feature.kind, metadata: body.metadata, fields }, signal),
  );
  visit.version = written.metadata.resourceVersion;
  services.sent.remember(feature.kind, 'status', written, '');
}

/** What is not there any more, or is another, is looked at again. */
function whileThere<T>(visit: Visit, written: Promise<T>): Promise<T> {
  return written.catch((error: unknown) => {
    if (!hasStatus(error, 404, 409)) throw error;
    visit.services.writes.doubt(visit.feature.kind, keyOf(visit.resource));
    throw new Superseded(error.status === 404 ? 'The object is gone.' : 'The object has changed since it was read.');
  });
}

async function storeStatus(visit: Visit, status: ResourceStatus, isRecord = false): Promise<void> {
  const { feature, resource, services } = visit;
  const digest = isRecord || equal(visit.status, status) ? undefined : digestOf(status);
  if (!isRecord && (digest === undefined || services.sent.has(feature.kind, 'status', resource, digest))) return;
  const { uid } = resource.metadata;
  // The apiserver does not look at the uid of a status that is applied.
  if (services.caches.get(feature.kind, keyOf(resource))?.metadata.uid !== uid)
    throw new Superseded('The object is gone.');
  const written = await whileThere(visit, applyOnto(visit, status, isRecord));
  visit.version = written.metadata.resourceVersion;
  services.sent.remember(feature.kind, 'status', written, digest ?? '');
  visit.status = status;
}

async function applyOnto(visit: Visit, status: ResourceStatus, isRecord: boolean): Promise<Written> {
  const { feature, resource, services, owner, signal } = visit;
  const { name, namespace } = resource.metadata;
  for (let tries = 1; ; tries++) {
    const metadata = { name, namespace, resourceVersion: visit.version };
    const body = { apiVersion: apiVersionOf(feature.kind), kind: feature.kind.kind, metadata, status };
    try {
      return await services.writes.applyStatus(owner, feature.kind, body, signal);
    } catch (error) {
      if (!hasStatus(error, 409) || tries === MOST_TRIES || !(await catchUp(visit, isRecord))) throw error;
    }
  }
}

/**
 * Binds the visit to the newest version, if the object has changed in nothing that the status stands for. What people declare may have changed,
 * which brings a pass of its own: otherwise an object that others label all the time would never get a status.
 */
async function catchUp(visit: Visit, isRecord: boolean): Promise<boolean> {
  const { feature, resource, services, signal } = visit;
  const live = await services.writes.current(feature.kind, keyOf(resource), signal);
  if (!live || live.metadata.uid !== resource.metadata.uid || live.metadata.resourceVersion === visit.version)
    return false;
  if (!equal(live.status, visit.status) || (isRecord && declarationChanged(resource, live))) {
    // The next pass waits until the cache shows it too: until then it would come to the same, and be refused again.
    services.writes.expect(visit.owner, feature.kind, live.metadata.resourceVersion);
    return false;
  }
  visit.version = live.metadata.resourceVersion;
  return true;
}

function find(status: ResourceStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}
