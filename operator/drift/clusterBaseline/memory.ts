/** What was found out about objects as they were heard. It goes with the object, and in time. */
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Evaluation } from './evaluation.ts';

interface Remembered {
  readonly answer: Evaluation;
  readonly until: number;
}

/** Webhooks and defaults may change without the object. */
const sureMilliseconds = 600_000;
/** Rights may be granted any moment, and what failed may be mended. */
const refusedMilliseconds = 20_000;
const mostAbsent = 5000;

export class Memory {
  readonly #elapsed: () => number;
  readonly #objects = new WeakMap<Resource, Map<string, Remembered>>();
  readonly #absent = new Map<string, Remembered>();

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  get elapsed(): number {
    return this.#elapsed();
  }

  /** `about` says what was asked of the object. */
  recall(object: Resource, about: string): Evaluation | undefined {
    return this.#fresh(this.#objects.get(object)?.get(about));
  }

  /** An answer that nothing but the object can change is `lasting`, even if it is that nothing is known. */
  remember(object: Resource, about: string, answer: Evaluation, how?: 'lasting'): void {
    const answers = this.#objects.get(object) ?? new Map<string, Remembered>();
    // One object is asked by few items; older versions of an item are of no use.
    if (answers.size > 64) answers.clear();
    this.#objects.set(object, answers.set(about, this.#dated(answer, how)));
  }

  recallAbsent(about: string): Evaluation | undefined {
    return this.#fresh(this.#absent.get(about));
  }

  rememberAbsent(about: string, answer: Evaluation): void {
    if (this.#absent.size >= mostAbsent) this.#absent.clear();
    this.#absent.set(about, this.#dated(answer));
  }

  #fresh(remembered: Remembered | undefined): Evaluation | undefined {
    return remembered && remembered.until > this.#elapsed() ? remembered.answer : undefined;
  }

  #dated(answer: Evaluation, how?: 'lasting'): Remembered {
    const isSure =
      how === 'lasting' || answer === 'holds' || (answer.is === 'fails' && answer.fix?.obstacle === undefined);
    return { answer, until: this.#elapsed() + (isSure ? sureMilliseconds : refusedMilliseconds) };
  }
}
