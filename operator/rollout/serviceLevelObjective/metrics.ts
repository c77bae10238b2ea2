/** Measurements of ServiceLevelObjectives, from their statuses: what is not known, or grew old, has no sample. */
import { resources } from '../../api/generated/resources.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { budgetOf } from '../../lib/burnRate.ts';
import type { Gauge, Reader, Sample } from '../../runtime/feature.ts';
import { objectiveGate } from './gate.ts';

const own = ['resource_namespace', 'name'];

export const objectiveGauges: readonly Gauge[] = [
  {
    name: 'holdfast_slo_objective_ratio',
    help: 'Share of the events that must be good.',
    labels: own,
    samples: (read) => each(read, (slo) => [sample(slo, 1 - budgetOf(slo.spec.objectivePercent))]),
  },
  {
    name: 'holdfast_slo_known',
    help: '1 if what is attained is known now, 0 if there is no data, no answer, or it is suspended.',
    labels: own,
    samples: (read, now) => each(read, (slo) => [sample(slo, objectiveGate(slo, now).isKnown ? 1 : 0)]),
  },
  {
    name: 'holdfast_slo_attainment_ratio',
    help: 'Share of the events of the time window that were good.',
    labels: own,
    samples: (read, now) => each(read, (slo) => percent(slo, now, slo.status?.attainmentPercent)),
  },
  {
    name: 'holdfast_slo_error_budget_remaining_ratio',
    help: 'Share of the error budget that is left; negative when more was spent than there is.',
    labels: own,
    samples: (read, now) => each(read, (slo) => percent(slo, now, slo.status?.errorBudgetRemainingPercent)),
  },
  {
    name: 'holdfast_slo_burn_rate',
    help: 'How fast the error budget burns, by window: 1 spends it by the end of the time window.',
    labels: [...own, 'window'],
    samples: (read, now) =>
      each(read, (slo) =>
        objectiveGate(slo, now).isKnown
          ? (slo.status?.burnRates ?? []).map(({ window, rate }) => sample(slo, Number(rate), { window }))
          : [],
      ),
  },
];

function each(read: Reader, samplesOf: (slo: ServiceLevelObjective) => Sample[]): Sample[] {
  return read.list(resources.ServiceLevelObjective, '').flatMap(samplesOf);
}

function percent(slo: ServiceLevelObjective, now: Date, text: string | undefined): Sample[] {
  return text === undefined || !objectiveGate(slo, now).isKnown ? [] : [sample(slo, Number(text) / 100)];
}

function sample({ metadata }: ServiceLevelObjective, value: number, more: Record<string, string> = {}): Sample {
  return { labels: { resource_namespace: metadata.namespace ?? '', name: metadata.name, ...more }, value };
}
