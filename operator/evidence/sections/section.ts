/** A section of a pack: one file of JSON. A section is a file here and a line in `sections.ts`. Pure. */
import type { FindingSource } from '../../findings/source.ts';
import type { Reader } from '../../runtime/feature.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { MakeKeep } from './kept.ts';
import type { Framework } from '../frameworks/framework.ts';

export type SectionName = 'Evidence' | 'Policy' | 'Slo' | 'Dora' | 'Cost';

export interface Section {
  readonly name: SectionName;
  /** Of the name of its file: `evidence` in `evidence-20261127.json`. */
  readonly stem: string;
  /** JSON Schema of its content, which is published. */
  readonly schema: object;
  /** Throws when it cannot be made at all; the pack says so then. */
  build(input: SectionInput): SectionDocument;
}

export interface SectionInput {
  readonly read: Reader;
  readonly namespace: string;
  readonly cluster: { readonly id: string };
  readonly period: Period;
  readonly now: Date;
  /** Entries of the period, in order. */
  readonly journal: () => AsyncIterable<JournalEntry>;
  /** Where is kept what is written before its turn; in memory where there is none. */
  readonly keep?: MakeKeep;
  readonly frameworks: readonly Framework[];
  /** Frameworks that were declared and could not be read. */
  readonly unread?: readonly Missing[];
  readonly sources: readonly FindingSource[];
}

/** From `start`, before `end`. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

export interface SectionDocument {
  /** Lists may be lazy: they are written while they are read. */
  readonly content: Readonly<Record<string, unknown>>;
  /** What the section should contain and does not; it is `partial` then. May grow until the content was written. */
  readonly missing: readonly Missing[];
}

export interface Missing {
  /** Such as `Device db-01`. */
  readonly what: string;
  readonly reason: string;
}
