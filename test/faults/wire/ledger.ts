/** What has passed between the operator and the apiserver about each place, and what is planned to happen there. */
import type { Trouble } from './trouble.ts';

const shape = /\bcase-\d+\b/;

/** The place that a request or a frame is about. */
export function placeIn(text: string): string | undefined {
  return shape.exec(text)?.[0];
}

export class PlaceLedger {
  readonly id: string;
  readonly planned: Trouble | undefined;
  /** `12.3 s PATCH /path: 200` of each write. */
  readonly writes: string[] = [];
  frames = 0;
  /** Whether what was planned has happened, and to what. */
  struck: string | undefined;
  lastWriteAt = performance.now();
  readonly #since = performance.now();

  constructor(id: string, planned: Trouble | undefined) {
    this.id = id;
    this.planned = planned;
  }

  /** What is to happen to this write; it is counted. */
  written(what: string): Trouble | undefined {
    const now = performance.now();
    const seconds = (now - this.#since) / 1000;
    // A dry run meets faults as writes do, and writes nothing.
    if (!what.includes('dryRun=All')) this.lastWriteAt = now;
    return this.#due('write', this.writes.push(`${seconds.toFixed(1)} s ${what}`), what);
  }

  /** What the apiserver said to the n-th write. */
  answered(n: number, status: number): void {
    this.writes[n - 1] += `: ${status}`;
  }

  /** What is to happen to this frame; it is counted. */
  heard(what: string): Trouble | undefined {
    return this.#due('frame', (this.frames += 1), what);
  }

  /** Whether the lists of now are those that will be old when the trouble comes. */
  get isBeforeOldList(): boolean {
    return this.planned?.what === 'old-list' && this.frames === Math.max(0, this.planned.n - framesOld);
  }

  #due(of: Trouble['of'], n: number, what: string): Trouble | undefined {
    if (this.planned?.of !== of || this.planned.n !== n) return undefined;
    this.struck = what;
    return this.planned;
  }
}

const framesOld = 4;
