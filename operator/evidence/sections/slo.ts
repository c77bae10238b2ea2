/**
 * The section Slo: what the services of the namespace attain. Only a status that Holdfast sealed, about the objective as it is declared now and not older
 * than three intervals, is shown; of everything else it is said that it is missing. Pure.
 */
import { objectiveRevision } from '../../api/objectiveRevision.ts';
import { resources } from '../../api/generated/resources.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { duration } from '../../lib/text.ts';
import { byText, heading } from './heading.ts';
import { count, list, object, sectionSchema, text, time, truth } from './schema.ts';
import type { Missing, Section } from './section.ts';

const freshIntervals = 3;
const defaults = { windowDays: 30, intervalSeconds: 60 } as const;

const schema = sectionSchema(
  {
    name: 'Slo',
    description:
      'Service level objectives, and what is attained. Percentages are decimal text, as they were calculated.',
  },
  {
    objectives: list(
      'Every ServiceLevelObjective of the namespace, by name.',
      object('An objective.', {
        name: text('Its name.'),
        objectivePercent: text('The share of the events that must be good.'),
        windowDays: count('The rolling time window, in days.'),
        isKnown: truth('Whether what is attained is known. Otherwise there are no numbers.'),
        'attainmentPercent?': text('The share of the events that were good, rounded down.'),
        'errorBudgetRemainingPercent?': text(
          'What is left of the error budget; negative if more was spent than there is.',
        ),
        'isMet?': truth('Whether the objective is met; absent where there are too few events to say so.'),
        'samples?': count('How many events there were.'),
        'observedTime?': time('When Prometheus last answered, or confirmed it.'),
        quality: list(
          'What is wrong with the data.',
          object('One thing.', { reason: text('What, in one word.'), message: text('What, in a sentence.') }),
        ),
      }),
    ),
  },
);

export const slo: Section = {
  name: 'Slo',
  stem: 'slo',
  schema,
  build(input) {
    const objectives = input.read
      .list(resources.ServiceLevelObjective, input.namespace)
      .toSorted((a, b) => byText(a.metadata.name, b.metadata.name))
      .map((objective) => ({ objective, doubt: doubtOf(objective, input.now) }));
    const missing = objectives.flatMap(({ objective, doubt }): Missing[] =>
      doubt === undefined ? [] : [{ what: `ServiceLevelObjective ${objective.metadata.name}`, reason: doubt }],
    );
    return {
      missing,
      content: {
        ...heading('Slo', input, missing),
        objectives: objectives.map(({ objective, doubt }) => shown(objective, doubt === undefined)),
      },
    };
  },
};

function shown({ metadata, spec, status = {} }: ServiceLevelObjective, isKnown: boolean): object {
  const { attainmentPercent, errorBudgetRemainingPercent, samples, observedTime, quality = [] } = status;
  return {
    name: metadata.name,
    objectivePercent: spec.objectivePercent,
    windowDays: spec.windowDays ?? defaults.windowDays,
    isKnown,
    ...(isKnown && {
      attainmentPercent,
      errorBudgetRemainingPercent,
      samples: typeof samples === 'bigint' ? Number(samples) : samples,
      observedTime,
      ...((samples ?? 0) >= (spec.minSamples ?? 1) && {
        isMet: Number(attainmentPercent) >= Number(spec.objectivePercent),
      }),
    }),
    quality: isKnown ? quality.map(({ reason, message }) => ({ reason, message })) : [],
  };
}

/** Why nothing that its status says is shown. */
function doubtOf({ metadata, spec, status }: ServiceLevelObjective, now: Date): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (isSuspended(spec.suspend, now)) return 'it is suspended';
  // Of a status whose seal does not fit, the cache has nothing else.
  if (status?.seal === undefined || status.observedTime === undefined) return 'it is not evaluated yet';
  if (status.revision !== objectiveRevision(spec)) return 'it has changed since it was evaluated';
  const age = (now.getTime() - Date.parse(status.observedTime)) / 1000;
  const interval = spec.intervalSeconds ?? defaults.intervalSeconds;
  if (!(age >= -interval && age <= freshIntervals * interval))
    return `it was last observed ${duration(Math.abs(age))} ${age < 0 ? 'in the future' : 'ago'}`;
  if (status.attainmentPercent === undefined)
    return status.quality?.length ? status.quality.map(({ message }) => message).join('; ') : 'it has too few events';
  return undefined;
}
