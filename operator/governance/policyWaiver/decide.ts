/**
 * What a PolicyWaiver tells: what is decided about it, what it covers, and what is late. Nothing of it changes while nothing happens:
 * it looks again when the next thing is due, and writes only when that changed something. Pure.
 */
import type { PolicyWaiver, PolicyWaiverStatus } from '../../api/v1alpha1/policyWaiver.ts';
import { changesOf, expiryOf } from '../../findings/waiver/expiry.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { shortened } from '../../lib/text.ts';
import { zoneNamed } from '../../lib/zone.ts';
import type { DomainConditions, Outcome, Plan } from '../../runtime/feature.ts';
import { untilHeeded } from '../admission.ts';
import { conditionsOf, soon } from './conditions.ts';
import type { WaiverWorld } from './observe.ts';
import { verdictOn, type Verdict } from './verdict.ts';

const retrySeconds = 60;
const outdatedSeconds = 2;
/** As many as the status shows. */
const mostShown = 20;
/** It stands in a column. */
const mostSummary = 500;

export function decideWaiver(waiver: PolicyWaiver, world: WaiverWorld, now: Date): Plan<PolicyWaiver> {
  const verdict = verdictOn({ waiver, world, now });
  const conditions = conditionsOf(verdict);
  return {
    outcome: outcomeOf(verdict),
    conditions,
    status: { ...statusOf(verdict), summary: summaryOf(conditions) },
    actions: [],
  };
}

function statusOf(verdict: Verdict): PolicyWaiverStatus {
  const { world, version, decision, latched, acceptance, closure } = verdict;
  const { matched, accepted, needsReview } = acceptance;
  const required = requiredOf(verdict);
  return {
    digest: version.digest,
    ...(version.requestTime !== undefined && { requestTime: version.requestTime }),
    ...(required && { required }),
    ...decision.clock,
    decision: decision.is,
    ...(decision.records.length && { approvals: [...decision.records] }),
    ...latched.status,
    matchedFindings: matched,
    ...(accepted.length && { accepted: [...accepted] }),
    ...(needsReview.length && { needsReview: needsReview.slice(0, mostShown) }),
    ...(closure.done && { closure: closure.done }),
    ...(world.admission.record && { admission: world.admission.record }),
  };
}

/** A baseline that is gone, and may come back with other rules, changes nothing about it. */
function requiredOf({ waiver, counted: { rule } }: Verdict): PolicyWaiverStatus['required'] {
  if (!rule) return waiver.status?.required;
  const { approvals, roles, maxDays } = rule;
  return { approvals, ...(roles.length && { roles: [...roles] }), maxDays };
}

function outcomeOf(verdict: Verdict): Outcome {
  const { world, counted, decision, latched, lifetime } = verdict;
  const recheck = untilNextChange(verdict);
  const { obstacle } = decision;
  if (obstacle) {
    // While an emergency lasts, its end must be noticed.
    const heeded = untilHeeded(world.guard, verdict.now);
    return lifetime.reviewDue === undefined
      ? { is: 'stalled', ...obstacle, ...(heeded !== undefined && { recheckAfter: heeded }) }
      : { is: 'waiting', ...obstacle, recheckAfter: recheck ?? retrySeconds };
  }
  if (world.guard.is === 'broken' && !latched.isApproved && !latched.hasEnded)
    return {
      is: 'waiting',
      reason: 'ApprovalPolicyMissing',
      message: world.guard.message,
      recheckAfter: recheck ?? retrySeconds,
    };
  if (world.outdated !== undefined)
    return { is: 'waiting', reason: 'ChangesPending', message: world.outdated, recheckAfter: outdatedSeconds };
  return {
    is: 'ready',
    reason: 'Evaluated',
    message: oddZone(counted.scope.rules?.timeZone) ?? 'see conditions Approved and Effective',
    ...(recheck !== undefined && { recheckAfter: recheck }),
  };
}

function oddZone(zone: string | undefined): string | undefined {
  if (zone === undefined || zoneNamed(zone)) return undefined;
  return `business days are counted in Etc/UTC, because time zone ${zone} does not exist; fix \`spec.waivers.timeZone\` of its baseline`;
}

/** Seconds until the next instant at which something about it may be another. */
function untilNextChange({ waiver, decision, lifetime, closure, now }: Verdict): number | undefined {
  const { periods, span, reviewDue } = lifetime;
  const times = [
    ...changesOf(periods),
    ...(span ? soon.map((before) => span.until - before) : []),
    ...(reviewDue === undefined ? [] : [reviewDue]),
    expiryOf(waiver.spec),
    Date.parse(decision.clock.decisionDueTime ?? ''),
    ...closure.open.map(({ due }) => due),
  ].filter((time) => time > now.getTime());
  return times.length ? secondsUntil(new Date(Math.min(...times)), now) : undefined;
}

/** What matters most, in one line. */
function summaryOf({ Approved, Effective, NeedsReview, BreakGlass }: DomainConditions): string {
  const isApproved = Approved?.status === 'True';
  const main = BreakGlass?.status === 'True' ? BreakGlass : isApproved ? Effective : Approved;
  const also = NeedsReview ? 'needs review; ' : '';
  return shortened(`${also}${main?.message ?? ''}`.replaceAll(/[\u0000-\u001f\u007f]+/g, ' '), mostSummary);
}
