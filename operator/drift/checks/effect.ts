/** What counts for the reader of a file instead of a line that is there; or why that is not known. Pure. */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { LineEdit } from './change.ts';
import type { AskedBesides, Told, ToldFile, ToldLine } from './toldLines.ts';

export type Effect = { readonly is: 'unknown'; readonly message: string } | OtherEffect;

/** Something else counts. */
export interface OtherEffect {
  readonly is: 'other';
  /** What the line would set. */
  readonly value: string;
  readonly found: string;
  /** Where that is, as words that follow it. */
  readonly place: string;
  readonly isPublic: boolean;
  /** What a person does about it, where that is not to change the setting elsewhere. */
  readonly advice?: string;
}

/** That another line counts than one which would set `value`. */
export function otherLine(value: string, file: ToldFile, { text, number }: ToldLine, advice?: string): OtherEffect {
  const place = ` (line ${number} of ${file.path})`;
  return { is: 'other', value, found: text, place, isPublic: file.isPublic, ...(advice !== undefined && { advice }) };
}

/** A program that reads more than the file of a line, or not all of it. */
export interface LineReader {
  /** Whether it reads such a line, and it can be told whether that counts. */
  readonly reads: (declared: LineCheck) => boolean;
  readonly asked: (declared: LineCheck) => AskedBesides;
  /** Of the line that is there. */
  readonly effect: (declared: LineCheck, told: Told) => Effect | undefined;
  /** Why the line would not count where it would be put: in the place of the line of that number, or at the end (Infinity). */
  readonly whyNotThere?: (declared: LineCheck, files: readonly ToldFile[], at: number) => string | undefined;
  /** A command as `FileChange` has it: with what the new file must be accepted by. */
  readonly validate?: readonly string[];
  /** Why its file is not edited so. */
  readonly whyNotEdited?: (
    declared: LineCheck,
    files: readonly ToldFile[],
    edits: readonly LineEdit[],
  ) => string | undefined;
}
