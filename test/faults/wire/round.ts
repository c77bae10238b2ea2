/**
 * Stories that are told at once while something happens to the whole: each is held at writes of its own until it has happened. A story is held
 * before its write reaches the apiserver, or after, before the operator has the reply.
 */
import { until } from '../../operator/until.ts';
import type { Place, Scenario } from '../scenarios/scenario.ts';
import { differences } from './case.ts';
import type { PassingWrite, Proxy } from './proxy.ts';
import { faultsOfWarnings, learnWarns, type Warns, type Witness } from './witness.ts';

export interface StoryBed {
  readonly proxies: readonly Pick<Proxy, 'watchOver'>[];
  /** Absent where what it has seen means nothing. */
  readonly witness?: Witness;
  readonly place: () => Place;
  /** How often its operators were started. */
  readonly starts?: () => number;
}

/** What a story without a fault did. */
export interface Told {
  readonly scenario: Scenario;
  /** Up to its end. */
  readonly writes: number;
  readonly end: unknown;
  readonly warns: Warns;
}

const mostSeconds = 240;
const stallSeconds = 10;
const quietSeconds = 20;

export class Story {
  readonly scenario: Scenario;
  readonly place: Place;
  /** How often operators had been started before. */
  readonly startsBefore: number;
  /** The writes at which it is held, one after the other; odd ones before, even ones after. */
  readonly moments: readonly number[];
  writes = 0;
  /** The writes at which it was held. */
  readonly met: string[] = [];
  hasBegun = false;
  hasEnded = false;
  problem: string | undefined;
  isHeld = false;
  lastWriteAt = performance.now();
  #release: () => void = () => undefined;
  #next = 0;

  constructor(bed: StoryBed, scenario: Scenario, moments: readonly number[]) {
    this.startsBefore = bed.starts?.() ?? 0;
    this.scenario = scenario;
    this.place = bed.place();
    this.moments = moments;
  }

