/** One case: a scenario in a place of its own, with one trouble or none, and what is not as it must be then. */
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../operator/until.ts';
import type { Place, Scenario } from '../scenarios/scenario.ts';
import type { WireBed } from './bed.ts';
import type { PlaceLedger } from './ledger.ts';
import { nameOf, type Trouble } from './trouble.ts';
import { faultsOfWarnings, learnWarns, type Warns } from './witness.ts';

/** What a run without trouble did. */
export interface Reference {
  readonly writes: number;
  readonly frames: number;
  readonly end: unknown;
  readonly warns: Warns;
}

export interface CaseResult {
  readonly scenario: string;
  readonly trouble: Trouble | undefined;
  /** The request or the watch that was struck; `undefined` when the story had ended before. */
  readonly struck: string | undefined;
  readonly problems: readonly string[];
  readonly seconds: number;
}

const quietSeconds = 20;
/** Nobody judges what is done without trouble. */
const referenceQuietSeconds = 10;
const mostSeconds = 240;

/** Runs without trouble, and learns what it did. Throws when it comes to no end. */
export async function refer(bed: WireBed, scenario: Scenario): Promise<Reference> {
  const place = bed.place();
  const ledger = bed.proxy.watchOver(place.id);
  await scenario.begin(place);
  await reachEnd(scenario, place);
  await fallQuiet(ledger, referenceQuietSeconds);
  const end = await scenario.end(place);
  const warns = learnWarns(bed.witness.of(place.id));
  await scenario.remove(place);
  return { writes: ledger.writes.length, frames: ledger.frames, end, warns };
}

export async function runCase(
  bed: WireBed,
  scenario: Scenario,
  reference: Reference,
  trouble: Trouble | undefined,
): Promise<CaseResult> {
  const began = performance.now();
  const place = bed.place();
  const ledger = bed.proxy.watchOver(place.id, trouble);
  const startsBefore = startsOf(bed);
  const problems: string[] = [];
  try {
    await scenario.begin(place);
    await reachEnd(scenario, place);
    await fallQuiet(ledger);
    problems.push(...differences(reference.end, await scenario.end(place)));
    problems.push(...(await faultsOfExecutions(scenario, place)));
    const tellers = { deaths: startsOf(bed) - startsBefore, leaders: scenario.operators === 'both' ? 2 : 1 };
    // In a namespace that is being deleted, the apiserver accepts no event.
    problems.push(...faultsOfWarnings(bed.witness.of(place.id), reference.warns, tellers));
    await scenario.remove(place);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const seconds = (performance.now() - began) / 1000;
  return { scenario: scenario.name, trouble, struck: ledger.struck, problems, seconds };
}

/** How often its operators were started. */
function startsOf({ operators }: Pick<WireBed, 'operators'>): number {
  return operators().reduce((sum, { starts }) => sum + starts, 0);
}

/** As it is given to `--only`. */
export function caseName({ scenario, trouble }: Pick<CaseResult, 'scenario' | 'trouble'>): string {
  return `${scenario}:${trouble ? nameOf(trouble) : 'none'}`;
}

async function reachEnd(scenario: Scenario, place: Place): Promise<void> {
  let open: string | undefined;
  const look = async () => ((open = await scenario.next(place)) === undefined ? true : undefined);
  await until(`${scenario.name} is at its end`, look, {
    seconds: mostSeconds,
    everyMilliseconds: 300,
    seen: () => open,
  });
}

/** The operator wrote nothing about the place for so long. */
async function fallQuiet(ledger: PlaceLedger, forSeconds = quietSeconds): Promise<void> {
  const silence = () => (performance.now() - ledger.lastWriteAt >= forSeconds * 1000 ? true : undefined);
  const seen = () => ledger.writes.slice(-10);
  await until(`the operator writes nothing for ${forSeconds} s`, silence, {
    seconds: 90,
    everyMilliseconds: 500,
    seen,
  });
}

async function faultsOfExecutions(scenario: Scenario, place: Place): Promise<string[]> {
  const executions = (await scenario.executions?.(place)) ?? {};
  return Object.entries(executions)
    .filter(([, times]) => times > 1)
    .map(([what, times]) => `${what} was executed ${times} times`);
}

/** Each path at which two values differ, with both. */
export function differences(wanted: unknown, found: unknown, path = 'end'): string[] {
  if (isDeepStrictEqual(wanted, found)) return [];
  if (!isContainer(wanted) || !isContainer(found) || Array.isArray(wanted) !== Array.isArray(found))
    return [`${path} is ${JSON.stringify(found)}, and without a fault ${JSON.stringify(wanted)}`];
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].flatMap((key) =>
    differences(wanted[key], found[key], `${path}.${key}`),
  );
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
