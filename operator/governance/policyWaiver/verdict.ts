/** What is evaluated of a waiver: stages in one direction, each yields one field from those before it, and none is computed twice. Pure. */
import { acceptanceOf, type Acceptance } from './acceptance.ts';
import { closureOf, type Closure } from './closure.ts';
import { countedOf, type Heard } from './counted.ts';
import { decisionOf, type Decided } from './decision.ts';
import { latchedOf, type Settled } from './latched.ts';
import { lifetimeOf, type Dated } from './lifetime.ts';
import { versionOf, type Given, type Versioned } from './version.ts';

export interface Verdict extends Dated {
  readonly acceptance: Acceptance;
  readonly closure: Closure;
}

export function verdictOn(given: Given): Verdict {
  const versioned: Versioned = { ...given, version: versionOf(given) };
  const heard: Heard = { ...versioned, counted: countedOf(versioned) };
  const decided: Decided = { ...heard, decision: decisionOf(heard) };
  const settled: Settled = { ...decided, latched: latchedOf(decided) };
  const dated: Dated = { ...settled, lifetime: lifetimeAfter(settled) };
  return { ...dated, acceptance: acceptanceOf(dated), closure: closureOf(given.waiver) };
}

/** By what is decided now, not by what was. */
function lifetimeAfter({ waiver, version, counted, decision, latched, now }: Settled): Dated['lifetime'] {
  const status = { ...latched.status, digest: version.digest, decision: decision.is };
  return lifetimeOf({ ...waiver, status }, counted.scope, now);
}
