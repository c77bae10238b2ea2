/** Who holds the Lease and who writes, of several operators, as their proxies see it. */
import { noWrites, type PassingWrite } from './proxy.ts';

export class Leadership {
  /** Of the operator whose last write of the Lease was done. */
  holder: number | undefined;
  /** How often another one has taken the Lease. */
  changes = 0;
  #writer: number | undefined;
  /** From when on the writer has written. */
  #since = 0;
  readonly #problems: string[] = [];

  /** To be told of each write that was done. */
  passes(who: number, { what, status = 0, arrivedAt }: PassingWrite): void {
    if (status < 200 || status > 299) return;
    if (what.includes('/leases')) {
      if (this.holder !== who) this.changes += 1;
      this.holder = who;
    } else if (!noWrites.test(what)) this.#written(who, what, arrivedAt);
  }

  /** Writes of one that no longer led, since this was asked last. */
  problems(): string[] {
    return this.#problems.splice(0);
  }

  #written(who: number, what: string, arrivedAt: number): void {
    if (who === this.#writer) return;
    if (who === this.holder) {
      this.#writer = who;
      this.#since = arrivedAt;
    } else if (this.#writer === undefined || arrivedAt > this.#since)
      this.#problems.push(`operator ${who + 1} writes and does not lead: ${what}`);
  }
}
