/** Places that groups share so that none of them can fill all: nobody knows beforehand who gives a place back late. Pure. */

/**
 * A group may have as many places as it leaves free. One group alone has half of them, two have a third each, n have one of n + 1 parts each,
 * and one part stays free for whoever comes next (dynamic thresholds, Choudhury and Hahne, 1998).
 */
export function mayTakeAnother(own: number, free: number): boolean {
  return own < free;
}

export class Shares {
  readonly #places: number;
  readonly #taken = new Map<string, number>();
  #sum = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** Places that are taken. */
  get taken(): number {
    return this.#sum;
  }

  mayTake(group: string): boolean {
    return mayTakeAnother(this.#taken.get(group) ?? 0, this.#places - this.#sum);
  }

  take(group: string): void {
    this.#sum += 1;
    this.#taken.set(group, (this.#taken.get(group) ?? 0) + 1);
  }

  giveBack(group: string): void {
    const left = (this.#taken.get(group) ?? 0) - 1;
    this.#sum -= 1;
    if (left > 0) this.#taken.set(group, left);
    else this.#taken.delete(group);
  }
}
