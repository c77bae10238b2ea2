/**
 * The contract of a check type: one file each, one row in the table of `index.ts`. All of it is pure.
 *
 * A type is asked in one batch: its `script` is a constant POSIX shell function that reads the requests of its type, so that
 * fifty checks cost a handful of processes on the host. What a CR says reaches the host as data on standard input only.
 */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Task } from '../../lib/ansibleTask.ts';

/** The key of DeviceCheck under which a type's declaration stands, which is also the name of the type. */
export type CheckKey = Exclude<keyof DeviceCheck, 'name' | 'severity' | 'controls'>;
export type Declared<K extends CheckKey> = NonNullable<DeviceCheck[K]>;

/** One property that differs. Values are shown to people: secrets are digests by now. */
export interface Difference {
  /** `mode`, `content`, `live`, … */
  path: string;
  expected: string;
  actual: string;
  /** What a person must do, where correction cannot help. */
  message?: string;
}

/** What a comparison says: nothing differs, something does, or the host could not say. */
export type Comparison = { is: 'known'; differences: readonly Difference[] } | { is: 'unknown'; message: string };

/** Shows a secret as a keyed digest, such as `hmac:1f2e3d4c5b6a7988`; takes the SHA-256 of the text, or the text. */
export type Conceal = (text: string) => string;

/** A task of Ansible, or a block of them, as data: every string is literal, but for those in an `expression` of `lib/ansibleTask.ts`. */
export type { Task } from '../../lib/ansibleTask.ts';

export interface CheckType<K extends CheckKey, Observed> {
  readonly key: K;
  /** Arguments of the request, none with a control character. */
  request(declared: Declared<K>): readonly string[];
  /**
   * Body of the shell function that answers the requests of this type. It must only read. See `drift/probe/script.ts` for the
   * functions it may use and the form of requests and answers.
   */
  readonly script: string;
  /** Reads the answer; throws with a reason when it makes no sense. */
  parse(answer: string, declared: Declared<K>): Observed;
  compare(declared: Declared<K>, observed: Observed, conceal: Conceal): Comparison;
  /** The tasks that mend it. Each must be idempotent. Empty when it cannot be mended. */
  correct(declared: Declared<K>): readonly Task[];
  /**
   * Tasks before `correct` that keep on the host, in `folder` (which only root can read), what is needed to undo it and is too
   * large or too secret for a status: the file as it was.
   */
  keep?(declared: Declared<K>, folder: string): readonly Task[];
  /**
   * The tasks that put back what was found, by its declaration and by what `keep` kept; without it `correct` of that declaration
   * undoes. Of checks that change the same file the last one corrected must be put back first.
   */
  restore?(found: Declared<K>, folder: string): readonly Task[];
  /** The declaration that what was found would satisfy, so that a correction can be undone; `undefined` when that cannot be put back. */
  asFound(declared: Declared<K>, observed: Observed): Declared<K> | undefined;
}
