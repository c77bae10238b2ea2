/**
 * Tells where an object stands: its status, an event when that changed, and a line in the log. A status that is there
 * already is not written. One that records an effect to come, or that nothing came of the pass, is stored only onto the
 * version that was looked at, so that it takes the place of no record that the pass has not seen.
 */
import type { Condition, ResourceStatus, Suspend } from '../api/v1alpha1/shared.ts';
import { digestOf } from '../lib/digest.ts';
import { hasStatus } from './apiError.ts';
import { isWarning, statusOf, summaryType, suspendedStatus, type Verdict } from './conditions.ts';
import { isChange } from './changes.ts';
import { equal } from './equal.ts';
import type { Seconds } from './feature.ts';
import { apiVersionOf, keyOf } from './identity.ts';
import { Superseded } from './interruptions.ts';
import type { AnyPlan, Visit } from './visit.ts';

/** `plan` is undefined when the pass came to none; then what was known of the domain stays. */
export async function conclude(
  visit: Visit,
  verdict: Verdict,
  plan: AnyPlan | undefined,
  isRecord = false,
): Promise<void> {
  const { feature, resource, services } = visit;
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
  if (plan?.clears?.length) await clearStatus(visit, plan.clears);
  await storeStatus(visit, status, isRecord, isRecord || !plan);
  if (visit.status === before) return;
  const type = summaryType(bounded);
  const warnings: Record<string, boolean | undefined> = { [type]: isWarning(verdict) };
  for (const [name, { warns, status }] of Object.entries(plan?.conditions ?? {})) {
    warnings[name] = warns ?? (name === 'Succeeded' && status === 'False');
  }
  for (const [name, warns] of Object.entries(warnings)) {
    announce(visit, find(before, name), find(visit.status, name), warns);
  }
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
    services.writes.clearStatus(owner, { kind: feature.kind, metadata: body.metadata, fields }, signal),
  );
  visit.version = written.metadata.resourceVersion;
}

/** What is not there any more, or is another, is looked at again. */
function whileThere<T>(written: Promise<T>): Promise<T> {
  return written.catch((error: unknown) => {
    if (hasStatus(error, 404)) throw new Superseded('The object is gone.');
    if (hasStatus(error, 409)) throw new Superseded('The object has changed since it was read.');
    throw error;
  });
}

async function storeStatus(visit: Visit, status: ResourceStatus, isRecord = false, isBound = false): Promise<void> {
  const { feature, resource, services, owner, signal } = visit;
  const digest = isRecord || equal(visit.status, status) ? undefined : digestOf(status);
  if (!isRecord && (digest === undefined || services.sent.has(feature.kind, 'status', resource, digest))) return;
  const { name, namespace, uid } = resource.metadata;
  // The apiserver does not look at the uid of a status that is applied.
  if (services.caches.get(feature.kind, keyOf(resource))?.metadata.uid !== uid)
    throw new Superseded('The object is gone.');
  const metadata = isBound ? { name, namespace, resourceVersion: visit.version } : { name, namespace };
  const body = { apiVersion: apiVersionOf(feature.kind), kind: feature.kind.kind, metadata, status };
  const written = await whileThere(services.writes.applyStatus(owner, feature.kind, body, signal));
  visit.version = written.metadata.resourceVersion;
  if (digest !== undefined) services.sent.remember(feature.kind, 'status', written, digest);
  visit.status = status;
}

function find(status: ResourceStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}
