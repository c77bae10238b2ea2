/** Faults of the whole, one after the other, each with a round of stories: how they are planned, told and reported. */
import { fewAtOnce } from '../../../operator/runtime/fewAtOnce.ts';
import type { FaultResult } from '../faults.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { problemsOf, referTo, Round, untilQuiet, type Story, type StoryBed, type Told } from './round.ts';
import type { PassingWrite } from './proxy.ts';
import { aligned } from './table.ts';

export interface Whole {
  readonly name: string;
  /** How many moments each story has: the same as there are steps. */
  readonly steps: readonly ((round: Round) => Promise<void>)[];
  /** Once all stories are at their end: what has to be right for the next. Gives what was not as it must be. */
  readonly afterwards?: () => Promise<readonly string[]>;
}

export interface WholesOptions {
  readonly bed: StoryBed;
  readonly fault: string;
  readonly scenarios: readonly Scenario[];
  /** Stories of each scenario in a round. */
  readonly places: number;
  readonly wholes: readonly Whole[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly only: readonly string[];
}

/** The round that is told now is given each write. */
export class Following {
  #rounds: Round[] = [];

  follow = (round: Round): void => void this.#rounds.push(round);

  async passes(write: PassingWrite): Promise<void> {
    for (const round of this.#rounds) await round.passes(write);
  }
}

interface Judged {
  readonly whole: string;
  readonly story: Story;
  readonly problems: readonly string[];
}

interface Ended {
  readonly whole: string;
  readonly story: Story;
  readonly told: Told;
}

export async function runWholes(options: WholesOptions, { follow }: Following): Promise<FaultResult> {
  const { bed, fault, scenarios, places, wholes, say, signal, only } = options;
  const references = await referTo(bed, scenarios, follow);
  for (const { scenario, writes } of references) say(`${scenario.name}: ${writes} writes without a fault`);
  const ended: Ended[] = [];
  const problems: string[] = [];
  const chosen = wholes.filter(({ name }) => only.length === 0 || only.includes(name));
  for (const [at, { name, steps, afterwards }] of chosen.entries()) {
    // What has been told is judged.
    if (signal.aborted) break;
    const plan = references.flatMap((told) =>
      momentsOf(told.writes, steps.length, { places, at: wholes.findIndex((one) => one.name === name) }).map(
        (moments) => ({ told, moments }),
      ),
    );
    const round = new Round(
      bed,
      plan.map(({ told, moments }) => [told.scenario, moments] as const),
    );
    follow(round);
    round.begin();
    for (const step of steps) {
      await round.untilHeld();
      await step(round);
    }
    await round.untilToldToTheEnd();
    problems.push(...((await afterwards?.()) ?? []).map((problem) => `${name}: ${problem}`));
    ended.push(...round.stories.map((story, index) => ({ whole: name, story, told: plan[index]!.told })));
    say(`${name}: ${round.stories.length} stories told, ${chosen.length - at - 1} faults left`);
  }
  await untilQuiet(ended.map(({ story }) => story));
  const judged: Judged[] = [];
  await fewAtOnce([...ended.entries()], judgedAtOnce, async ([at, { whole, story, told }]) => {
    judged[at] = { whole, story, problems: await problemsOf(bed, story, told) };
  });
  for (const { whole, story, problems: own } of judged) {
    const name = `${whole}: ${story.scenario.name} (${story.met.join(', ') || 'not held'})`;
    problems.push(...own.map((problem) => `${name}: ${problem}`));
    if (own.length > 0) problems.push(`  again: make faults NAME="${fault} --only ${whole}"`);
  }
  return { count: judged.filter(wasMet).length, lines: linesOf(judged), problems };
}

const judgedAtOnce = 12;

/** Spread over a story; those of another fault are others. */
function momentsOf(writes: number, steps: number, { places, at }: { places: number; at: number }): number[][] {
  return Array.from({ length: places }, (_, index) => {
    const first = 1 + ((Math.floor((index * writes) / places) + at) % (writes - steps + 1));
    return Array.from({ length: steps }, (_none, step) =>
      step === 0 ? first : first + step + ((index * 7 + at) % Math.max(1, writes - first - step)),
    );
  });
}

function wasMet({ story }: { story: Story }): boolean {
  return story.met.length === story.moments.length;
}

function linesOf(judged: readonly Judged[]): string[] {
  const groups = Map.groupBy(judged, ({ whole, story }) => `${whole} ${story.scenario.name}`);
  const rows = [...groups].map(([key, all]) => [
    ...key.split(' '),
    `${all.filter(wasMet).length}`,
    `${all.filter((one) => !wasMet(one)).length}`,
    `${all.filter(({ problems }) => problems.length > 0).length}`,
  ]);
  const table = [['fault', 'scenario', 'met', 'not reached', 'failed'], ...rows];
  return [
    ...aligned(table),
    `${judged.filter(wasMet).length} faults, ${judged.filter((one) => !wasMet(one)).length} not reached`,
  ];
}
