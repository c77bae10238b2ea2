/** What a verification found, as data: checks in the order in which they are made, each with its problems. Pure. */

export const checkNames = {
  Found: 'what there is to verify',
  Bundles: 'one signature each, in the form that all verifiers read alike',
  Signatures: 'made with a key, or for an identity, that was given',
  Keys: 'each key was valid when it signed',
  Witnesses: 'timestamps and logs are of these signatures',
  Files: 'each file is the one that was signed, and there is no other',
  Chain: 'each pack follows the one before',
  Journal: 'its segments follow each other, as the packs say',
  Origin: 'all is of one cluster and one store',
  Completeness: 'nothing that was promised is missing',
} as const;

export type CheckName = keyof typeof checkNames;

export interface Problem {
  /** A path below what was given. */
  readonly where: string;
  /** A fragment that says what is wrong. */
  readonly message: string;
  /** `Partial`: it is said by who signed that something is missing. `Unverifiable`: what it takes to decide was not given. */
  readonly is: 'Refused' | 'Unverifiable' | 'Partial';
}

export interface Check {
  readonly name: CheckName;
  readonly is: 'Passed' | 'Failed' | 'Unverifiable' | 'Partial' | 'NotChecked';
  /** What was checked, or why nothing was. */
  readonly message: string;
  readonly problems: readonly Problem[];
}

export interface VerifiedPack {
  readonly pack: string;
  readonly sequence: number;
  readonly time: string;
  readonly period: { readonly start: string; readonly end: string };
  readonly isComplete: boolean;
}

export interface Verdict {
  /** `Verified` alone is a pass. */
  readonly is: 'Verified' | 'Partial' | 'Refused' | 'Unverifiable';
  /** A sentence. */
  readonly message: string;
  readonly packs: readonly VerifiedPack[];
  readonly checks: readonly Check[];
}

/** Collects what is found. */
export class Findings {
  readonly #problems = new Map<CheckName, Problem[]>();
  readonly #messages = new Map<CheckName, string>();
  readonly #unchecked = new Set<CheckName>();

  refuse(name: CheckName, where: string, message: string): void {
    this.#add(name, { where, message, is: 'Refused' });
  }

  unverifiable(name: CheckName, where: string, message: string): void {
    this.#add(name, { where, message, is: 'Unverifiable' });
  }

  partial(name: CheckName, where: string, message: string): void {
    this.#add(name, { where, message, is: 'Partial' });
  }

  /** What was found apart from this. */
  take(other: Findings): void {
    for (const [name, problems] of other.#problems) for (const problem of problems) this.#add(name, problem);
  }

  /** What was checked. */
  say(name: CheckName, message: string): void {
    this.#messages.set(name, message);
  }

  /** Why nothing was. */
  notChecked(name: CheckName, message: string): void {
    this.#unchecked.add(name);
    this.#messages.set(name, message);
  }

  /** Runs a part that throws a `Refusal` for what it cannot read. */
  trying<T>(name: CheckName, where: string, part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(name, where, error.message);
      return undefined;
    }
  }

  /** What makes it no pass, apart from what who signed says is missing. */
  get objections(): readonly Problem[] {
    return [...this.#problems.values()].flat().filter(({ is }) => is !== 'Partial');
  }

  verdict(packs: readonly VerifiedPack[]): Verdict {
    const checks = (Object.keys(checkNames) as CheckName[]).map((name) => this.#check(name));
    const problems = checks.flatMap((check) => check.problems);
    const count = (is: Problem['is']) => problems.filter((problem) => problem.is === is).length;
    const [refused, unverifiable, partial] = [count('Refused'), count('Unverifiable'), count('Partial')];
    const total = `${packs.length} ${packs.length === 1 ? 'pack' : 'packs'}`;
    if (refused > 0)
      return {
        is: 'Refused',
        message: `Do not rely on it: ${refused === 1 ? '1 thing is' : `${refused} things are`} not as signed.`,
        packs,
        checks,
      };
    if (unverifiable > 0 || packs.length === 0)
      return { is: 'Unverifiable', message: 'It was not verified: what it takes is not there.', packs, checks };
    if (partial > 0)
      return {
        is: 'Partial',
        message: `${total} verified; ${partial === 1 ? '1 thing is' : `${partial} things are`} missing.`,
        packs,
        checks,
      };
    return { is: 'Verified', message: `${total} verified, complete.`, packs, checks };
  }

  #add(name: CheckName, problem: Problem): void {
    this.#problems.set(name, [...(this.#problems.get(name) ?? []), problem]);
  }

  #check(name: CheckName): Check {
    const problems = this.#problems.get(name) ?? [];
    const has = (is: Problem['is']) => problems.some((problem) => problem.is === is);
    const is = has('Refused')
      ? 'Failed'
      : has('Unverifiable')
        ? 'Unverifiable'
        : has('Partial')
          ? 'Partial'
          : this.#unchecked.has(name) || !this.#messages.has(name)
            ? 'NotChecked'
            : 'Passed';
    return { name, is, message: this.#messages.get(name) ?? 'there was nothing to check', problems };
  }
}

/** It is refused. The message is a fragment that says why. */
export class Refusal extends Error {}

/** What others wrote, for a message: on one line, within a bound, without what moves the cursor or turns the text around. */
export function shown(value: unknown, most = 80): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
