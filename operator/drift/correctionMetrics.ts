/** Which baselines correct what drifts, and what keeps them from it: from the cache, for alerts on drift that stays. */
import { isSuspended } from '../api/suspension.ts';
import type { Resource, ResourceStatus, Suspend } from '../api/v1alpha1/shared.ts';
import type { FindingSource } from '../findings/source.ts';
import type { Gauge, Reader } from '../runtime/feature.ts';
import { clusterBaselineSource } from './clusterBaseline/source.ts';
import { deviceBaselineSource } from './deviceBaseline/source.ts';

/** Conditions of baselines that say why a correction does not come. */
export const impediments = [
  'Contended',
  'CorrectionBlocked',
  'CorrectionFailed',
  'CorrectionHalted',
  'ManualActionRequired',
  'WaitsForWindow',
] as const;

type Baseline = Resource<{ mode?: string; suspend?: Suspend }, ResourceStatus>;

const labels = ['kind', 'resource_namespace', 'source'] as const;

export const correctionGauges: readonly Gauge[] = [
  {
    name: 'holdfast_enforced',
    help: 'Whether a baseline corrects what drifts: its mode is Enforce, and it is not suspended.',
    labels,
    samples: (read, now) =>
      baselines(read).map(({ own, baseline: { spec } }) => ({
        labels: own,
        value: spec.mode === 'Enforce' && !isSuspended(spec.suspend, now) ? 1 : 0,
      })),
  },
  {
    name: 'holdfast_corrections_impeded',
    help: 'Whether a baseline has a condition that says why corrections do not come.',
    labels: [...labels, 'condition'],
    samples: (read) =>
      baselines(read).flatMap(({ own, baseline: { status } }) =>
        impediments.map((condition) => ({
          labels: { ...own, condition },
          value: status?.conditions?.some(({ type, status: is }) => type === condition && is === 'True') ? 1 : 0,
        })),
      ),
  },
];

function baselines(read: Reader) {
  return [...of(deviceBaselineSource, read), ...of(clusterBaselineSource, read)];
}

/** With the labels that its findings have. */
function of<S extends Resource>(source: FindingSource<S>, read: Reader) {
  const { kind } = source.kind;
  return read.list(source.kind, '').map((object) => ({
    own: { kind, resource_namespace: source.home(object), source: object.metadata.name },
    baseline: object as unknown as Baseline,
  }));
}
