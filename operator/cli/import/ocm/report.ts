/** What became of each item of the input, and why: nothing is dropped without a row or a note here. */
import { counted, listed } from '../../../lib/text.ts';
import { table } from '../../table.ts';

export type Result = 'Translated' | 'Translated with notes' | 'Not translated' | 'Not needed';

/**
 * What a note is about, in one word, to count by, and what it says of the meaning: `same`, as far as anything is evaluated or written; `other`,
 * something else holds or is written than there, so that nothing is corrected before a person has read it; `none`, there is no translation.
 */
export const meanings = {
  ClusterName: 'same',
  Comparison: 'other',
  Conditional: 'none',
  Controls: 'same',
  Creation: 'other',
  CustomMessage: 'same',
  Dependencies: 'other',
  Duplicate: 'same',
  EvaluationInterval: 'same',
  Fields: 'same',
  FilledIn: 'other',
  ForbidsAll: 'none',
  Generator: 'none',
  GoTemplate: 'none',
  HubTemplate: 'none',
  InformOnly: 'same',
  Lists: 'other',
  Malformed: 'none',
  Metadata: 'same',
  Name: 'same',
  NoNamespace: 'other',
  NoObjects: 'none',
  NotEnforced: 'same',
  Number: 'none',
  ObjectSelector: 'same',
  ObjectTemplatesRaw: 'none',
  Once: 'other',
  OtherKind: 'none',
  Placement: 'same',
  Propagation: 'same',
  Prune: 'other',
  RecordDiff: 'same',
  Recreate: 'other',
  RemediationAction: 'same',
  Scope: 'same',
  Selector: 'other',
  Severity: 'same',
  TooLarge: 'none',
  UnknownField: 'other',
} as const;

export type Reason = keyof typeof meanings;

/** Those that keep a baseline from `Enforce`. */
export const acceptable = (Object.keys(meanings) as Reason[]).filter((reason) => meanings[reason] === 'other');

/** Those of the notes that say that something else is meant, each once. */
export function otherMeanings(notes: readonly Note[]): Reason[] {
  return acceptable.filter((one) => notes.some(({ reason }) => reason === one));
}

/** A sentence for people and the word to count it by. */
export interface Note {
  readonly reason: Reason;
  readonly text: string;
}

export interface Row {
  /** The Policy, as `namespace/name`, or the document. */
  readonly policy: string;
  /** What of it: an object, the settings of a ConfigurationPolicy, or the document itself. */
  readonly item: string;
  readonly result: Result;
  readonly notes: readonly Note[];
}

export function note(reason: Reason, text: string): Note {
  return { reason, text };
}

/** The row of something that was translated. */
export function translatedRow(policy: string, item: string, notes: readonly Note[]): Row {
  return { policy, item, result: notes.length ? 'Translated with notes' : 'Translated', notes };
}

export function refusedRow(policy: string, item: string, reason: Note): Row {
  return { policy, item, result: 'Not translated', notes: [reason] };
}

export function unneededRow(policy: string, item: string, notes: readonly Note[]): Row {
  return { policy, item, result: 'Not needed', notes };
}

/** The table, and below it the counts. */
export function reportOf(rows: readonly Row[], baselines: number, skipped: readonly string[]): string {
  const lines = [countsOf(rows, baselines), ...heldInWords(rows), ...(skipped.length ? [skippedInWords(skipped)] : [])];
  if (rows.length === 0) return `${lines.join('\n')}\n`;
  const cells = rows.map(({ policy, item, result, notes }) => [policy, item, result, notes.map(({ text }) => text)]);
  return `${table(['POLICY', 'ITEM', 'RESULT', 'WHY'], cells)}\n${lines.join('\n')}\n`;
}

function countsOf(rows: readonly Row[], baselines: number): string {
  const count = (result: Result) => rows.filter((row) => row.result === result).length;
  const refused = countedBy(
    rows.filter(({ result }) => result === 'Not translated').map(({ notes }) => notes[0]!.reason),
  );
  return [
    `${counted(baselines, 'ClusterBaseline')} from ${counted(rows.length, 'item')}:`,
    `${count('Translated')} translated,`,
    `${count('Translated with notes')} with notes,`,
    `${count('Not translated')} not translated${refused.length ? ` (${refused.join(', ')})` : ''},`,
    `${count('Not needed')} not needed.`,
  ].join(' ');
}

/** Loud, because a policy that enforced does so no more. */
function heldInWords(rows: readonly Row[]): string[] {
  const held = rows.filter(({ notes }) => notes.some(({ reason }) => reason === 'NotEnforced')).length;
  if (held === 0) return [];
  return [
    `NOT ENFORCED, only reported: ${counted(held, 'object')} of policies that enforce, because they have a different meaning in Holdfast. Read the notes; then set --accept to their reasons, or set mode Enforce.`,
  ];
}

function skippedInWords(kinds: readonly string[]): string {
  return `Ignored, because they are not policies: ${counted(kinds.length, 'document')} (${listed(countedBy(kinds), 6)}).`;
}

/** `GoTemplate 3, Name 1`, most first. */
function countedBy(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .map(([word, times]) => `${word} ${times}`);
}
