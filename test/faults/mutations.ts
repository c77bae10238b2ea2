/**
 * Each leaf of each spec is changed in every way, by the schema of its kind, and put back, with a running operator: it must settle or say why
 * not, and be afterwards what it was before, with the same children. What is not valid is refused, and the refusal names the field.
 */
import type { Fault, FaultResult } from './faults.ts';
import { startMutationBed, type MutationBed } from './mutations/bed.ts';
import { Stage, type Trial } from './mutations/stage.ts';
import { subjects, type Subject } from './mutations/subjects.ts';
import { mutationsOf, type Mutation } from './mutations/walk.ts';

/** Places at once: they wait most of the time. */
const places = Number(process.env['PLACES'] ?? 24);

/** What became of one place. */
export interface Outcome {
  readonly subject: Subject;
  readonly trials: readonly Trial[];
  /** What is not as it must be at its beginning or its end. */
  readonly problems: readonly string[];
}

/** Indexes into `mutationsOf` the subject, which are the same in all places. */
export interface Planned {
  readonly subject: Subject;
  readonly indexes: readonly number[];
}

export const mutations: Fault = async (say, signal, { only, isPart }) => {
  const planned = plan(only, isPart ? firstOfEach() : undefined);
  const bed = await startMutationBed();
  try {
    return report(bed, await runAll(bed, planned, { say, signal, places }));
  } finally {
    await bed.stop();
  }
};

/** All when none is named; `Device` or `Device:spec.ssh.port`, as reports print them. */
export function plan(
  only: readonly string[],
  choose: (mutation: Mutation, index: number, subject: Subject) => boolean = () => true,
): Planned[] {
  return subjects.flatMap((subject) => {
    const all = mutationsOf(subject.schema, subject.spec('case-0'));
    const isWanted = ({ path }: Mutation) =>
      only.length === 0 || only.some((one) => one === subject.name || one === `${subject.name}:${path}`);
    const indexes = [...all.keys()].filter((index) => isWanted(all[index]!) && choose(all[index]!, index, subject));
    return indexes.length > 0 ? [{ subject, indexes }] : [];
  });
}

/** Of each leaf a value that is valid, and one that is not. */
function firstOfEach(): (mutation: Mutation, index: number, subject: Subject) => boolean {
  const met = new Set<string>();
  return ({ path, isValid }, _index, { name }) => {
    const { size } = met;
    return met.add(`${name} ${path} ${isValid}`).size > size;
  };
}

export async function runAll(
  bed: MutationBed,
  planned: readonly Planned[],
  { say, signal, places }: { say: (line: string) => void; signal: AbortSignal; places: number },
): Promise<Outcome[]> {
  const began = performance.now();
  const total = planned.reduce((sum, { indexes }) => sum + indexes.length, 0);
  let done = 0;
  const runPlace = async (subject: Subject, waiting: number[]): Promise<Outcome> => {
    const trials: Trial[] = [];
    const problems: string[] = [];
    try {
      const stage = await Stage.begin(bed, subject);
      for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
        const trial = await stage.try(mutationsOf(subject.schema, subject.spec(stage.id))[next]!);
        trials.push(trial);
        for (const problem of trial.problems) say(`${trialName(subject, trial)}: ${problem}`);
        if ((done += 1) % 100 === 0)
          say(`${done} of ${total} mutations after ${Math.round((performance.now() - began) / 1000)} s`);
      }
      problems.push(...(await stage.end()));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    for (const problem of problems) say(`${subject.name}: ${problem}`);
    return { subject, trials, problems };
  };
  const running = planned.flatMap(({ subject, indexes }) => {
    const waiting = [...indexes];
    const share = Math.ceil((places * indexes.length) / total);
    return Array.from({ length: share }, () => runPlace(subject, waiting));
  });
  return Promise.all(running);
}

export function report({ operator }: Pick<MutationBed, 'operator'>, outcomes: readonly Outcome[]): FaultResult {
  const bySubject = Map.groupBy(outcomes, ({ subject }) => subject);
  const bugs = operator
    .log()
    .split('\n')
    .filter((line) => line.includes('is a bug'));
  return {
    count: outcomes.reduce((sum, { trials }) => sum + trials.length, 0),
    lines: [...bySubject].map(([{ name }, of]) => {
      const trials = of.flatMap((one) => one.trials);
      const leaves = new Set(trials.map(({ mutation }) => mutation.path.replace(/\[\d+\]/g, '[]'))).size;
      const count = (outcome: Trial['outcome']) => trials.filter((trial) => trial.outcome === outcome).length;
      return `${name}: ${trials.length} mutations of ${leaves} fields: ${count('changed')} put back, ${count('same')} without effect, ${count('refused')} refused`;
    }),
    problems: [
      ...outcomes.flatMap(({ subject, trials, problems }) => [
        ...problems.map((problem) => `${subject.name}: ${problem}`),
        ...trials.flatMap((trial) => trial.problems.map((problem) => `${trialName(subject, trial)}: ${problem}`)),
      ]),
      ...bugs.map((line) => `the operator has a bug: ${line}`),
    ],
  };
}

function trialName({ name }: Subject, { mutation: { path, how } }: Trial): string {
  return `${name}:${path} ${how}`;
}
