/** Two operators on one control plane, each with a state of its own: one leads by a Lease and the other waits, or both believe that they lead. */
import { join } from 'node:path';
import { until } from '../../operator/until.ts';
import { Victim, type VictimOptions } from './victim.ts';

export class Pair {
  #leader: Victim;
  #other: Victim;
  /** Resolves when the other one leads. */
  #otherLeads: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  handovers = 0;

  constructor(first: Victim, { folder, ...options }: VictimOptions) {
    this.#leader = first;
    this.#other = new Victim({ ...options, folder: join(folder, 'other') });
  }

  get operators(): readonly Victim[] {
    return [this.#leader, this.#other];
  }

  /** Starts the second one: it waits where there is a Lease, and is at work otherwise. */
  async join(hasLease: boolean): Promise<void> {
    this.#otherLeads = this.#other.start();
    if (!hasLease) await this.#otherLeads;
  }

  /**
   * The leader stands still until the other one has taken over, and continues then: it notices, and ends; it is started again, to wait. Who
   * asks meanwhile waits for a turn.
   */
  changeHands(): Promise<void> {
    return (this.#turn = this.#turn.then(async () => {
      const former = this.#leader;
      former.signal('SIGSTOP');
      await this.#otherLeads;
      let hasEnded = false;
      void former.endsByItself().then(() => (hasEnded = true));
      former.signal('SIGCONT');
      await until('the former leader has ended', () => hasEnded || undefined, { seconds: 90 });
      [this.#leader, this.#other] = [this.#other, former];
      this.#otherLeads = this.#other.start();
      this.handovers += 1;
    }));
  }

  async stop(): Promise<void> {
    await this.#turn.catch(() => undefined);
    await Promise.all(this.operators.map((operator) => operator.stop()));
  }
}