  async passes({ what, status }: PassingWrite): Promise<void> {
    if (status === undefined) {
      this.lastWriteAt = performance.now();
      this.writes += 1;
    }
    const n = this.moments[this.#next];
    const side = n !== undefined && n % 2 === 0 ? 'after' : 'before';
    if (n === undefined || this.writes < n || this.isHeld || (side === 'after') !== (status !== undefined)) return;
    this.isHeld = true;
    this.met.push(`w${n} ${side} ${what}`);
    await new Promise<void>((settle) => (this.#release = settle));
  }

  /** To its next moment, whether it has come to this one or not. */
  letGo(): void {
    this.#next += 1;
    this.isHeld = false;
    this.#release();
  }
}

/** The stories of one round: they are told as long as nobody pauses them. */
export class Round {
  readonly #bed: StoryBed;
  readonly stories: readonly Story[];
  readonly #telling: Promise<void>[] = [];
  #pause: Promise<void> | undefined;
  #resume: () => void = () => undefined;
  #busy = 0;

  constructor(bed: StoryBed, plan: readonly (readonly [Scenario, readonly number[]])[]) {
    this.#bed = bed;
    this.stories = plan.map(([scenario, moments]) => new Story(bed, scenario, moments));
  }

  begin(): void {
    for (const story of this.stories) {
      for (const proxy of this.#bed.proxies) proxy.watchOver(story.place.id);
      this.#follow(story, this.#tell(story));
    }
  }

  /** The world was put back: what was told to the end before is told to the end again. */
  tellAgain(): void {
    for (const story of this.stories.filter(({ hasEnded }) => hasEnded)) {
      story.hasEnded = false;
      this.#follow(story, this.#toTheEnd(story));
    }
  }

  #follow(story: Story, telling: Promise<void>): void {
    this.#telling.push(
      telling.catch((error: unknown) => {
        story.problem = error instanceof Error ? error.message : String(error);
      }),
    );
  }

  /** To be told of each write. */
  passes(write: PassingWrite): Promise<void> | undefined {
    return this.stories.find(({ place }) => place.id === write.id)?.passes(write);
  }

  /** Each story is held at its moment, or at its end, or waits for one that is. */
  async untilHeld(): Promise<void> {
    const isAt = ({ isHeld, hasEnded, problem }: Story): boolean => isHeld || hasEnded || problem !== undefined;
    const waits = (story: Story): boolean =>
      story.hasBegun && performance.now() - story.lastWriteAt > stallSeconds * 1000;
    // One that is held may keep others waiting: then nobody writes any more.
    const look = () => (this.stories.every((one) => isAt(one) || waits(one)) ? true : undefined);
    await until('each story is at its moment', look, { seconds: 120 });
  }

  letGo(): void {
    for (const story of this.stories) story.letGo();
  }

  /** People do nothing while `act` runs. */
  async whilePaused(act: () => Promise<void>): Promise<void> {
    this.#pause = new Promise((settle) => (this.#resume = settle));
    try {
      await until('nobody is at work', () => (this.#busy === 0 ? true : undefined), { everyMilliseconds: 20 });
      await act();
    } finally {
      this.#pause = undefined;
      this.#resume();
    }
  }

  /** Each story is at its end, or has said why not. */
  async untilToldToTheEnd(): Promise<void> {
    await Promise.all(this.#telling);
  }

  async #tell(story: Story): Promise<void> {
    const { scenario, place } = story;
    await this.#act(() => scenario.begin(place));
    story.hasBegun = true;
    story.lastWriteAt = performance.now();
    await this.#toTheEnd(story);
  }

  async #toTheEnd(story: Story): Promise<void> {
    const { scenario, place } = story;
    let open: string | undefined;
    const look = async () => {
      open = await this.#act(() => scenario.next(place));
      return open === undefined ? true : undefined;
    };
    const seen = () => open;
    await until(`${scenario.name} is at its end`, look, { seconds: mostSeconds, everyMilliseconds: 300, seen });
    story.hasEnded = true;
  }

  async #act<T>(step: () => Promise<T>): Promise<T> {
    while (this.#pause) await this.#pause;
    this.#busy += 1;
    try {
      return await step();
    } finally {
      this.#busy -= 1;
    }
  }
}

/** The operator has written nothing about these stories for so long. */
export async function untilQuiet(stories: readonly Story[]): Promise<void> {
  const left = () => quietSeconds * 1000 - (performance.now() - Math.max(...stories.map((one) => one.lastWriteAt)));
  const seen = () => stories.filter((one) => performance.now() - one.lastWriteAt < 1000).map(({ place }) => place.id);
  await until('the operator writes nothing for 20 s', () => (left() <= 0 ? true : undefined), { seconds: 120, seen });
}

/** Stories without a fault, all at once; `follow` is given the round before it begins. Throws when one comes to no end. */
export async function referTo(
  bed: StoryBed,
  scenarios: readonly Scenario[],
  follow: (round: Round) => void,
): Promise<Told[]> {
  const round = new Round(
    bed,
    scenarios.map((scenario) => [scenario, []]),
  );
  follow(round);
  round.begin();
  await round.untilToldToTheEnd();
  const failed = round.stories.find(({ problem }) => problem !== undefined);
  if (failed) throw new Error(`${failed.scenario.name} without a fault: ${failed.problem ?? ''}`);
  const writes = round.stories.map((story) => story.writes);
  await untilQuiet(round.stories);
  return Promise.all(
    round.stories.map(async ({ scenario, place }, at) => {
      const end = await scenario.end(place);
      const warns = bed.witness ? learnWarns(bed.witness.of(place.id)) : new Map<string, number>();
      await scenario.remove(place);
      return { scenario, writes: writes[at] ?? 0, end, warns };
    }),
  );
}

/** What is not as it must be about stories that have been told; removes what they made. */
export async function problemsOf(
  { witness, starts }: Pick<StoryBed, 'witness' | 'starts'>,
  { scenario, place, problem, startsBefore }: Story,
  { end, warns }: Told,
): Promise<string[]> {
  if (problem !== undefined) return [problem];
  try {
    const found = differences(end, await scenario.end(place));
    const executions = Object.entries((await scenario.executions?.(place)) ?? {});
    const twice = executions.filter(([, times]) => times > 1).map(([what, times]) => `${what}: ${times} times`);
    const tellers = { deaths: (starts?.() ?? 0) - startsBefore, leaders: 1 };
    const unwarned = witness ? faultsOfWarnings(witness.of(place.id), warns, tellers) : [];
    await scenario.remove(place);
    return [...found, ...twice, ...unwarned];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
