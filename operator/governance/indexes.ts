/** Indexes that governance needs: by which values objects are found in the cache. */
import { resources } from '../api/generated/resources.ts';
import type { Approval } from '../api/v1alpha1/approval.ts';
import type { DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
import type { Index } from '../runtime/feature.ts';

/** Under `DeviceBaseline/rhel9`. */
export const reportsByBaseline: Index<DriftReport> = {
  kind: resources.DriftReport,
  name: 'baseline',
  valuesOf: (report) => {
    const source = report.status?.source;
    return source === undefined ? [] : [`${source.kind}/${source.name}`];
  },
};

/** Under `ClusterBaseline/no-latest`. */
export const waiversByBaseline: Index<PolicyWaiver> = {
  kind: resources.PolicyWaiver,
  name: 'baseline',
  valuesOf: (waiver) => {
    const { kind, name } = waiver.spec.source;
    return [`${kind}/${name}`];
  },
};

/** Under the name of the PolicyWaiver. */
export const approvalsBySubject: Index<Approval> = {
  kind: resources.Approval,
  name: 'subject',
  valuesOf: (approval) => [approval.spec.subjectRef.name],
};
