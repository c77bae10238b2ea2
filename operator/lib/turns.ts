/**
 * Whose turn it is at places that groups share. Promises:
 * - groups that wait get turns in rotation, however many of each wait; within a group, `Lanes` has the order;
 * - no group has more places than it leaves free (`Shares`), so that there is one for a group that comes next;
 * - what is slow gets the places of half of all, by the same rule: what is quick does not wait behind it, in its own group either.
 */
import { Fifo } from './fifo.ts';
import { Lanes, type Lane } from './lanes.ts';
import { Shares } from './shares.ts';

/** Must not change from `push` to `leave`. */
export interface Share {
  readonly group: string;
  /** Whether it may keep its place for long, as far as that is known beforehand. */
  readonly isSlow: boolean;
}

export interface InTurn extends Share {
  lane: Lane;
  /** Whether it still waits. */
  readonly isReady: boolean;
}

/** Those of a group that are slow, or those that are not. */
interface Line<T extends InTurn> extends Share {
  readonly id: string;
  readonly waiting: Lanes<T>;
}

export class Turns<T extends InTurn> {
  readonly #all: Shares;
  readonly #slow: Shares;
  readonly #lines = new Map<string, Line<T>>();
  readonly #round = new Fifo<Line<T>>();

  constructor(places: number) {
    this.#all = new Shares(places);
    this.#slow = new Shares(Math.ceil(places / 2));
  }

  push(item: T): void {
    this.#lineOf(item).waiting.push(item);
  }

  /** To be called when what waits in the routine lane has changed. */
  promote(item: T): void {
    this.#lineOf(item).waiting.promote(item);
  }

  /** Who takes a place now; `undefined` when nobody waits who may have one. */
  take(): T | undefined {
    for (let left = this.#round.size; left > 0; left -= 1) {
      const line = this.#round.shift()!;
      const item = this.#mayTake(line) ? line.waiting.take() : 'not now';
      if (item === undefined) {
        this.#lines.delete(line.id);
        continue;
      }
      this.#round.push(line);
      if (item === 'not now') continue;
      for (const shares of this.#sharesOf(line)) shares.take(line.group);
      return item;
    }
    return undefined;
  }

  /** Gives the place back. */
  leave(item: T): void {
    for (const shares of this.#sharesOf(item)) shares.giveBack(item.group);
  }

  /** Takes a place again that it has given back for a while, whether one is free or not. */
  rejoin(item: T): void {
    for (const shares of this.#sharesOf(item)) shares.take(item.group);
  }

  #mayTake(line: Share): boolean {
    return this.#sharesOf(line).every((shares) => shares.mayTake(line.group));
  }

  #sharesOf({ isSlow }: Share): readonly Shares[] {
    return isSlow ? [this.#all, this.#slow] : [this.#all];
  }

  #lineOf({ group, isSlow }: T): Line<T> {
    const id = `${isSlow ? 'slow' : 'quick'} ${group}`;
    const known = this.#lines.get(id);
    if (known) return known;
    const line: Line<T> = { id, group, isSlow, waiting: new Lanes() };
    this.#lines.set(id, line);
    this.#round.push(line);
    return line;
  }
}
