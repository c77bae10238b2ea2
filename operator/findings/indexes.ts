/** Indexes over what is about a source of findings, under `sourceId`. */
import { resources } from '../api/generated/resources.ts';
import type { DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
import type { Index } from '../runtime/feature.ts';
import { sourceId } from './source.ts';

export const reportsBySource: Index<DriftReport> = {
  kind: resources.DriftReport,
  name: 'source',
  valuesOf: ({ status }) => (status?.source ? [sourceId(status.source.kind, status.source.name)] : []),
};

export const waiversBySource: Index<PolicyWaiver> = {
  kind: resources.PolicyWaiver,
  name: 'source',
  valuesOf: ({ spec }) => [sourceId(spec.source.kind, spec.source.name)],
};
