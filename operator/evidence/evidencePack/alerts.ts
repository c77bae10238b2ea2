/** What people are woken by about evidence. Pure. */
import { known } from '../../lib/promql.ts';
import type { Alert } from '../../runtime/feature.ts';

const labels = ['resource_namespace', 'evidencepack'] as const;
const named = 'EvidencePack {{ $labels.evidencepack }} (namespace {{ $labels.resource_namespace }})';
const described = 'Run `kubectl -n {{ $labels.resource_namespace }} describe evidencepack {{ $labels.evidencepack }}`.';

export const packAlerts: readonly Alert[] = [
  {
    name: 'HoldfastEvidenceNotStored',
    severity: 'warning',
    expr: `${known('holdfast_evidence_pack_impaired{condition="Stored"}', ...labels)} == 1`,
    for: '1h',
    summary: 'A pack of evidence is due and not stored.',
    description: `${named} has a pack that is due and was not stored. ${described}`,
  },
  {
    name: 'HoldfastEvidenceChainBroken',
    severity: 'critical',
    expr: `${known('holdfast_evidence_pack_impaired{condition="ChainIntact"}', ...labels)} == 1`,
    for: '5m',
    summary: 'Evidence that was stored is missing or replaced.',
    description: `The store of ${named} does not have what was stored. ${described}`,
  },
];
