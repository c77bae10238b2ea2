/** What Approvals are about, whatever its kind: who asked for it, which version is to be decided, and since when. Pure. */
import type { ApprovalSubject } from '../../api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { AwaitedApproval } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';

/** A version of an object, as its Approvals are counted for. */
export interface Subject extends Pick<ApprovalSubject, 'kind' | 'name'> {
  readonly createdTime: string;
  /** Of the version that is to be decided; undefined while nothing is. */
  readonly digest: string | undefined;
  /** Where its digest is shown. */
  readonly digestField: string;
  /** Those who decide nothing about it, because they asked for it. */
  readonly requesters: readonly string[];
  /** Where set, only what was approved after it counts. */
  readonly seen?: Seen;
  /** The version that was approved last, and the one that came to its end last. */
  readonly approved?: PastVersion;
  readonly ended?: PastVersion;
}

/**
 * When Holdfast had seen the version. The apiserver checks who approves by the objects that it has then: what was approved beforehand, be it in the
 * same second, was not checked.
 */
export interface Seen {
  /** Undefined when it has not. */
  readonly time: string | undefined;
  /** Why an Approval that is not later does not count. */
  readonly otherwise: string;
}

interface PastVersion {
  readonly digest: string;
  readonly time: string;
}

export function waiverSubject({ metadata, spec, status = {} }: PolicyWaiver): Subject {
  const { requestedBy, submittedBy } = spec;
  const digest = waiverDigest(spec);
  const requesters = [requestedBy, ...(submittedBy === undefined ? [] : [submittedBy])];
  const { digest: seen, requestTime, pauses = [], approved, ended } = status;
  const isSeen = seen === digest && requestTime !== undefined;
  const time = isSeen ? [requestTime, ...pauses.map(({ endTime }) => endTime)].reduce(later) : undefined;
  const otherwise = `a service account requested PolicyWaiver ${metadata.name}, and it was not created after Holdfast had seen this version`;
  return {
    kind: 'PolicyWaiver',
    name: metadata.name,
    createdTime: metadata.creationTimestamp ?? '',
    digest,
    digestField: 'status.digest',
    requesters,
    // Who approves may not act as the service account that requests.
    ...(requesters.some(isServiceAccount) && { seen: { time, otherwise } }),
    ...(approved && { approved }),
    ...(ended && { ended }),
  };
}

/** Who may change what is rolled out approves no step: by its policy, which is checked by the rollout that the apiserver has. */
export function rolloutSubject(
  { metadata, status }: CanaryRollout,
  awaited: Pick<AwaitedApproval, 'digest' | 'time'> | undefined = status?.approval,
): Subject {
  return {
    kind: 'CanaryRollout',
    name: metadata.name,
    createdTime: metadata.creationTimestamp ?? '',
    digest: awaited?.digest,
    digestField: 'status.approval.digest',
    requesters: [],
    seen: {
      time: awaited?.time,
      otherwise: `it was not created after CanaryRollout ${metadata.name} had begun to wait for it`,
    },
  };
}

function later(a: string, b: string): string {
  return b > a ? b : a;
}

/** Users whose names differ only in case are taken for one: directories log in `Rita` as `rita` too, and the apiserver keeps them apart. */
export function isSamePerson(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isServiceAccount(user: string): boolean {
  return user.startsWith('system:serviceaccount:');
}
