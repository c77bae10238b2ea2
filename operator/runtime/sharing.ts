/**
 * Parts that are equal are kept once. Most of a changed object is as it was before: then what is the same is dropped from the new
 * one, which is young and costs little to give up, instead of from the old one, for which all of the heap has to be searched.
 */

type Members = Record<string, unknown>;

/** Replaces the parts of `fresh`, which must come from the parser, by those of `known` that are equal to them. */
export function share(known: object, fresh: object): void {
  shareMembers(known as Members, fresh as Members);
}

/** `known` where both are equal; otherwise `fresh`, with the parts of `known` that are equal to its own. */
function shared(known: unknown, fresh: unknown): unknown {
  if (known === fresh) return known;
  if (typeof known !== 'object' || typeof fresh !== 'object' || known === null || fresh === null) return fresh;
  if (Array.isArray(fresh)) return Array.isArray(known) && shareItems(known, fresh) ? known : fresh;
  return !Array.isArray(known) && shareMembers(known as Members, fresh as Members) ? known : fresh;
}

/** Answers whether they are equal. What objects inherit are functions, which equal nothing in JSON, but for `__proto__`. */
function shareMembers(known: Members, fresh: Members): boolean {
  let count = 0;
  let areEqual = true;
  for (const name in fresh) {
    count++;
    const old = name === '__proto__' ? undefined : known[name];
    const one = shared(old, fresh[name]);
    if (one !== old) areEqual = false;
    // Numbers are no parts. Equal strings are two of the same text.
    else if (typeof one === 'string' || typeof one === 'object') fresh[name] = one;
  }
  return areEqual && count === Object.keys(known).length;
}

/** Answers whether they are equal. */
function shareItems(known: readonly unknown[], fresh: unknown[]): boolean {
  let areEqual = known.length === fresh.length;
  for (let at = 0; at < known.length && at < fresh.length; at++) {
    const one = shared(known[at], fresh[at]);
    if (one === known[at]) fresh[at] = one;
    else areEqual = false;
  }
  return areEqual;
}
