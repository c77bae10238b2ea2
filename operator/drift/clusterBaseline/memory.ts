/**
 * What was found out about objects as they were heard: of each baseline for itself, and of what it declares now. It goes with the object,
 * the template or check, and the baseline.
 */
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Evaluation } from './evaluation.ts';

interface Remembered {
  readonly answer: Evaluation;
  /** What else it was found out from. */
  readonly beside: string;
  readonly until: number;
  /** How often in a row nothing was found out. */
  readonly failures: number;
}

/** How far an answer may be relied on: one that nothing but the object can change is `lasting`, even if it is that nothing is known. */
export interface Reliance {
  /** Identifies what else than the object the answer depends on. */
  readonly beside?: string;
  readonly isLasting?: boolean;
}

/** Webhooks and defaults may change without the object. */
const sureMilliseconds = 600_000;
/** Rights may be granted any moment, and what failed may be mended. */
const refusedMilliseconds = 20_000;
/** What cannot be found out is asked less and less often. */
const mostDoublings = 3;
const mostAbsent = 5000;

export class Memory {
  readonly #elapsed: () => number;
  readonly #baselines = new Map<string, Map<string, ItemMemory>>();

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  get elapsed(): number {
    return this.#elapsed();
  }

  /** What is remembered of a template or check, by the digest of all that it says. */
  of(baseline: string, item: string): ItemMemory {
    const items = this.#baselines.get(baseline) ?? new Map<string, ItemMemory>();
    this.#baselines.set(baseline, items);
    const known = items.get(item) ?? new ItemMemory(this.#elapsed);
    items.set(item, known);
    return known;
  }

  /** Forgets what a baseline declares no longer. */
  keepItems(baseline: string, items: ReadonlySet<string>): void {
    const known = this.#baselines.get(baseline);
    for (const item of known?.keys() ?? []) if (!items.has(item)) known?.delete(item);
  }

  /** Forgets baselines that are gone. */
  keepBaselines(baselines: () => Iterable<string>, count: number): void {
    if (this.#baselines.size <= count) return;
    const there = new Set(baselines());
    for (const baseline of this.#baselines.keys()) if (!there.has(baseline)) this.#baselines.delete(baseline);
  }
}

export class ItemMemory {
  readonly #elapsed: () => number;
  readonly #objects = new WeakMap<Resource, Remembered>();
  readonly #costly = new WeakMap<Resource, string>();
  readonly #absent = new Map<string, Remembered>();
  /** Questions that are not answered yet, by the object, or by the place where there is none. */
  readonly #open = new Map<Resource | string, Promise<Evaluation>>();

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Whether its evaluation is known to cost more than the event loop can spare. */
  isCostly(object: Resource, beside: string): boolean {
    return this.#costly.get(object) === beside;
  }

  rememberCostly(object: Resource, beside: string): void {
    this.#costly.set(object, beside);
  }

  recall(object: Resource, beside = ''): Evaluation | undefined {
    return this.#fresh(this.#objects.get(object), beside);
  }

  /** Also what should be found out again, for when it cannot be now: it was said of this very object. */
  recallOld(object: Resource): Evaluation | undefined {
    return this.#objects.get(object)?.answer;
  }

  remember(object: Resource, answer: Evaluation, how: Reliance = {}): void {
    this.#objects.set(object, this.#dated(answer, how, this.#objects.get(object)));
  }

  /** Of a place where there is no object. */
  recallAbsent(place: string): Evaluation | undefined {
    return this.#fresh(this.#absent.get(place), '');
  }

  rememberAbsent(place: string, answer: Evaluation): void {
    if (this.#absent.size >= mostAbsent) this.#absent.clear();
    this.#absent.set(place, this.#dated(answer, {}, this.#absent.get(place)));
  }

  /** Whether it was asked about before, however long ago. */
  wasAsked(about: Resource | string): boolean {
    return typeof about === 'string' ? this.#absent.has(about) : this.#objects.has(about);
  }

  /** The answer to come. */
  open(about: Resource | string): Promise<Evaluation> | undefined {
    return this.#open.get(about);
  }

  /** Remembers the answer when it comes, whoever waits for it by then. */
  ask(about: Resource | string, question: () => Promise<Evaluation>): Promise<Evaluation> {
    const asked = question()
      .then((answer) => {
        if (typeof about === 'string') this.rememberAbsent(about, answer);
        else this.remember(about, answer);
        return answer;
      })
      .finally(() => this.#open.delete(about));
    this.#open.set(about, asked);
    return asked;
  }

  #fresh(remembered: Remembered | undefined, beside: string): Evaluation | undefined {
    if (remembered === undefined || remembered.beside !== beside) return undefined;
    return remembered.until > this.#elapsed() ? remembered.answer : undefined;
  }

  #dated(answer: Evaluation, { beside = '', isLasting = false }: Reliance, before: Remembered | undefined): Remembered {
    if (isLasting) return { answer, beside, until: Infinity, failures: 0 };
    const isSure = answer === 'holds' || (answer.is === 'fails' && answer.fix?.obstacle === undefined);
    const failures = answer !== 'holds' && answer.is === 'unknown' ? (before?.failures ?? 0) + 1 : 0;
    const doubled = 2 ** Math.min(Math.max(0, failures - 1), mostDoublings);
    const milliseconds = isSure ? sureMilliseconds : refusedMilliseconds * doubled;
    return { answer, beside, until: this.#elapsed() + milliseconds, failures };
  }
}
