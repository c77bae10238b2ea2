/**
 * The contract of a check type: one file each, one row in the table of `index.ts`. All of it is pure.
 *
 * A type is asked in one batch: its `script` is a constant POSIX shell function that reads the requests of its type, so that
 * fifty checks cost a handful of processes on the host. What a CR says reaches the host as data on standard input only.
 */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Remedy } from './change.ts';
import type { Claim } from './claim.ts';

/** The key of DeviceCheck under which a type's declaration stands, which is also the name of the type. */
export type CheckKey = Exclude<keyof DeviceCheck, 'name' | 'severity' | 'controls'>;
export type Declared<K extends CheckKey> = NonNullable<DeviceCheck[K]>;

/** One property that differs. Values are shown to people: secrets are digests by now. */
export interface Difference {
  /** `mode`, `content`, `live`, … */
  path: string;
  expected: string;
  actual: string;
  /** More about it, for people. What a person must do where correction cannot help is told by `remedy`. */
  message?: string;
}

/**
 * What a comparison says: nothing differs, something does; the host could not say, or what it said was not understood in full; or the
 * question makes no sense on this host, which is no pass either.
 */
export type Comparison =
  | { is: 'known'; differences: readonly Difference[] }
  | { is: 'unknown'; message: string }
  | { is: 'notApplicable'; message: string };

/** Shows a secret as a keyed digest, such as `hmac:1f2e3d4c5b6a7988`; takes the SHA-256 of the text, or the text. */
export type Conceal = (text: string) => string;

/** What several types must know of a host, found out once for all of them, before their requests are answered. */
export interface Look {
  /** The variable of the shell that has what it tells; a type must see by itself whether that is all. */
  readonly key: string;
  readonly functions: readonly string[];
  /** Body of a shell function that must only read; $1 has the words of all types, separated by blanks. It ends with `exit` as it likes. */
  readonly script: string;
}

/** What a type needs to have been found out, and the words that it gives for that, none with a blank or a control character. */
export interface Share<Declared> {
  readonly look: Look;
  words(declared: Declared): readonly string[];
}

export interface CheckType<K extends CheckKey, Observed> {
  readonly key: K;
  /** Arguments of the request, none with a control character. */
  request(declared: Declared<K>): readonly string[];
  /** In the order in which it must be found out. */
  readonly shares?: readonly Share<Declared<K>>[];
  /** Shell functions that it calls; several types may have the same. */
  readonly functions?: readonly string[];
  /**
   * Body of the shell function that answers the requests of this type. It must only read. See `drift/probe/script.ts` for the
   * functions it may use and the form of requests and answers.
   */
  readonly script: string;
  /** Reads the answer; throws with a reason when it makes no sense. */
  parse(answer: string, declared: Declared<K>): Observed;
  compare(declared: Declared<K>, observed: Observed, conceal: Conceal): Comparison;
  /**
   * What makes it hold on this host, from what was found; asked only when something differs. A change is never wider than what differs,
   * and starts from what is there. What cannot be corrected, or not without harm, is for a person.
   */
  remedy(declared: Declared<K>, observed: Observed): Remedy;
  /**
   * What the check decides, by the name of each thing of the host, such as `mode of /etc/motd`: two checks whose claims exclude each other
   * can never both hold.
   */
  claims(declared: Declared<K>): Readonly<Record<string, Claim>>;
}
