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
import type { AnyPlan, Look } from './pass.ts';

/** `plan` is undefined when the pass came to none; then what was known of the domain stays. */
export async function conclude(
  look: Look,
  verdict: Verdict,
  plan: AnyPlan | undefined,
  isRecord = false,
): Promise<void> {
  const { feature, resource, services } = look;
  const bounded = feature.bounded ?? false;
  const before = look.status;
  const judgement = {
    verdict,
    bounded,
    domain: plan && (plan.conditions ?? {}),
    generation: resource.metadata.generation,
    now: services.clock.now(),
  };
  const status = { ...(plan ? plan.status : before), ...statusOf(before, judgement) };
  await storeStatus(look, status, isRecord, isRecord || !plan);
  if (look.status === before) return;
  const type = summaryType(bounded);
  const warnings: Record<string, boolean | undefined> = { [type]: isWarning(verdict) };
  for (const [name, { warns, status }] of Object.entries(plan?.conditions ?? {})) {
    warnings[name] = warns ?? (name === 'Succeeded' && status === 'False');
  }
  for (const [name, warns] of Object.entries(warnings)) {
    announce(look, find(before, name), find(look.status, name), warns);
  }
}

function announce(look: Look, was: Condition | undefined, is: Condition | undefined, warns = false): void {
  if (!isChange(was, is)) return;
  look.services.onChange({ kind: look.feature.kind, object: look.resource, was, is, warns });
  look.log().info({ condition: is.type, status: is.status, reason: is.reason }, is.message);
}

/** Tells that a person paused it. Answers in how many seconds to look again, if it ends by itself. */
export async function concludeSuspended(look: Look, suspend: Suspend): Promise<Seconds | undefined> {
  const { feature, resource, services } = look;
  const now = services.clock.now();
  const about = { bounded: feature.bounded ?? false, generation: resource.metadata.generation, now };
  const before = find(look.status, 'Suspended');
  await storeStatus(look, { ...look.status, ...suspendedStatus(look.status, suspend, about) });
  announce(look, before, find(look.status, 'Suspended'));
  if (suspend.until === undefined) return undefined;
  // The wall clock may jump: look at it now and then.
  const left = (Date.parse(suspend.until) - now.getTime()) / 1000;
  return Math.min(600, Math.max(1, left));
}

async function storeStatus(look: Look, status: ResourceStatus, isRecord = false, isBound = false): Promise<void> {
  const { feature, resource, services, owner, signal } = look;
  const digest = isRecord || equal(look.status, status) ? undefined : digestOf(status);
  if (!isRecord && (digest === undefined || services.sent.has(feature.kind, 'status', resource, digest))) return;
  const { name, namespace, uid } = resource.metadata;
  // The apiserver does not look at the uid of a status that is applied.
  if (services.caches.get(feature.kind, keyOf(resource))?.metadata.uid !== uid) throw new Superseded('It is gone.');
  const metadata = isBound ? { name, namespace, resourceVersion: look.version } : { name, namespace };
  const body = { apiVersion: apiVersionOf(feature.kind), kind: feature.kind.kind, metadata, status };
  try {
    const written = await services.writes.applyStatus(owner, feature.kind, body, signal);
    look.version = written.metadata.resourceVersion;
    if (digest !== undefined) services.sent.remember(feature.kind, 'status', written, digest);
  } catch (error) {
    if (hasStatus(error, 404)) throw new Superseded('It is gone.');
    if (hasStatus(error, 409)) throw new Superseded('It has changed since it was read.');
    throw error;
  }
  look.status = status;
}

function find(status: ResourceStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}
