/**
 * Where a comparison is, as a stack: cheap to go along, and turned into words only where something differs.
 *
 * One place is told in three ways: as people read it (`spec.containers[name=app].image`), as a JSON pointer into the live object (RFC
 * 6901, `-` for an item that is not in a list), and as managedFields has it (`f:spec`, `f:containers`, `k:{"name":"app"}`, `f:image`).
 */
import { canonicalJson } from '../../lib/digest.ts';
import { isObject, own } from './known.ts';
import { shown, visible } from './shown.ts';

/** Says that items are told apart by their value. */
export const byValue: readonly string[] = [];

/** An item that is not in the live list. */
export const absentItem = -1;

const plainName = /^[A-Za-z_$][\w$-]*$/;

export class Trail {
  /** Names of fields, and places of items. */
  readonly #steps: (string | number)[] = [];
  /** What tells an item from others: some of its fields, or its value. */
  readonly #keys: (readonly string[] | undefined)[] = [];
  readonly #items: unknown[] = [];
  #length = 0;

  push(step: string | number, keys?: readonly string[], item?: unknown): void {
    this.#steps[this.#length] = step;
    this.#keys[this.#length] = keys;
    this.#items[this.#length] = item;
    this.#length += 1;
  }

  pop(): void {
    this.#length -= 1;
    this.#items[this.#length] = undefined;
  }

  get depth(): number {
    return this.#length;
  }

  /** The first step; undefined at the root. */
  get top(): string | number | undefined {
    return this.#length ? this.#steps[0] : undefined;
  }

  endsWith(...steps: readonly string[]): boolean {
    const from = this.#length - steps.length;
    return from >= 0 && steps.every((step, at) => this.#steps[from + at] === step);
  }

  path(): string {
    let path = '';
    for (let at = 0; at < this.#length; at += 1) path += this.#word(at, path === '');
    return path;
  }

  pointer(): string {
    let pointer = '';
    for (let at = 0; at < this.#length; at += 1) {
      const step = this.#steps[at];
      pointer += `/${step === absentItem ? '-' : String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    }
    return pointer;
  }

  /** Ends at a list whose items have no identity: nobody owns one of them alone. */
  fields(): string[] {
    const fields: string[] = [];
    for (let at = 0; at < this.#length; at += 1) {
      const step = this.#steps[at];
      const keys = this.#keys[at];
      if (typeof step === 'string') fields.push(`f:${step}`);
      else if (typeof this.#items[at] === 'object' && keys === byValue) break;
      else if (keys === byValue) fields.push(`v:${canonicalJson(this.#items[at])}`);
      else if (keys) fields.push(`k:${canonicalJson(identity(keys, this.#items[at]))}`);
      else break;
    }
    return fields;
  }

  #word(at: number, isFirst: boolean): string {
    const step = this.#steps[at] ?? '';
    const keys = this.#keys[at];
    if (typeof step === 'string') {
      if (!plainName.test(step)) return `[${visible(JSON.stringify(step))}]`;
      return isFirst ? step : `.${step}`;
    }
    if (keys === byValue) return `[${shown(this.#items[at])}]`;
    if (!keys) return `[${step === absentItem ? '-' : step}]`;
    const named = Object.entries(identity(keys, this.#items[at])).map(([key, value]) => `${key}=${bare(value)}`);
    return `[${named.join(',')}]`;
  }
}

function identity(keys: readonly string[], item: unknown): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  if (!isObject(item)) return named;
  for (const key of keys) if (own(item, key) !== undefined) named[key] = item[key];
  return named;
}

/** As the value of a key of an item is written. */
export function bare(value: unknown): string {
  const text = typeof value === 'string' && /^[\w./:*-]+$/.test(value) ? value : canonicalJson(value);
  return visible(text);
}
