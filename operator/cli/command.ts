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
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** What completes its value; files where `value` is `FILE`. */
  readonly names?: Names;
}

/** Names that a shell completes: of objects, of contexts of the kubeconfig, or the words themselves. */
export type Names = 'Namespace' | 'context' | KindOfName;

/** Names of objects of a kind. */
export interface KindOfName {
  readonly kind: string;
  /** What comes before the name, such as `device/`. */
  readonly prefix?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** Flags as given; those that were not given are absent. */
export type Given<F extends Flags> = {
  readonly [Name in keyof F]?: F[Name] extends { multiple: true }
    ? readonly string[]
    : F[Name]['type'] extends 'boolean'
      ? boolean
      : F[Name] extends { choices: readonly (infer Choice extends string)[] }
        ? Choice
        : string;
};

export interface Command<F extends Flags = Flags> {
  /** The words that call it, such as `import ocm`. */
  readonly words: string;
  /** What follows the words, such as `FILE…`. */
  readonly operands: string;
  /** What it does, on one line; the list of commands has it up to its first `:` or `;`. */
  readonly summary: string;
  /** Command lines without `kubectl holdfast`, the plainest first: the help begins with them. */
  readonly examples?: readonly string[];
  readonly flags: F;
  /** What completes the first operand, or all of them where they may be repeated. */
  readonly names?: readonly KindOfName[];
  /** A line or two below the flags: what it prints, what it does not do. */
  readonly more?: string;
  /** For programs, such as shells: the list of commands does not have it, and all that follows its words reaches it as it is. */
  readonly isHidden?: true;
  /** What its exit codes mean. */
  readonly exits?: { readonly [Name in keyof typeof exit]?: string };
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
  /** Asks the person at the terminal for a line; undefined where there is none, or the line does not come. */
  ask?(question: string): Promise<string | undefined>;
  /** How many lines and columns the terminal has; undefined where the output is no terminal, such as a pipe. */
  terminal?(): { readonly rows: number; readonly columns: number } | undefined;
  /** Whether standard output is colored, by what `--color` asks for. */
  colors?(asked: ColorWish): boolean;
  /** Decided once, from both. */
  readonly isColored?: boolean;
  /** Shows a line below the output until another one, or none, is shown; absent where standard error is no terminal. */
  progress?(line: string | undefined): void;
  /** Ends the process soon, though something that was started still runs, such as a program for credentials that waits for a person. */
  leave?(): void;
  /** The cluster of a kubeconfig. What reaches it is loaded only now. Throws `Failure` when there is no usable kubeconfig. */
  cluster(where: Where): Promise<Cluster>;
}

export type ColorWish = 'always' | 'auto' | 'never';

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
  context: { type: 'string', value: 'NAME', help: 'context of the kubeconfig to use', names: 'context' },
} as const satisfies Flags;

/** The cluster and a namespace of it. */
export const placeFlags = {
  namespace: { type: 'string', value: 'NAME', short: 'n', help: 'namespace (that of the context)', names: 'Namespace' },
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
