/** What the operator has read since the store was put back, and what it has written of a kind that it had not read. */
import { noWrites, type PassingWrite } from './proxy.ts';

/** Events are told, whatever the store has. */
const told = 'events';

export class Sight {
  readonly #seen = new Set<string>();
  readonly #problems: string[] = [];
  #since = Infinity;

  /** The store was put back: what was read before is worth nothing. */
  forget(): void {
    this.#seen.clear();
    this.#since = performance.now();
  }

  read(path: string): void {
    this.#seen.add(pluralIn(path));
  }

  /** To be told of each write; what was on its way before is none of this. */
  written({ what, status = 0, arrivedAt }: PassingWrite): void {
    const path = what.split(' ')[1] ?? '';
    const plural = pluralIn(path);
    if (status < 200 || status > 299 || arrivedAt < this.#since || plural === told || noWrites.test(path)) return;
    if (!this.#seen.has(plural)) this.#problems.push(`${what} was done before ${plural} were listed again`);
  }

  /** Since this was asked last. */
  problems(): string[] {
    return this.#problems.splice(0);
  }
}

/** `configmaps` of `/api/v1/namespaces/x/configmaps/y`. */
export function pluralIn(path: string): string {
  return /^\/apis?\/(?:[^/]+\/)?v\d[^/]*\/(?:namespaces\/[^/]+\/)?([^/?]+)/.exec(path)?.[1] ?? '';
}
