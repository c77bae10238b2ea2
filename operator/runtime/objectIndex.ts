/** Finds the objects of a cache by values that a function gives for each. */
import type { Resource } from '../api/v1alpha1/shared.ts';

export class ObjectIndex {
  readonly #valuesOf: (object: Resource) => readonly string[];
  readonly #byValue = new Map<string, Set<Resource>>();

  /** `valuesOf` must be pure: what was added under its values is removed under them. */
  constructor(valuesOf: (object: Resource) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  find(value: string): Resource[] {
    return [...(this.#byValue.get(value) ?? [])];
  }

  add(object: Resource): void {
    for (const value of this.#valuesOf(object)) {
      const found = this.#byValue.get(value);
      if (found) found.add(object);
      else this.#byValue.set(value, new Set([object]));
    }
  }

  remove(object: Resource): void {
    for (const value of this.#valuesOf(object)) {
      const found = this.#byValue.get(value);
      found?.delete(object);
      if (found?.size === 0) this.#byValue.delete(value);
    }
  }
}
