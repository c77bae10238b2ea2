/** One situation of a host, what is declared of it, and what must come of that. */
import type { CheckKey, Declared } from '../../../operator/drift/checks/checkType.ts';

export type Declaration = { [K in CheckKey]: { [one in K]: Declared<K> } }[CheckKey];

export interface HostCase {
  /** A sentence that says what is right. */
  readonly name: string;
  /** Where the situation comes from: a public report, a standard, a man page. */
  readonly source?: string;
  readonly declare: Declaration;
  /** Shell, as root: makes the situation. */
  readonly given?: string;
  /** What is then found: nothing when it holds, `path is actual, not expected`, `unknown: why`, or `not applicable: why`. */
  readonly found: readonly (string | RegExp)[];
  /** Holdfast leaves it to a person, and this is what it says. */
  readonly manual?: RegExp;
  /** The host's half refuses, and this is what it says; nothing has changed then. */
  readonly refused?: RegExp;
  /** Shell between the look and the correction, as by somebody who races it. */
  readonly between?: string;
  /** What the correction says of itself, beyond what was declared. */
  readonly said?: RegExp;
  /** Shell that must succeed after the correction. */
  readonly corrected?: string;
  /** Shell between the correction and its undoing. */
  readonly meanwhile?: string;
  /** What undoing says that it leaves as it is; without it all is as it was before the correction. */
  readonly lost?: RegExp;
  /** Shell that must succeed after undoing, where something else changed in between: not all can be as before then. */
  readonly undone?: string;
  /** Shell that clears the situation away. */
  readonly cleared?: string;
}
