/**
 * Reads every byte of a section before it is stored where nobody can remove it, and says where there are secrets or personal data, but not
 * what they are. Pure.
 */
import { isSecretName, secretForms, type SecretForm } from '../../lib/secretForms.ts';
import { isNamedSecret } from '../../lib/secretLikeness.ts';
import { keywords } from '../../lib/keywords.ts';
import { isAllowed, type Allowed } from './allowed.ts';
import { jsonTexts, UnreadableJson, type JsonText } from './jsonTexts.ts';
import { pathText, type Segment } from './jsonPath.ts';
import { personalData } from './personalData.ts';

export interface Place {
  readonly file: string;
  /** As RFC 9535 has it; a key that is itself a secret is `*` in it. */
  readonly path: string;
  readonly rule: string;
  /** By a key of this installation, so that the same value is known again. */
  readonly digest?: string;
}

export interface Verdict {
  /** The first of them. */
  readonly places: readonly Place[];
  readonly count: number;
  /** Why it was not read to its end. Then nothing is known of it, and it must not be stored. */
  readonly unread?: string;
}

export interface GateOptions {
  readonly allow: readonly Allowed[];
  /** Addresses of those who decide: approvers and requesters. Evidence has to name them. */
  readonly people: ReadonlySet<string>;
  /** A keyed digest. */
  readonly conceal?: (value: string) => string;
}

export interface Gate {
  push(chunk: Uint8Array): void;
  end(): Verdict;
}

export const mostPlaces = 100;
const mostRemembered = 10_000;

const forms: readonly SecretForm[] = [...secretForms, ...personalData];
export const rules: ReadonlySet<string> = new Set([...forms.map(({ rule }) => rule), 'named-secret']);
/** `value` is the name of what is named beside it. */
const words = keywords([...forms.map(({ hints }) => hints), ['value']]);
const byBit = Array.from({ length: 32 }, (_, bit) => forms.filter((__, index) => index % 32 === bit));
const naming = ['name', 'key', 'option'];

/** For the bytes of one file, in order. */
export function gate(file: string, { allow, people, conceal }: GateOptions): Gate {
  const places: Place[] = [];
  let count = 0;
  let unread: string | undefined;
  /** The object whose `name` is that of a secret, as in `{"name": "API_TOKEN", "value": …}`: keys are sorted, so the name is first. */
  let namedIn: string | undefined;

  function report(rule: string, path: readonly Segment[], value: string): void {
    if (isAllowed(allow, rule, path)) return;
    count++;
    if (places.length < mostPlaces)
      places.push({ file, path: pathText(path), rule, ...(conceal && { digest: conceal(value) }) });
  }

  /** Texts without a match: most are there many times. */
  const clean = new Set<string>();

  function inspect(one: JsonText): string | undefined {
    const { text, path, is } = one;
    const matches = clean.has(text) ? [] : matchesOf(one, people);
    if (matches.length === 0 && is !== 'number' && clean.size < mostRemembered && text.length < 500) clean.add(text);
    const key = path.at(-1);
    if (is === 'string' && typeof key === 'string') {
      const parent = pathText(path.slice(0, -1));
      if (naming.includes(key) && isSecretName(text)) namedIn = parent;
      const isNamed = isSecretName(key) || (key === 'value' && namedIn === parent);
      const isFound = matches.some(({ rule }) => rule !== 'email');
      if (isNamed && !isFound && isNamedSecret(`${isSecretName(key) ? key : 'password'}=`, text))
        matches.push({ rule: 'named-secret', value: text });
    }
    // A key that is a secret must not be in a path either.
    const shown = is === 'key' && matches.length > 0 ? [...path.slice(0, -1), '*'] : path;
    for (const { rule, value } of matches) report(rule, shown, value);
    return is === 'key' && matches.length > 0 ? '*' : undefined;
  }

  const texts = jsonTexts(words, isNameOfInterest, inspect);
  const attempt = (read: () => void): void => {
    if (unread !== undefined) return;
    try {
      read();
    } catch (error) {
      if (!(error instanceof UnreadableJson)) throw error;
      unread = error.message;
    }
  };
  return {
    push: (chunk) => attempt(() => texts.push(chunk)),
    end() {
      attempt(() => texts.end());
      return { places, count, ...(unread !== undefined && { unread }) };
    },
  };
}

const ofInterest = new Map<string, boolean>();

/** Whether the value of such a key is read whatever it is. Most keys are the same few. */
function isNameOfInterest(key: string): boolean {
  let is = ofInterest.get(key);
  if (is === undefined) {
    is = key === 'value' || isSecretName(key);
    if (ofInterest.size < 10_000) ofInterest.set(key, is);
  }
  return is;
}

function matchesOf(
  { text, words: mask, is }: JsonText,
  people: ReadonlySet<string>,
): { rule: string; value: string }[] {
  const matches: { rule: string; value: string }[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    for (const { rule, pattern, isCertain } of byBit[31 - Math.clz32(rest & -rest)]!) {
      if (is === 'number' && rule !== 'credit-card') continue;
      pattern.lastIndex = 0;
      for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
        const [all, before = ''] = match;
        const value = all.slice(before.length);
        if (!isCertain(value, before) || (rule === 'email' && people.has(value.toLowerCase()))) continue;
        matches.push({ rule, value });
      }
    }
  }
  return matches;
}
