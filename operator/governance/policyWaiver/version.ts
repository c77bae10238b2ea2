/**
 * The version of a request that is to be decided, and its clock: two business days from when it was first seen, which stands still while
 * an approver waits for information. An edit that answers a question goes on with the clock; any other edit is a new request. Pure.
 */
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { RequestPause } from '../../api/v1alpha1/waiverRecords.ts';
import { addBusinessDays, type Calendar } from '../../lib/businessTime.ts';
import type { Guard } from '../approvalPolicies.ts';
import { waiverDigest } from './digest.ts';

export const decisionDays = 2;
const mostPauses = 16;

export interface Version {
  readonly digest: string;
  /** None when it was first seen while the apiserver did not check who asks: then nobody knows who did. */
  readonly requestTime?: string;
  /** Times in which information was awaited, that are over. */
  readonly pauses: readonly RequestPause[];
  /** A question to this version that is not answered. */
  readonly askedTime?: string;
}

export function versionOf({ spec, status = {} }: PolicyWaiver, guard: Guard, now: Date): Version {
  const digest = waiverDigest(spec);
  const { requestTime, pauses = [], informationRequestedTime: asked } = status;
  const sinceWhen = (time: string | undefined) => (time === undefined ? {} : { requestTime: time });
  if (status.digest === digest)
    return { digest, pauses, ...sinceWhen(requestTime), ...(asked !== undefined && { askedTime: asked }) };
  if (guard.is === 'broken') return { digest, pauses: [] };
  return asked === undefined
    ? { digest, requestTime: timestamp(now), pauses: [] }
    : { digest, pauses: withPause(pauses, asked, now), ...sinceWhen(requestTime) };
}

export function withPause(pauses: readonly RequestPause[], startTime: string, now: Date): RequestPause[] {
  return [...pauses, { startTime, endTime: timestamp(now) }].slice(-mostPauses);
}

/** Until when it must be decided; undefined while information is awaited. */
export function decisionDue(
  requestTime: string,
  pauses: readonly RequestPause[],
  askedTime: string | undefined,
  calendar: Calendar,
): Date | undefined {
  const stops = pauses.map(({ startTime, endTime }) => ({ from: new Date(startTime), to: new Date(endTime) }));
  const open = askedTime === undefined ? [] : [{ from: new Date(askedTime) }];
  return addBusinessDays(new Date(requestTime), decisionDays, calendar, [...stops, ...open]);
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
