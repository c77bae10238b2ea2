/**
 * Makes and changes the objects, and has one candidate at a time watch them. Every turn is a fresh process, so that each
 * figure has its start-up in it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient, forEachNumber } from '../apiClient.ts';
import { Subject, numberIn } from '../subject.ts';
import { change, collection, nameOf, widget } from './widgets.ts';

export const writers = 16;
const manager = 'platform';

export interface Candidate {
  readonly name: string;
  readonly command: (kubeconfig: string) => readonly string[];
}

/** What a turn without changes tells. CPU is in seconds, memory in bytes. */
export interface Turn {
  readonly candidate: string;
  readonly objects: number;
  /** From the start of the process to a synced cache, as the process counts its own CPU at that moment. */
  readonly syncCpu: number;
  /** Until each object was decided on once. */
  readonly firstPassCpu: number;
  readonly resident: number;
  readonly peak: number;
}

/** With one change of each object. */
export interface TurnWithChanges extends Turn {
  readonly decisions: number;
  readonly changesCpu: number;
  readonly changesWall: number;
}

export class Driver {
  readonly #kubeconfig: string;
  readonly #client: ApiClient;
  #generation = 1;
  #objects = 0;

  private constructor(kubeconfig: string, client: ApiClient) {
    this.#kubeconfig = kubeconfig;
    this.#client = client;
  }

  static async open(kubeconfig: string): Promise<Driver> {
    return new Driver(kubeconfig, await ApiClient.open(kubeconfig, writers));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Until there are so many. */
  async makeObjects(count: number): Promise<void> {
    const apply = (index: number): Promise<void> => this.#client.apply(pathOf(index), manager, widget(index));
    await forEachNumber(this.#objects, count, writers, apply);
    this.#objects = count;
  }

  async turn(candidate: Candidate): Promise<Turn> {
    return this.#with(candidate, () => Promise.resolve({}));
  }

  /** Every object gets another spec; ends when the candidate has decided on each. */
  async turnWithChanges(candidate: Candidate): Promise<TurnWithChanges> {
    return this.#with(candidate, async (subject) => {
      const generation = ++this.#generation;
      const before = await subject.ask('count');
      const cpuBefore = await subject.group.cpuSeconds();
      const began = performance.now();
      await forEachNumber(0, this.#objects, writers, (index) =>
        this.#client.mergePatch(pathOf(index), manager, change(index, generation)),
      );
      const after = await reached(subject, 'changes', numberIn(before, 'changes') + this.#objects);
      return {
        decisions: numberIn(after, 'decisions') - numberIn(before, 'decisions'),
        changesCpu: (await subject.group.cpuSeconds()) - cpuBefore,
        changesWall: (performance.now() - began) / 1000,
      };
    });
  }

  async #with<More extends object>(
    candidate: Candidate,
    work: (subject: Subject) => Promise<More>,
  ): Promise<Turn & More> {
    const subject = await Subject.start(candidate.command(this.#kubeconfig));
    try {
      const syncCpu = numberIn(await subject.next('synced'), 'cpuSeconds');
      await reached(subject, 'decisions', this.#objects);
      const firstPassCpu = await subject.group.cpuSeconds();
      const more = await work(subject);
      const memory = await subject.group.memory();
      return { candidate: candidate.name, objects: this.#objects, syncCpu, firstPassCpu, ...memory, ...more };
    } finally {
      await subject.stop();
    }
  }

  /** A candidate that wrote did other work than was meant. */
  async assertNobodyElseWrote(): Promise<void> {
    const { items } = await this.#client.get<{ items: { metadata: { managedFields: { manager: string }[] } }[] }>(
      `${collection}?limit=500`,
    );
    const managers = new Set(items.flatMap(({ metadata }) => metadata.managedFields.map((field) => field.manager)));
    if (managers.size !== 1) throw new Error(`Besides the writer, somebody wrote: ${[...managers].join(', ')}.`);
  }

  /** Size of an object as the apiserver sends it. */
  async objectBytes(): Promise<number> {
    return (await this.#client.request('GET', pathOf(0))).length;
  }
}

/** Asks a few times a second, which costs the subject next to nothing. */
async function reached(subject: Subject, counter: string, goal: number): ReturnType<Subject['ask']> {
  for (;;) {
    const line = await subject.ask('count');
    if (numberIn(line, counter) >= goal) return line;
    await delay(200);
  }
}

function pathOf(index: number): string {
  return `${collection}/${nameOf(index)}`;
}
