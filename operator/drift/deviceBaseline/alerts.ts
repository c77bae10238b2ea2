/** What people are woken by about drift that is to be corrected and stays, of both kinds of baselines. Pure. */
import { by, known, on } from '../../lib/promql.ts';
import type { Alert } from '../../runtime/feature.ts';

const source = ['kind', 'resource_namespace', 'source'] as const;
const named = '{{ $labels.kind }} {{ $labels.source }} (namespace {{ $labels.resource_namespace }})';
const described = 'Run `kubectl -n {{ $labels.resource_namespace }} describe {{ $labels.kind }} {{ $labels.source }}`.';

/** By severity, which an alert has as a label of its own: added up, so that both of a baseline are one alert. */
const serious = 'sum without (target) (last_over_time(holdfast_findings{severity=~"Critical|High"}[10m]))';
const open = `sum ${by(...source)} (max ${by(...source, 'severity')} (${serious})) > 0`;
const enforced = `${known('holdfast_enforced', ...source)} == 1`;

function impeded(conditions: string): string {
  return `${known(`holdfast_corrections_impeded{condition=~"${conditions}"}`, ...source, 'condition')} == 1`;
}

export const baselineAlerts: readonly Alert[] = [
  {
    name: 'HoldfastDriftNotCorrected',
    severity: 'warning',
    // A closed window is intended.
    expr: `${open} and ${on(...source)} (${enforced}) unless ${on(...source)} (${impeded('WaitsForWindow')})`,
    for: '2h',
    summary: 'Serious drift stays although it is to be corrected.',
    description: `For two hours, {{ $value }} findings of severity Critical or High of ${named} have been open in mode Enforce. ${described}`,
  },
  {
    name: 'HoldfastCorrectionsFailed',
    severity: 'warning',
    expr: impeded('CorrectionFailed|CorrectionHalted|Contended'),
    for: '15m',
    summary: 'Corrections failed, and were stopped.',
    description: `${named} has the condition {{ $labels.condition }}: what drifted stays so until someone acts. ${described}`,
  },
  {
    name: 'HoldfastCorrectionsBlocked',
    severity: 'warning',
    expr: impeded('CorrectionBlocked'),
    for: '30m',
    summary: 'Corrections cannot start.',
    description: `${named} has the condition {{ $labels.condition }}: something that it needs is missing or refused. ${described}`,
  },
];
