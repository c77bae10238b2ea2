/**
 * What the live object has, the template leaves out, and an apply stumbles over: `hostPath` where `emptyDir` is declared. Pure.
 */
import { fieldIn, isFilledIn, isObject, own } from './known.ts';
import { itemsIn } from './lists.ts';
import { walkFor } from './parts.ts';
import type { FieldSchema } from './schema.ts';
import type { Members, ObjectDifference, Pair, Walk } from './walk.ts';

/** Words of the apiserver for what excludes something else. */
const excludes =
  /may not|must not|more than|only one|at most one|mutually exclusive|cannot be (?:set|specified)|\bboth\b/i;
const places = /(?:^|[\s[,])([A-Za-z]\w*(?:\.[A-Za-z][\w-]*|\[\d+\])+): (?:Forbidden|Invalid value)/g;
/** More than that is no choice between two. */
const mostBlocking = 3;

/** In the words of a refusal, the fields of the live object that must go before the template can be applied; each once. */
export function blocking(pair: Pair, refusal: string): ObjectDifference[] {
  const { template: declared, live, schema: field } = pair;
  const walk = walkFor(pair);
  if (excludes.test(refusal))
    for (const [, place = ''] of refusal.matchAll(places)) {
      const steps = [...place.matchAll(/[A-Za-z][\w-]*|\d+/g)].map(([step]) => step);
      look(walk, steps, { declared, live, field });
    }
  return walk.found.filter(({ path }, at) => walk.found.findIndex((other) => other.path === path) === at);
}

interface Both {
  readonly declared: unknown;
  readonly live: unknown;
  readonly field: FieldSchema | undefined;
}

function look(walk: Walk, [step, ...rest]: readonly string[], { declared, live, field }: Both): void {
  if (step === undefined) return;
  if (Array.isArray(live) && Array.isArray(declared) && field) {
    const item: unknown = live[Number(step)];
    const placeOf = itemsIn(live, field);
    const same = declared.find((one) => placeOf(one, () => false) === Number(step)) as unknown;
    walk.trail.push(Number(step), field.shape.keys, item);
    look(walk, rest, { declared: same, live: item, field: field.shape.items });
    walk.trail.pop();
  } else if (isObject(live) && isObject(declared)) {
    if (rest.length === 0) return tell(walk, step, { declared, live, field });
    walk.trail.push(step);
    look(walk, rest, { declared: own(declared, step), live: own(live, step), field: field && fieldIn(field, step) });
    walk.trail.pop();
  }
}

interface BothObjects extends Both {
  readonly declared: Members;
  readonly live: Members;
}

/** The field itself when nobody declared it; else those beside it. */
function tell(walk: Walk, name: string, { declared, live, field }: BothObjects): void {
  const isDeclared = Object.hasOwn(declared, name);
  const blocking = isDeclared
    ? Object.keys(live).filter((one) => !Object.hasOwn(declared, one) && !isFilledIn(field, one, live[one], live))
    : [name].filter((one) => own(live, one) !== undefined);
  if (blocking.length > mostBlocking) return;
  for (const one of blocking) {
    walk.trail.push(one);
    walk.record('extra', undefined, live[one]);
    walk.trail.pop();
  }
}
