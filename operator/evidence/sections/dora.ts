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
  const values: object[] = [];
  const measure = (name: string, unit: string, samples: number, value: number | undefined, lacking: string): void => {
    if (value === undefined) missing.push({ what: `measure ${name}`, reason: lacking });
    else values.push({ name, unit, value, samples });
  };
  const none = 'the journal has no rollout that';
  measure(
    'ChangeFailureRate',
    'ratio',
    exposed.length,
    exposed.length ? failed.length / exposed.length : undefined,
    `${none} began in the period`,
  );
  // No rollout in a period is a frequency of 0 only where rollouts are known at all.
  measure(
    'DeploymentFrequency',
    'per day',
    completed.length,
    all.length && days > 0 ? completed.length / days : undefined,
    'the journal has no rollout in the period',
  );
  measure('LeadTime', 's', lead.length, median(lead), `${none} was completed in the period and whose start it has`);
  measure('TimeToRestore', 's', restore.length, median(restore), `${none} failed and was taken back in the period`);
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
