/**
 * The section Dora: the four measures of software delivery, of rollouts of baselines, from the journal alone. A measure of which there are no
 * data is absent, with the reason. Pure.
 */
import { deliveries, type Delivery } from './deliveries.ts';
import { doraSchema } from './doraSchema.ts';
import { heading } from './heading.ts';
import type { Missing, Section, SectionInput } from './section.ts';

const day = 86_400_000;

export const dora: Section = {
  name: 'Dora',
  stem: 'dora',
  schema: doraSchema,
  build(input) {
    const missing: Missing[] = [];
    const measured = measures(input, missing);
    return {
      missing,
      content: {
        ...heading('Dora', input, missing),
        // It is written before `missing`, and is read from the journal only then.
        deliveries: shown(measured),
        measures: lazily(measured, ({ values }) => values),
      },
    };
  },
};

interface Measured {
  readonly all: readonly Delivery[];
  readonly values: readonly object[];
}

interface Known {
  readonly name: string;
  readonly unit: string;
  readonly samples: number;
  readonly value: number | undefined;
  /** Why there is none, if so. */
  readonly lacking: string;
}

/** Read once, when it is asked for. */
function measures(input: SectionInput, missing: Missing[]): () => Promise<Measured> {
  let made: Promise<Measured> | undefined;
  return () => (made ??= read(input, missing));
}

async function read(input: SectionInput, missing: Missing[]): Promise<Measured> {
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
  const values = known.flatMap(({ lacking, value, ...measure }) => {
    if (value === undefined) missing.push({ what: `measure ${measure.name}`, reason: lacking });
    return value === undefined ? [] : [{ ...measure, value }];
  });
  return { all, values };
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

async function* lazily(
  measured: () => Promise<Measured>,
  take: (measured: Measured) => readonly object[],
): AsyncIterable<object> {
  yield* take(await measured());
}

/** Of an even number of values the lower one, so that it is a value that was there. */
function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}
