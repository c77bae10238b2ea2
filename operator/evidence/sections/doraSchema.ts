/** The schema of the section Dora, with the definitions of its measures. Pure. */
import { count, list, number, object, oneOf, sectionSchema, text, time, truth } from './schema.ts';

const definitions = [
  '`ChangeFailureRate`: rollouts that began in the period and were taken back or stopped as failed, of all that began in it; a rollout that failed twice counts once.',
  '`DeploymentFrequency`: rollouts that were completed in the period, per day.',
  '`LeadTime`: from the first host that was assigned a revision until the rollout was complete, the median. When the change was committed is not known to Holdfast.',
  '`TimeToRestore`: from the beginning of a rollback until every host was back, the median of those that ended in the period.',
];

export const doraSchema = sectionSchema(
  {
    name: 'Dora',
    description:
      'Measures of software delivery after DORA (https://dora.dev/guides/dora-metrics-four-keys/), applied to rollouts of baselines. No class such as `Elite` is given: editions differ. Small samples say little: see `samples`.',
  },
  {
    deliveries: list(
      'The rollouts that the measures are made of, in the order of the journal.',
      object('A revision that a rollout brought to hosts.', {
        rollout: text('The CanaryRollout.'),
        revision: text('Digest of the checks.'),
        'startTime?': time('When the first host was assigned it.'),
        'completionTime?': time('When the rollout was complete.'),
        'failureTime?': time('When it was found to fail.'),
        'restoreTime?': time('When every host was back.'),
        hasFailed: truth('Whether it was taken back, or stopped as failed.'),
        isComplete: truth('Whether it was completed.'),
      }),
    ),
    measures: list(
      `The measures of which there are data. ${definitions.join(' ')}`,
      object('A measure.', {
        name: oneOf('Its name.', ['ChangeFailureRate', 'DeploymentFrequency', 'LeadTime', 'TimeToRestore']),
        unit: oneOf('Its unit.', ['ratio', 'per day', 's']),
        value: number('Its value.'),
        samples: count('How many rollouts it is made of.'),
      }),
    ),
  },
);
