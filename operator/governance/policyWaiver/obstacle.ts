/** What stands in the way of deciding a request, whoever approves it: a person must change something first. Pure. */
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Guard } from '../approvalPolicies.ts';
import { counted, listed } from '../../lib/text.ts';
import { severitiesOf, type WaivedBaseline } from './baseline.ts';
import { capOf, dayMilliseconds, maxRenewalsOf, worstOf } from './rules.ts';
import { timestamp, type Version } from './version.ts';

export interface Obstacle {
  readonly reason:
    | 'RequestedBeforePolicies'
    | 'BaselineMissing'
    | 'UnknownChecks'
    | 'AlreadyExpired'
    | 'ExpiryTooFar'
    | 'RenewalsSpent';
  readonly message: string;
}

/** Of a version that is not approved yet. */
export function obstacleTo(
  waiver: PolicyWaiver,
  version: Version,
  baseline: WaivedBaseline | undefined,
  guard: Guard,
  now: Date,
): Obstacle | undefined {
  if (guard.is === 'intact' && !isChecked(version, guard))
    return {
      reason: 'RequestedBeforePolicies',
      message:
        'it was made or changed while the apiserver did not check who asks: change it, its reason for example, or create it again',
    };
  const { source, checks, effectiveTime, expiryTime } = waiver.spec;
  if (!baseline) return missing(waiver);
  const unknown = checks.filter((check) => check !== '*' && !baseline.checks.has(check));
  if (unknown.length)
    return {
      reason: 'UnknownChecks',
      message: `${source.kind} ${source.name} has no check ${listed(unknown)}; it has ${listed([...baseline.checks.keys()], 10)}`,
    };
  const expiry = Date.parse(expiryTime);
  if (!(now.getTime() < expiry))
    return { reason: 'AlreadyExpired', message: `expiryTime ${expiryTime} is past; set one that is to come` };
  const worst = worstOf(severitiesOf(waiver, baseline)) ?? 'Critical';
  const cap = capOf(baseline.rules, worst);
  const begin = Math.max(
    version.requestTime === undefined ? now.getTime() : Date.parse(version.requestTime),
    effectiveTime === undefined ? 0 : Date.parse(effectiveTime),
  );
  if (expiry > begin + cap)
    return {
      reason: 'ExpiryTooFar',
      message: `a waiver of ${worst} checks lasts ${counted(cap / dayMilliseconds, 'day')} at most: set expiryTime to ${timestamp(new Date(begin + cap))} or before`,
    };
  return spentRenewals(waiver, baseline);
}

/** Whether the apiserver made sure who asks for this version. */
export function isChecked({ requestTime }: Version, guard: Guard): boolean {
  return guard.is === 'intact' && requestTime !== undefined && requestTime >= guard.since;
}

function missing({ metadata, spec }: PolicyWaiver): Obstacle {
  const { kind, name } = spec.source;
  const where = kind === 'DeviceBaseline' ? ` in namespace ${metadata.namespace ?? ''}` : '';
  const message = `there is no ${kind} ${name}${where}; create it, or name another in spec.source`;
  return { reason: 'BaselineMissing', message };
}

function spentRenewals({ spec, status }: PolicyWaiver, { rules }: WaivedBaseline): Obstacle | undefined {
  if (!isRenewal({ spec, status })) return undefined;
  const most = maxRenewalsOf(rules);
  if ((status?.renewals ?? 0) < most) return undefined;
  const message = `it was extended ${counted(most, 'time')}, which is all that its baseline allows: set expiryTime to ${status?.approvedExpiryTime} or before, and bring the deviation to its end`;
  return { reason: 'RenewalsSpent', message };
}

/** Whether it asks to last longer than was ever approved. */
export function isRenewal({ spec, status }: Pick<PolicyWaiver, 'spec' | 'status'>): boolean {
  const approved = status?.approvedExpiryTime;
  return approved !== undefined && Date.parse(spec.expiryTime) > Date.parse(approved);
}
