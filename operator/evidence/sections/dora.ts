/**
 * The section Dora: the four measures of software delivery, of rollouts of baselines, from the journal alone. A measure of which there are no
 * data is absent, with the reason. Pure.
 */
import { deliveries, type Delivery } from './deliveries.ts';
import { doraSchema } from './doraSchema.ts';
import { heading } from './heading.ts';
import { once } from './once.ts';
import type { Section, SectionInput } from './section.ts';

const day = 86_400_000;

export const dora: Section = {
  name: 'Dora',
  stem: 'dora',
  schema: doraSchema,
  build(input) {
    const measured = once(() => read(input));
    return {
      // A measure without data is nothing that is missing: there was nothing to measure.
      missing: [],
      content: {
        ...heading('Dora', input, []),
        absent: async () => (await measured()).absent,
        deliveries: shown(measured),
        measures: async () => (await measured()).values,
      },
    };
  },
};

interface Measured {
  readonly all: readonly Delivery[];
  readonly values: readonly object[];
  readonly absent: readonly object[];
}

interface Known {
  readonly name: string;
  readonly unit: string;
  readonly samples: number;
  readonly value: number | undefined;
  /** Why there is none, if so. */
  readonly lacking: string;
}

async function read(input: SectionInput): Promise<Measured> {
  const all = await deliveries(input.journal());
  const { start, end } = input.period;
  const isIn = (time: number | undefined): time is number =>
    time !== undefined && time >= start.getTime() && time < end.getTime();
  const exposed = all.filter(({ startTime }) => isIn(startTime));
  const completed = all.filter(({ completionTime }) => isIn(completionTime));
  const failed = exposed.filter(({ hasFailed }) => hasFailed);
  const restored = all.filter(({ hasFailed, restoreTime }) => hasFailed && isIn(restoreTime));
  const days = (end.getTime() - start.getTime()) / day;
  const lead = completed.flatMap(({ startTime, completionTime }) =>
    startTime === undefined || completionTime === undefined ? [] : [(completionTime - startTime) / 1000],
  );
  const restore = restored.flatMap(({ failureTime, restoreTime }) =>
    failureTime === undefined || restoreTime === undefined ? [] : [(restoreTime - failureTime) / 1000],
  );
  const none = 'the journal has no rollout that';
  const known: readonly Known[] = [
    {
      name: 'ChangeFailureRate',
      unit: 'ratio',
      samples: exposed.length,
      value: exposed.length ? failed.length / exposed.length : undefined,
      lacking: `${none} began in the period`,
    },
    {
      name: 'DeploymentFrequency',
      unit: 'per day',
      samples: completed.length,
      // None completed is a frequency of 0 only where rollouts are known at all.
      value: all.length && days > 0 ? completed.length / days : undefined,
      lacking: 'the journal has no rollout in the period',
    },
    {
      name: 'LeadTime',
      unit: 's',
      samples: lead.length,
      value: median(lead),
      lacking: `${none} was completed in the period`,
    },
    {
      name: 'TimeToRestore',
      unit: 's',
      samples: restore.length,
      value: median(restore),
      lacking: `${none} failed, and whose hosts were all back in the period`,
    },
  ];
  return {
    all,
    values: known.flatMap(({ name, unit, samples, value }) =>
      value === undefined ? [] : [{ name, unit, samples, value }],
    ),
    absent: known.flatMap(({ name, value, lacking }) => (value === undefined ? [{ name, reason: lacking }] : [])),
  };
}

async function* shown(measured: () => Promise<Measured>): AsyncIterable<object> {
  for (const delivery of (await measured()).all) {
    const { rollout, revision, hasFailed, isComplete, ...times } = delivery;
    const stamps = Object.entries(times).flatMap(([name, at]) =>
      at === undefined ? [] : [[name, new Date(at).toISOString()] as const],
    );
    yield { rollout, revision, hasFailed, isComplete, ...Object.fromEntries(stamps) };
  }
}

/** Of an even number of values the lower one, so that it is a value that was there. */
function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}
