/**
 * What a PolicyWaiver tells: what is decided about it, what it covers, and what is late. Nothing of it changes while nothing happens:
 * it looks again when the next thing is due, and writes only when that changed something. Pure.
 */
import type { PolicyWaiver, PolicyWaiverStatus } from '../../api/v1alpha1/policyWaiver.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { shortened } from '../../lib/text.ts';
import { zoneNamed } from '../../lib/zone.ts';
import type { DomainConditions, Outcome, Plan } from '../../runtime/feature.ts';
import { acceptanceOf, statusOf } from './acceptance.ts';
import { closureOf, openTasks } from './closure.ts';
import { conditionsOf, soon } from './conditions.ts';
import { decisionFor, type Decided } from './decision.ts';
import type { WaiverWorld } from './observe.ts';
import { spanOf, stateOf } from './state.ts';
import { breakGlassMilliseconds, changesOf, isBreakingGlass } from './waiverFor.ts';

const retrySeconds = 60;
/** It stands in a column. */
const mostSummary = 500;

export function decideWaiver(waiver: PolicyWaiver, world: WaiverWorld, now: Date): Plan<PolicyWaiver> {
  const decided = decisionFor(waiver, world, now);
  const accepted = waiver.status?.accepted;
  const settled: PolicyWaiver = { ...waiver, status: { ...decided.status, ...(accepted && { accepted }) } };
  const acceptance = acceptanceOf(settled, world.targets, decided.isFresh, now);
  const closure = closureOf(waiver);
  const status: PolicyWaiverStatus = { ...decided.status, ...statusOf(acceptance), ...(closure && { closure }) };
  const next: PolicyWaiver = { ...waiver, status };
  const state = stateOf(next, world.baseline, now);
  const conditions = conditionsOf({ waiver: next, world, decided, acceptance, state, now });
  return {
    outcome: outcomeOf(next, world, decided, now),
    conditions,
    status: { ...status, summary: summaryOf(conditions) },
    actions: [],
  };
}

function outcomeOf(waiver: PolicyWaiver, world: WaiverWorld, decided: Decided, now: Date): Outcome {
  const recheck = untilNextChange(waiver, world, now);
  const { obstacle, status, version } = decided;
  if (obstacle) {
    // While an emergency lasts, its end must be noticed.
    return isBreakingGlass(waiver)
      ? { is: 'waiting', ...obstacle, recheckAfter: recheck ?? retrySeconds }
      : { is: 'stalled', ...obstacle };
  }
  const isSettled = status.approved?.digest === version.digest || status.ended?.digest === version.digest;
  if (world.guard.is === 'broken' && !isSettled)
    return {
      is: 'waiting',
      reason: 'ApprovalPolicyMissing',
      message: world.guard.message,
      recheckAfter: recheck ?? retrySeconds,
    };
  const zone = world.baseline?.rules?.timeZone;
  const isOdd = zone !== undefined && !zoneNamed(zone);
  return {
    is: 'ready',
    reason: 'Judged',
    message: isOdd
      ? `business days are counted in Etc/UTC, because there is no zone ${zone}: correct spec.waivers.timeZone of its baseline`
      : 'see conditions Approved and Effective',
    ...(recheck !== undefined && { recheckAfter: recheck }),
  };
}

/** Seconds until the next instant at which something about it may be another. */
function untilNextChange(waiver: PolicyWaiver, { baseline }: WaiverWorld, now: Date): number | undefined {
  const { spec, status } = waiver;
  const until = spanOf(waiver, baseline)?.until;
  const review = isBreakingGlass(waiver) ? [Date.parse(status?.breakGlassTime ?? '') + breakGlassMilliseconds] : [];
  const times = [
    ...changesOf(waiver, baseline?.rules),
    ...(until === undefined ? [] : soon.map((before) => until - before)),
    ...review,
    Date.parse(spec.expiryTime),
    Date.parse(status?.decisionDueTime ?? ''),
    ...openTasks(waiver).map(({ due }) => due),
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
