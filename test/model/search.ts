/**
 * Explicit-state search: breadth-first over all states that a model can reach, so that the first violation found has the shortest trace.
 *
 * Safety: no step may be `wrong`. Liveness: from each state, the calm steps alone (nothing fails, nobody acts) lead to a state that none of
 * them changes, and which is not `unfinished`; a circle of calm steps is a livelock. Always the first calm step that changes the state is
 * taken, so a model gives them in a fair order. Deterministic: equal models and bounds give equal figures.
 */

export interface Step<S> {
  /** What happens, for people. */
  readonly words: string;
  readonly to: S;
  /** Whether it happens where nothing fails and nobody acts. */
  readonly isCalm?: boolean;
  /** What it violates. */
  readonly wrong?: string | undefined;
}

export interface Model<S> {
  readonly start: S;
  /** Equal where the future is equal. */
  keyOf(state: S): string;
  /** Always the same ones in the same order. */
  steps(state: S): readonly Step<S>[];
  /** What is missing where everything is at rest; undefined when it is as it must be. */
  unfinished(state: S): string | undefined;
}

export interface Violation {
  readonly what: string;
  /** The steps from the start, in words; of a livelock, with the circle. */
  readonly trace: readonly string[];
}

export interface Searched {
  readonly states: number;
  readonly transitions: number;
  /** Steps from the start to the farthest state. */
  readonly depth: number;
  /** Whether all states that can be reached were seen. */
  readonly isComplete: boolean;
  readonly violation?: Violation;
}

export interface SearchOptions {
  readonly mostStates: number;
  onProgress?(this: void, searched: Omit<Searched, 'isComplete'>): void;
}

const unknown = -1;
const atRest = -2;

export function search<S>(model: Model<S>, options: SearchOptions): Searched {
  return new Search(model, options).run();
}

class Search<S> {
  readonly #model: Model<S>;
  readonly #options: SearchOptions;
  readonly #found = new Map<string, number>();
  /** States that are not expanded yet; those that are, are forgotten. */
  readonly #states: (S | undefined)[] = [];
  readonly #parents: number[] = [];
  /** Which step of the parent leads to it. */
  readonly #via: number[] = [];
  readonly #depths: number[] = [];
  /** The state after the calm step. */
  readonly #calm: number[] = [];
  #transitions = 0;
  #violation: Violation | undefined;

  constructor(model: Model<S>, options: SearchOptions) {
    this.#model = model;
    this.#options = options;
  }

  run(): Searched {
    this.#add(this.#model.start, unknown, 0);
    let next = 0;
    while (next < this.#states.length && this.#states.length < this.#options.mostStates && !this.#violation) {
      this.#expand(next);
      next += 1;
      if (next % 50_000 === 0) this.#options.onProgress?.(this.#figures());
    }
    this.#violation ??= this.#livelock();
    return {
      ...this.#figures(),
      isComplete: next === this.#states.length,
      ...(this.#violation && { violation: this.#violation }),
    };
  }

  #figures() {
    return { states: this.#states.length, transitions: this.#transitions, depth: this.#depths.at(-1) ?? 0 };
  }

  #add(state: S, parent: number, via: number): number {
    const key = this.#model.keyOf(state);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const index = this.#states.push(state) - 1;
    this.#found.set(key, index);
    this.#parents.push(parent);
    this.#via.push(via);
    this.#depths.push(parent === unknown ? 0 : this.#depths[parent]! + 1);
    this.#calm.push(unknown);
    return index;
  }

  #expand(index: number): void {
    const state = this.#states[index]!;
    for (const [via, { to, isCalm, wrong, words }] of this.#model.steps(state).entries()) {
      this.#transitions += 1;
      if (wrong !== undefined) {
        this.#violation = { what: wrong, trace: [...this.#trace(index), words] };
        return;
      }
      const after = this.#add(to, index, via);
      if (isCalm && after !== index && this.#calm[index] === unknown) this.#calm[index] = after;
    }
    if (this.#calm[index] === unknown) {
      this.#calm[index] = atRest;
      const missing = this.#model.unfinished(state);
      if (missing !== undefined) this.#violation = { what: `dead end: ${missing}`, trace: this.#trace(index) };
    }
    this.#states[index] = undefined;
  }

  /** Follows the calm steps from each state; beyond the bound, by states that were not counted. */
  #livelock(): Violation | undefined {
    const sound = new Uint8Array(this.#states.length);
    const soundBeyond = new Set<string>();
    for (let from = 0; from < sound.length; from += 1) {
      const path = new Set<number>();
      let at = from;
      while (at >= 0 && !sound[at] && this.#calm[at] !== unknown) {
        if (path.has(at)) return { what: 'livelock: calm steps lead in a circle', trace: this.#circle(at) };
        path.add(at);
        at = this.#calm[at]!;
      }
      if (at >= 0 && !sound[at]) {
        const missing = this.#beyond(this.#states[at]!, soundBeyond);
        if (missing !== undefined) return { what: missing, trace: this.#trace(at) };
        sound[at] = 1;
      }
      for (const one of path) sound[one] = 1;
    }
    return undefined;
  }

  /** What is wrong with the calm steps from a state that was not expanded. */
  #beyond(from: S, sound: Set<string>): string | undefined {
    const path = new Map<string, string>();
    for (let state = from, key = this.#model.keyOf(from); ;) {
      if (sound.has(key)) break;
      if (path.has(key)) return `livelock: calm steps lead in a circle: ${[...path.values()].join(', ')}`;
      const changed = this.#changed(state, key);
      path.set(key, changed?.words ?? '');
      if (changed?.wrong !== undefined) return `${changed.wrong}, after ${[...path.values()].join(', ')}`;
      if (!changed) {
        const missing = this.#model.unfinished(state);
        if (missing !== undefined) return `dead end: ${missing}, after ${[...path.values()].join(', ')}`;
        break;
      }
      ({ to: state, key } = changed);
    }
    for (const one of path.keys()) sound.add(one);
    return undefined;
  }

  /** The first calm step that changes the state. */
  #changed(state: S, key: string): (Step<S> & { readonly key: string }) | undefined {
    for (const step of this.#model.steps(state)) {
      if (!step.isCalm) continue;
      const after = this.#model.keyOf(step.to);
      if (after !== key) return { ...step, key: after };
    }
    return undefined;
  }

  /** Replays the steps. */
  #trace(index: number): string[] {
    const ways: number[] = [];
    for (let at = index; this.#parents[at] !== unknown; at = this.#parents[at]!) ways.unshift(this.#via[at]!);
    let state = this.#model.start;
    return ways.map((via) => {
      const step = this.#model.steps(state)[via]!;
      state = step.to;
      return step.words;
    });
  }

  #circle(index: number): string[] {
    const trace = this.#trace(index);
    const ways = new Set<number>();
    for (let at = index; !ways.has(at); at = this.#calm[at]!) ways.add(at);
    return [...trace, `and then for ever, in ${ways.size} calm steps: ${this.#calmWords(index, ways.size).join(', ')}`];
  }

  #calmWords(index: number, most: number): string[] {
    let state = this.#model.start;
    const ways: number[] = [];
    for (let at = index; this.#parents[at] !== unknown; at = this.#parents[at]!) ways.unshift(this.#via[at]!);
    for (const via of ways) state = this.#model.steps(state)[via]!.to;
    return Array.from({ length: most }, () => {
      const step = this.#changed(state, this.#model.keyOf(state))!;
      state = step.to;
      return step.words;
    });
  }
}
