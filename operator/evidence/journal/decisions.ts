/**
 * Decisions while it is not known what was journaled last, because the store cannot be read: they are kept as they are, and compared once it is. One
 * that repeats the last one of its object is not kept.
 */
import type { Spool, SpoolFile } from '../../connect/spool/spool.ts';
import { factsDigest, stateId } from './state.ts';
import type { Decision } from './decision.ts';
import type { Draft, JournalObject } from './entry.ts';

export type Kept =
  | { readonly is: 'decided'; readonly decision: Decision }
  | { readonly is: 'gone'; readonly object: JournalObject; readonly time: string }
  | { readonly is: 'appended'; readonly draft: Draft };

export const decisionsFile = 'decisions.ndjson';

export class Decisions {
  readonly #last = new Map<string, string>();
  #file: SpoolFile | undefined;
  readonly #spool: Spool;
  #oldest: string | undefined;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  get bytes(): number {
    return this.#file?.size ?? 0;
  }

  get oldest(): string | undefined {
    return this.#oldest;
  }

  /** Whether it says the same as the last of its object. */
  repeats(kept: Kept): boolean {
    return kept.is !== 'appended' && this.#last.get(idOf(kept)) === digestOf(kept);
  }

  /** Throws when the disk is full or fails. */
  keep(kept: Kept): void {
    this.#file ??= this.#opened();
    this.#file.append(`${JSON.stringify(kept)}\n`);
    this.#oldest ??= timeOf(kept);
    if (kept.is !== 'appended') this.#last.set(idOf(kept), digestOf(kept));
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** What was left of a line when the operator ended goes. */
  #opened(): SpoolFile {
    const file = this.#spool.append(decisionsFile);
    if (file.size === 0) return file;
    const end = this.#spool.read(decisionsFile).lastIndexOf(10) + 1;
    if (end < file.size) file.truncate(end);
    return file;
  }
}

/** Of a spool, from that byte on: at most so many, and where the next ones begin. */
export function keptIn(spool: Spool, from: number, most: number): { kept: Kept[]; next: number } {
  if (!spool.names().includes(decisionsFile)) return { kept: [], next: from };
  const bytes = spool.read(decisionsFile);
  const kept: Kept[] = [];
  let at = from;
  for (let end = bytes.indexOf(10, at); end >= 0 && kept.length < most; end = bytes.indexOf(10, at)) {
    kept.push(JSON.parse(bytes.toString('utf8', at, end)) as Kept);
    at = end + 1;
  }
  return { kept, next: at };
}

export function idOf(kept: Kept): string {
  return stateId(kept.is === 'decided' ? kept.decision.object : kept.is === 'gone' ? kept.object : kept.draft.object);
}

export function timeOf(kept: Kept): string {
  return kept.is === 'decided' ? kept.decision.time : kept.is === 'gone' ? kept.time : kept.draft.time;
}

function digestOf(kept: Kept): string {
  if (kept.is === 'appended') return '';
  return factsDigest(kept.is === 'gone' ? 'gone' : { ...kept.decision, time: '' });
}
