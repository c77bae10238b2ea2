import type { Resource } from './shared.ts';

/**
 * A cluster-wide note without a status, whose text stays as it is.
 *
 * @resource plural=notes scope=Cluster
 */
export interface Note extends Resource<NoteSpec> {
  kind: 'Note';
}

/**
 * The note.
 *
 * @immutable
 */
export interface NoteSpec {
  /** What it says, in full. @maxLength 1000 */
  text: string;
}
