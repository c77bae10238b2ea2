/** What checks decide, and when two of them exclude each other. Pure. */
import { compareRpmVersions, parseRpmVersion } from '../../lib/rpmVersion.ts';
import { fits } from './sshdWords.ts';

/** What a check decides of one thing: its very value, as text; or what that may be. Two checks that cannot both hold exclude each other. */
export type Claim = string | NumberClaim | WordsClaim | VersionClaim | PresenceClaim;

/** A number, within bounds that belong to it. Text that is no number lies within none. */
export interface NumberClaim {
  readonly is: 'number';
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

/** A set of words, such as members, or the bits of a mode; in text they stand between blanks and commas. */
export interface WordsClaim {
  readonly is: 'words';
  /** All of these are in it. */
  readonly has?: readonly string[];
  /** Nothing else is in it. */
  readonly only?: readonly string[];
  /** Nothing that fits one of these patterns, with `*` and `?`, is in it. */
  readonly without?: readonly string[];
}

/** A version of RPM. Without epochs on both sides these are not compared, nor are releases. */
export interface VersionClaim {
  readonly is: 'version';
  readonly atLeast: string;
  readonly atMost?: string;
}

/** Whether it is set at all, to whatever value. */
export interface PresenceClaim {
  readonly is: 'set' | 'not set';
}

/** A set of just these words. */
export function exactly(words: readonly string[]): WordsClaim {
  return { is: 'words', has: words, only: words };
}

/** The bits of a number as words. */
export function bitsOf(bits: number): readonly string[] {
  return Array.from({ length: 32 }, (_, at) => 2 ** at).flatMap((bit) => (bits & bit ? [`${bit}`] : []));
}

/** Whether no value can be as both say. Claims of different kinds can be told apart only where one of them is text. */
export function exclude(a: Claim, b: Claim): boolean {
  if (typeof a === 'string') return typeof b === 'string' ? a !== b : excludesText(b, a);
  if (typeof b === 'string') return excludesText(a, b);
  if (a.is === 'not set' || b.is === 'not set') return a.is !== b.is;
  if (a.is === 'number' && b.is === 'number') return isEmptyRange(a, b) || isEmptyRange(b, a);
  if (a.is === 'words' && b.is === 'words') return lacksWords(a, b) || lacksWords(b, a);
  if (a.is === 'version' && b.is === 'version') return isBelow(a, b) || isBelow(b, a);
  return false;
}

function excludesText(claim: Exclude<Claim, string>, text: string): boolean {
  switch (claim.is) {
    case 'set':
      return false;
    case 'not set':
      return true;
    case 'number': {
      const number = text === '' ? NaN : Number(text);
      return !(number >= (claim.atLeast ?? -Infinity) && number <= (claim.atMost ?? Infinity));
    }
    case 'words':
      return exclude(claim, exactly(text.split(/[\s,]+/).filter(Boolean)));
    case 'version':
      return exclude(claim, { is: 'version', atLeast: text, atMost: text });
  }
}

function isEmptyRange({ atLeast = -Infinity }: NumberClaim, { atMost = Infinity }: NumberClaim): boolean {
  return atLeast > atMost;
}

function lacksWords({ has = [] }: WordsClaim, { only, without = [] }: WordsClaim): boolean {
  return has.some((word) => (only && !only.includes(word)) || without.some((pattern) => fits(pattern, word)));
}

function isBelow({ atMost }: VersionClaim, { atLeast }: VersionClaim): boolean {
  if (atMost === undefined) return false;
  const [left, right] = [parseRpmVersion(atMost), parseRpmVersion(atLeast)];
  const haveEpochs = atMost.includes(':') && atLeast.includes(':');
  return compareRpmVersions(left, haveEpochs ? right : { ...right, epoch: left.epoch }) < 0;
}
