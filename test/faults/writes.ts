/**
 * Each write of the operator and each frame of its watches meets each fault of the wire, in real scenarios: whatever happens, the end is the
 * same, nothing is executed twice, no warning is lost, nothing is left over, and then the operator is silent.
 */
import type { Fault, FaultResult } from './faults.ts';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { startWireBed, type WireBed } from './wire/bed.ts';
import { caseName, refer, runCase, type CaseResult, type Reference } from './wire/case.ts';
import { allTroubles, isLong } from './wire/chosen.ts';
import { leftovers } from './wire/leftovers.ts';
import { troubleNamed, type Trouble } from './wire/trouble.ts';
import { tableOf } from './wire/table.ts';

interface Planned {
  readonly scenario: Scenario;
  readonly reference: Reference;
  readonly trouble: Trouble;
}

/** Stories that are told at once: most of them wait most of the time. */
const places = Number(process.env['PLACES'] ?? 48);

type Wanted = ReturnType<typeof parse>;
type Means = Pick<Parameters<typeof runAll>[2], 'say' | 'signal'>;

export const writes: Fault = async (say, signal, { only, isPart }) => {
  const wanted = only.map(parse);
  const chosen = scenarios.filter(({ name }) => only.length === 0 || wanted.some(({ scenario }) => scenario === name));
  const reports: FaultResult[] = [];
  for (const [operators, alike] of Map.groupBy(chosen, (scenario) => scenario.operators ?? 'one')) {
    signal.throwIfAborted();
    const bed = await startWireBed({
      needsHost: alike.some(({ needsHost }) => needsHost),
      flags: alike.flatMap(({ flags }) => flags ?? []),
      operators,
    });
    try {
      reports.push(await runIn(bed, alike, wanted, { say, signal, isPart }));
    } finally {
      await bed.stop();
    }
  }
  return {
    count: reports.reduce((sum, { count }) => sum + count, 0),
    lines: reports.flatMap(({ lines }) => lines),
    problems: reports.flatMap(({ problems }) => problems),
  };
};

async function runIn(
  bed: WireBed,
  chosen: readonly Scenario[],
  wanted: readonly Wanted[],
  { say, signal, isPart }: Means & { readonly isPart: boolean },
): Promise<FaultResult> {
  const planned: Planned[] = [];
  for (const scenario of chosen) {
    const reference = await refer(bed, scenario);
    say(`${scenario.name}: ${reference.writes} writes and ${reference.frames} frames without a fault`);
    const own = wanted.filter((one) => one.scenario === scenario.name).flatMap(({ trouble }) => trouble ?? []);
    const troubles = own.length > 0 ? own : allTroubles(scenario, reference, isPart);
    planned.push(...troubles.map((trouble) => ({ scenario, reference, trouble })));
  }
  await bed.join();
  const results: CaseResult[] = [];
  for (const [most, alike] of Map.groupBy(planned, ({ scenario }) => Math.min(places, scenario.places ?? places)))
    results.push(...(await runAll(bed, alike, { say, signal, places: most })));
  const { count, lines, problems } = report(bed, results);
  return { count, lines, problems: [...problems, ...(signal.aborted ? [] : await leftovers(bed))] };
}

/** What waits for a silent watch keeps others waiting too: those cases come last, all at once. */
export async function runAll(
  bed: WireBed,
  planned: readonly Planned[],
  { say, signal, places }: { say: (line: string) => void; signal: AbortSignal; places: number },
): Promise<CaseResult[]> {
  const began = performance.now();
  const results: CaseResult[] = [];
  const aborted = new Promise<undefined>((settle) =>
    signal.addEventListener('abort', () => settle(undefined), { once: true }),
  );
  const run = async ({ scenario, reference, trouble }: Planned): Promise<void> => {
    const result = await Promise.race([runCase(bed, scenario, reference, trouble), aborted]);
    if (!result) return;
    results.push(result);
    for (const problem of result.problems) say(`${caseName(result)} (${result.struck ?? 'not reached'}): ${problem}`);
    if (results.length % 20 > 0) return;
    const seconds = (performance.now() - began) / 1000;
    const left = (seconds / results.length) * (planned.length - results.length);
    say(
      `${results.length} of ${planned.length} cases after ${Math.round(seconds)} s, about ${Math.round(left)} s left`,
    );
  };
  const short = planned.filter(({ trouble }) => !isLong(trouble));
  const long = planned.filter(({ trouble }) => isLong(trouble));
  for (const [cases, atOnce] of [
    [short, places],
    [long, long.length],
  ] as const) {
    const waiting = [...cases];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) await run(next);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }
  return results;
}

export function report({ operators }: Pick<WireBed, 'operators'>, results: readonly CaseResult[]): FaultResult {
  const victims = operators();
  const failed = results.filter(({ problems }) => problems.length > 0);
  const struck = results.filter((result) => result.struck !== undefined);
  return {
    count: struck.length,
    lines: [
      ...tableOf(results),
      `${struck.length} faults, ${results.length - struck.length} not reached; the operator was started ${victims.reduce((sum, { starts }) => sum + starts, 0)} times`,
    ],
    problems: [
      ...failed.flatMap((result) => [
        ...result.problems.map((problem) => `${caseName(result)} (${result.struck ?? 'not reached'}): ${problem}`),
        `  again: make faults NAME="writes --only ${caseName(result)}"`,
      ]),
      ...victims.flatMap(({ deaths }) => deaths.map((death) => `the operator ended by itself: ${death}`)),
    ],
  };
}

/** `waiver`, or `waiver:w3:lost-reply`. */
function parse(text: string): { scenario: string; trouble?: Trouble } {
  const [scenario = '', ...rest] = text.split(':');
  return rest.length > 0 ? { scenario, trouble: troubleNamed(rest.join(':')) } : { scenario };
}
