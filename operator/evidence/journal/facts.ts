/**
 * What each kind decides beside its conditions and findings, and is journaled: a row a kind. A fact that is another with every pass, such as an age or a
 * count of samples, does not belong here: it would fill the journal. Pure.
 */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';

export interface KindFacts {
  /** Of what runs once: how far it is. */
  readonly phase?: 'started' | 'completed';
  readonly facts: Readonly<Record<string, unknown>>;
}

/** `reason` is that of the outcome. */
type Row = (object: Resource, status: object, reason: string) => KindFacts;

/** A row that is written with the types of its kind. */
function row<R extends Resource>(
  of: (object: R, status: NonNullable<R['status']>, reason: string) => KindFacts | KindFacts['facts'],
): Row {
  return (object, status, reason) => {
    const facts = of(object as R, status, reason);
    return isPhased(facts) ? facts : { facts };
  };
}

function isPhased(facts: KindFacts | KindFacts['facts']): facts is KindFacts {
  return 'facts' in facts;
}

export const factsByKind: Readonly<Partial<Record<string, Row>>> = {
  AnsibleRun: row<AnsibleRun>(({ spec }, status, reason) => {
    const { startTime, finishTime, completionTime, summary, failures, before } = status;
    const isOver = completionTime !== undefined;
    return {
      ...(isOver ? { phase: 'completed' } : startTime !== undefined ? { phase: 'started' } : {}),
      facts: {
        mode: spec.mode ?? 'Apply',
        backend: spec.backend,
        baseline: spec.baselineRef?.name,
        revision: spec.revision,
        revertOf: spec.revertOf?.name,
        hosts: isOver ? status.hosts : spec.deviceNames,
        corrections: spec.corrections,
        before,
        startTime,
        ...(isOver && { finishTime, completionTime, summary, failures }),
        // Of a run that was over before it was first journaled: as its status shows it, which others may have written.
        ...(reason === 'Complete' && { asStored: true }),
      },
    };
  }),
  PolicyWaiver: row<PolicyWaiver>(({ spec }, status) => ({
    source: spec.source,
    checks: spec.checks,
    targets: spec.targets,
    reason: spec.reason,
    risk: spec.risk,
    ticket: spec.ticket,
    compensatingControls: spec.compensatingControls,
    closurePlan: spec.closurePlan,
    requestedBy: spec.requestedBy,
    submittedBy: spec.submittedBy,
    effectiveTime: spec.effectiveTime,
    expiryTime: spec.expiryTime,
    breakGlass: spec.breakGlass,
    digest: status.digest,
    decision: status.decision,
    approvals: status.approvals,
    approved: status.approved,
    ended: status.ended,
    breakGlassTime: status.breakGlassTime,
    accepted: status.accepted,
  })),
  Approval: row<Approval>(({ spec }) => ({ ...spec })),
  MaintenanceWindow: row<MaintenanceWindow>(({ spec }) => ({
    timeZone: spec.timeZone,
    windows: spec.windows,
    freezes: spec.freezes,
    emergency: spec.emergency,
  })),
  CanaryRollout: row<CanaryRollout>((_, status) => ({
    revision: status.revision,
    previousRevision: status.previousRevision,
    step: status.step,
    exposedPercent: status.exposedPercent,
    startTime: status.startTime,
    completionTime: status.completionTime,
    failure: status.failure,
    rollback: status.rollback && {
      startTime: status.rollback.startTime,
      reason: status.rollback.reason,
      rejects: status.rollback.rejects,
      completionTime: status.rollback.completionTime,
    },
    verdicts: status.verdicts,
    approval: status.approval && { step: status.approval.step, digest: status.approval.digest },
  })),
  ClusterBaseline: row<ClusterBaseline>(({ spec }, status) => ({
    mode: spec.mode,
    revision: status.revision,
    // What is found beyond what reports have room for.
    hasMoreFindings: (status.moreFindings ?? 0) > 0,
  })),
  DeviceBaseline: row<DeviceBaseline>(({ spec }, status) => ({ mode: spec.mode, revision: status.revision })),
};
