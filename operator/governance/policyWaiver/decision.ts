/** Stage 3: what is decided about the version. Nothing is ever approved by silence. Pure. */
import type { PolicyWaiverStatus, WaiverDecision } from '../../api/v1alpha1/policyWaiver.ts';
import type { ApprovalRecord } from '../../api/v1alpha1/waiverRecords.ts';
import { obstacleTo, type Obstacle } from './checks.ts';
import { clockOf } from './clock.ts';
import type { Counted, Heard } from './counted.ts';

const mostRecords = 16;

export interface Decision {
  readonly is: WaiverDecision;
  readonly obstacle?: Obstacle;
  /** Whether a decision could be made in this pass. */
  readonly isOpen: boolean;
  /** Those that count, for people. */
  readonly records: readonly ApprovalRecord[];
  readonly clock: Pick<PolicyWaiverStatus, 'decisionDueTime' | 'informationRequestedTime' | 'pauses'>;
}

/** What stage 4 takes. */
export interface Decided extends Heard {
  readonly decision: Decision;
}

export function decisionOf(heard: Heard): Decision {
  const { waiver, world, version, counted } = heard;
  const { wasApproved, hadEnded, isSame } = version;
  const before = isSame ? (waiver.status ?? {}) : {};
  const obstacle = wasApproved || hadEnded ? undefined : obstacleTo(heard);
  // Without the policies nobody knows who wrote an Approval: what was decided stays, and nothing else is.
  const isKnown = world.guard.is === 'intact' && world.outdated === undefined;
  const isOpen = isKnown && !hadEnded && !obstacle && !(wasApproved && !counted.rejection);
  const said = isOpen ? saidBy(counted) : (before.decision ?? (wasApproved ? 'Approved' : 'Pending'));
  const { isPast, ...clock } = clockOf(heard, said);
  return {
    is: said === 'Pending' || said === 'Overdue' ? silence(isPast) : said,
    ...(obstacle && { obstacle }),
    isOpen,
    records: isOpen ? recordsOf(counted) : (before.approvals ?? []),
    clock,
  };
}

/** One rejection is enough; what was asked holds it up unless there are approvals enough. */
function saidBy({ rejection, completedTime, question }: Counted): WaiverDecision {
  if (rejection) return 'Rejected';
  if (completedTime !== undefined) return 'Approved';
  return question ? 'InfoRequested' : 'Pending';
}

function silence(isPast: boolean): WaiverDecision {
  return isPast ? 'Overdue' : 'Pending';
}

function recordsOf({ approvals }: Counted): ApprovalRecord[] {
  return approvals.slice(-mostRecords).map(({ metadata, spec }) => ({
    name: metadata.name,
    approver: spec.approver,
    ...(spec.role !== undefined && { role: spec.role }),
    decision: spec.decision,
    time: metadata.creationTimestamp ?? '',
  }));
}
