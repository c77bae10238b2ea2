/**
 * The shape of a command of `kubectl holdfast`. A command reaches the world through `Io` alone, so that tests give it one of their own.
 */

import type { Writable } from 'node:stream';
import type { Client } from '../runtime/client.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Http } from '../runtime/http.ts';

/** What the process ends with; the same for all commands. */
export const exit = {
  /** Done; what was asked about complies, and nothing would change. */
  holds: 0,
  /** It could not be done, or the command line is wrong; the message says what to do. */
  failed: 1,
  /** Something differs, is unknown, or was done in part; the report names it. */
  differs: 2,
} as const;

export type Exit = (typeof exit)[keyof typeof exit];

/** One flag, as `node:util` parses it, and what the help says of it. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help, such as `FILE`. */
  readonly value?: string;
  readonly help: string;
  /** One letter that stands for it, where kubectl has one. */
  readonly short?: string;
  /** It may be given several times. */
  readonly multiple?: true;
}

export type Flags = Readonly<Record<string, Flag>>;

/** Flags as given; those that were not given are absent. */
export type Given<F extends Flags> = {
  readonly [Name in keyof F]?: F[Name] extends { multiple: true }
    ? readonly string[]
    : F[Name]['type'] extends 'boolean'
      ? boolean
      : string;
};

export interface Command<F extends Flags = Flags> {
  /** The words that call it, such as `import ocm`. */
  readonly words: string;
  /** What follows the words, such as `FILE…`. */
  readonly operands: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly flags: F;
  /** A line or two below the flags: what it prints, what its exit codes mean. */
  readonly more?: string;
  /** Throws `UsageError` for a wrong command line, `Failure` with a sentence for people when it cannot be done. */
  run(given: Given<F>, operands: readonly string[], io: Io): Promise<Exit>;
}

/** Keeps the types of the flags for `run`. */
export function command<const F extends Flags>(made: Command<F>): Command {
  return made;
}

/** What a command may do to the world. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of the standard input, as UTF-8. Throws `Failure` beyond `most` bytes. */
  stdin(most: number): Promise<string>;
  /** The file as UTF-8. Throws `Failure` when it is missing, unreadable, not text, or longer than `most` bytes. */
  readFile(path: string, most: number): Promise<string>;
  /** What is in a folder, by name; `undefined` when the path is not a folder. */
  readFolder(path: string): Promise<readonly Entry[] | undefined>;
  writeFile(path: string, text: string): Promise<void>;
  /** A file that only its owner may read. Throws `Failure` when there is one already, unless it `replaces` it. */
  createFile(path: string, replaces: boolean): Promise<NewFile>;
  /** How many lines and columns the terminal has; undefined where the output is no terminal, such as a pipe. */
  terminal?(): { readonly rows: number; readonly columns: number } | undefined;
  /** The cluster of a kubeconfig. What reaches it is loaded only now. Throws `Failure` when there is no usable kubeconfig. */
  cluster(where: Where): Promise<Cluster>;
}

/** A file that has its name only once it is complete. */
export interface NewFile {
  readonly stream: Writable;
  /** Gives it its name, after the stream has finished. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/** The cluster that is meant, by the flags of kubectl. */
export interface Where {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export const whereFlags = {
  kubeconfig: { type: 'string', value: 'FILE', help: 'kubeconfig to use (KUBECONFIG, or ~/.kube/config)' },
  context: { type: 'string', value: 'NAME', help: 'context of the kubeconfig to use' },
} as const satisfies Flags;

/** The cluster and a namespace of it. */
export const placeFlags = {
  namespace: { type: 'string', value: 'NAME', short: 'n', help: 'namespace (that of the context)' },
  ...whereFlags,
} as const satisfies Flags;

export interface Cluster {
  readonly client: Client;
  /** For what is no object, such as logs. */
  readonly http: Http;
  readonly clock: Clock;
  /** That of the context. */
  readonly namespace: string | undefined;
  /** When the apiserver last answered, by its own clock; whole seconds. */
  date(): Date | undefined;
  close(): Promise<void>;
}

export interface Entry {
  readonly name: string;
  readonly is: 'file' | 'folder' | 'other';
}

/** The command line is wrong. */
export class UsageError extends Error {}

/** It cannot be done. The message is a sentence with the next action in it. */
export class Failure extends Error {}
