/** What is verified: a tree of files, wherever it is. */

export interface Tree {
  /** All that is below, in ascending order of paths. Rejects with a `TreeError`. */
  list(): Promise<readonly TreeFile[]>;
  /** Rejects with a `TreeError` when it is longer. */
  read(path: string, maxBytes: number): Promise<Buffer>;
  digest(path: string): Promise<{ readonly sha256: string; readonly size: number }>;
  stream(path: string): AsyncIterable<Uint8Array>;
}

export interface TreeFile {
  /** With `/` between the names. */
  readonly path: string;
  readonly size: number;
  /** A link is not followed: it may show one file to who verifies and another one later. */
  readonly is: 'file' | 'link' | 'other';
}

/** It cannot be read. The message is a sentence that says what to do. */
export class TreeError extends Error {}

/** Of a tree: packs of a hundred years. */
export const MOST_FILES = 500_000;
