/**
 * What stands in the way of deciding a request, whoever approves it: facts, in the order in which they are told. A person must change
 * something first. Pure.
 */
import { expiresAfter, latestEnd } from '../../findings/waiver/expiry.ts';
import { maxRenewalsOf } from '../../findings/waiver/rules.ts';
import { counted, listed } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { firstViolation, type Check } from '../../lib/violation.ts';
import type { Heard } from './counted.ts';
import type { Given } from './version.ts';

export interface Obstacle {
  readonly reason:
    | 'RequestedBeforePolicies'
    | 'BaselineMissing'
    | 'UnknownChecks'
    | 'AlreadyExpired'
    | 'ExpiryTooFar'
    | 'RenewalLimitReached';
  readonly message: string;
}

/** The first that holds, of a version that is not approved yet. */
export function obstacleTo(heard: Heard): Obstacle | undefined {
  return firstViolation(obstacles, heard);
}

const obstacles: readonly Check<Heard, Obstacle>[] = [
  wasRequestedBeforePolicies,
  sourceIsMissing,
  checksAreUnknown,
  hasAlreadyExpired,
  expiryIsTooFar,
  renewalsAreSpent,
];

function wasRequestedBeforePolicies({ world, version }: Heard): Obstacle | undefined {
  if (world.guard.is === 'broken' || version.isChecked) return undefined;
  return {
    reason: 'RequestedBeforePolicies',
    message:
      'it was created or changed while the apiserver did not check who requests waivers; change it, for example its reason, or create it again',
  };
}

function sourceIsMissing({ waiver: { metadata, spec }, world }: Heard): Obstacle | undefined {
  if (world.source) return undefined;
  const { kind, name } = spec.source;
  const where = world.isSourceNamespaced ? ` in namespace ${metadata.namespace ?? ''}` : '';
  const message = `${kind} ${name} does not exist${where}; create it, or name another in \`spec.source\``;
  return { reason: 'BaselineMissing', message };
}

function checksAreUnknown({ waiver: { spec }, world: { source } }: Heard): Obstacle | undefined {
  const unknown = spec.checks.filter((check) => check !== '*' && !source?.checks.has(check));
  if (!unknown.length) return undefined;
  const { kind, name } = spec.source;
  const message = `${kind} ${name} has no check ${listed(unknown)}; its checks are ${listed([...(source?.checks.keys() ?? [])], 10)}`;
  return { reason: 'UnknownChecks', message };
}

function hasAlreadyExpired({ waiver: { spec }, now }: Heard): Obstacle | undefined {
  if (expiresAfter(spec, now.getTime())) return undefined;
  return { reason: 'AlreadyExpired', message: `expiryTime ${spec.expiryTime} is in the past; set a later one` };
}

function expiryIsTooFar({ waiver: { spec }, version, counted: { rule }, now }: Heard): Obstacle | undefined {
  if (!rule) return undefined;
  const { severity, maxDays } = rule;
  const { requestTime } = version;
  const latest = latestEnd(requestTime === undefined ? now.getTime() : Date.parse(requestTime), maxDays);
  if (!expiresAfter(spec, latest)) return undefined;
  return {
    reason: 'ExpiryTooFar',
    message: `a waiver of ${severity} checks may end at most ${counted(maxDays, 'day')} after its request; set \`expiryTime\` to ${timestamp(new Date(latest))} or earlier`,
  };
}

function renewalsAreSpent({ waiver, world: { source } }: Heard): Obstacle | undefined {
  const { renewals = 0, approvedExpiryTime } = waiver.status ?? {};
  const most = maxRenewalsOf(source?.rules);
  if (!isRenewal({ waiver }) || renewals < most) return undefined;
  const message = `it was extended ${counted(most, 'time')}, which is the most that its baseline allows; set \`expiryTime\` to ${approvedExpiryTime} or earlier, and end the deviation`;
  return { reason: 'RenewalLimitReached', message };
}

/** Whether it asks to last longer than was ever approved. */
export function isRenewal({ waiver: { spec, status } }: Pick<Given, 'waiver'>): boolean {
  const approved = status?.approvedExpiryTime;
  return approved !== undefined && expiresAfter(spec, Date.parse(approved));
}
