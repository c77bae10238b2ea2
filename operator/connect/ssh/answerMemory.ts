/**
 * Bounds the memory that answers of hosts take while they come in: each may be some megabytes, and hundreds come at once. A group may have
 * as much as it leaves free for the others; when one has more, the largest answer of the group that has the most is cut.
 */
import { mayTakeAnother } from '../../lib/shares.ts';

/** What one answer takes. */
export interface Portion {
  /** Says that it takes so many bytes now. */
  grow(bytes: number): void;
  /** What is called, at most once, when it must be given up. */
  onCut(cut: () => void): void;
  /** It takes nothing from now on. */
  close(): void;
}

interface Answer {
  bytes: number;
  cut: () => void;
}

export class AnswerMemory {
  readonly #bytes: number;
  readonly #groups = new Map<string, Set<Answer>>();
  #taken = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  open(group: string): Portion {
    const answer: Answer = { bytes: 0, cut: () => undefined };
    const answers = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, answers.add(answer));
    const close = (): void => {
      if (answers.delete(answer)) this.#taken -= answer.bytes;
      if (answers.size === 0 && this.#groups.get(group) === answers) this.#groups.delete(group);
    };
    return {
      grow: (bytes) => {
        if (bytes === answer.bytes || !answers.has(answer)) return;
        this.#taken += bytes - answer.bytes;
        answer.bytes = bytes;
        this.#cutLargest(answers);
      },
      onCut: (cut) => (answer.cut = cut),
      close,
    };
  }

  /** What is cut is closed by who asked for it, but no longer counts. */
  #cutLargest(answers: Set<Answer>): void {
    while (!mayTakeAnother(bytesOf(answers), this.#bytes - this.#taken)) {
      const [most] = [...this.#groups.values()].sort((a, b) => bytesOf(b) - bytesOf(a));
      const [largest] = [...(most ?? [])].sort((a, b) => b.bytes - a.bytes);
      if (!most || !largest?.bytes) return;
      most.delete(largest);
      this.#taken -= largest.bytes;
      largest.cut();
    }
  }
}

function bytesOf(answers: Set<Answer>): number {
  let bytes = 0;
  for (const answer of answers) bytes += answer.bytes;
  return bytes;
}
