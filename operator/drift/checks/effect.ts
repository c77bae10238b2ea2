/** What counts for the reader of a file instead of a line that is there; or why that is not known. Pure. */

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
