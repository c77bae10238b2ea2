/** What people are woken by about stores of evidence. Pure. */
import { known } from '../../lib/promql.ts';
import type { Alert } from '../../runtime/feature.ts';

const labels = ['resource_namespace', 'evidencestore'] as const;
const named = 'EvidenceStore {{ $labels.evidencestore }} (namespace {{ $labels.resource_namespace }})';
const described =
  'Run `kubectl -n {{ $labels.resource_namespace }} describe evidencestore {{ $labels.evidencestore }}`.';
const impaired = (condition: string): string =>
  `${known(`holdfast_evidence_store_impaired{condition="${condition}"}`, ...labels)} == 1`;

export const storeAlerts: readonly Alert[] = [
  {
    name: 'HoldfastEvidenceStoreNotReady',
    severity: 'warning',
    expr: impaired('Ready'),
    for: '30m',
    summary: 'Evidence cannot be stored.',
    description: `${named} cannot be used, so neither packs nor the journal are stored. ${described}`,
  },
  {
    name: 'HoldfastJournalBehind',
    severity: 'warning',
    expr: impaired('JournalCurrent'),
    for: '15m',
    summary: 'The journal is not stored in time.',
    description: `Entries of the journal of ${named} wait on the disk of the operator, or are lost. ${described}`,
  },
  {
    name: 'HoldfastJournalAltered',
    severity: 'critical',
    expr: impaired('JournalIntact'),
    for: '5m',
    summary: 'The journal was changed in its store.',
    description: `A segment of the journal of ${named} is gone or is not as it was stored. ${described}`,
  },
];
