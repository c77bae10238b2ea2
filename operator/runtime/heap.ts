/** A binary heap of items by time, from which any item can be taken or moved. Every operation is O(log n). */

export interface Timed {
  due: number;
  /** Kept by the heap; -1 outside of it. */
  place: number;
}

export class Heap<T extends Timed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The item that is due first. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#rise(item, this.#items.length);
  }

  /** To be called after the item's time was set to an earlier one. */
  advance(item: T): void {
    this.#rise(item, item.place);
  }

  remove(item: T): void {
    const place = item.place;
    const last = this.#items.pop();
    item.place = -1;
    if (last === undefined || last === item) return;
    this.#sink(last, place);
    if (last.place === place) this.#rise(last, place);
  }

  #rise(item: T, place: number): void {
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#items[above]!;
      if (parent.due <= item.due) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
  }

  #sink(item: T, place: number): void {
    for (;;) {
      let below = 2 * place + 1;
      if (below >= this.#items.length) break;
      if (below + 1 < this.#items.length && this.#items[below + 1]!.due < this.#items[below]!.due) below++;
      const child = this.#items[below]!;
      if (child.due >= item.due) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(item, place);
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
