/**
 * Stage 1: the version of a request that is to be decided, and since when. An edit that answers a question goes on with the clock; any
 * other edit is a new request. Pure.
 */
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { RequestPause } from '../../api/v1alpha1/waiverRecords.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { WaiverWorld } from './observe.ts';

const mostPauses = 16;

/** All that a waiver is evaluated from: no stage looks anywhere else. */
export interface Given {
  /** With its status as it was left by the pass before. */
  readonly waiver: PolicyWaiver;
  readonly world: WaiverWorld;
  readonly now: Date;
}

export interface Version {
  readonly digest: string;
  /** None when it was first seen while the apiserver did not check who asks: then nobody knows who did. */
  readonly requestTime?: string;
  /** Times in which information was awaited, that are over. */
  readonly pauses: readonly RequestPause[];
  /** A question to this version that is not answered. */
  readonly askedTime?: string;
  /** Whether the pass before was about it. */
  readonly isSame: boolean;
  /** Whether the apiserver made sure who asks for it. */
  readonly isChecked: boolean;
  readonly wasApproved: boolean;
  /** It came to its end, and never comes to life again. */
  readonly hadEnded: boolean;
}

/** What stage 2 takes. */
export interface Versioned extends Given {
  readonly version: Version;
}

export function versionOf(given: Given): Version {
  const { waiver, world } = given;
  const { guard, admission } = world;
  const { digest: seen, approved, ended } = waiver.status ?? {};
  const digest = waiverDigest(waiver.spec);
  const isSame = seen === digest;
  const isChecked = guard.is === 'intact' && admission.isChecked;
  return {
    digest,
    ...requestOf(given, isSame),
    isSame,
    isChecked,
    wasApproved: approved?.digest === digest,
    hadEnded: ended?.digest === digest,
  };
}

function requestOf(
  { waiver: { status = {} }, world: { guard }, now }: Given,
  isSame: boolean,
): Pick<Version, 'requestTime' | 'pauses' | 'askedTime'> {
  const { requestTime, pauses = [], informationRequestedTime: askedTime } = status;
  const since = requestTime === undefined ? {} : { requestTime };
  const isBegun = requestTime !== undefined || guard.is === 'broken';
  if (isSame && isBegun) return { ...since, pauses, ...(askedTime !== undefined && { askedTime }) };
  if (guard.is === 'broken') return { pauses: [] };
  if (askedTime === undefined) return { requestTime: timestamp(now), pauses: [] };
  return { ...since, pauses: withPause(pauses, askedTime, now) };
}

export function withPause(pauses: readonly RequestPause[], startTime: string, now: Date): RequestPause[] {
  return [...pauses, { startTime, endTime: timestamp(now) }].slice(-mostPauses);
}
