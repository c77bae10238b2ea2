/** Comparison of JSON values. A member that is `undefined` is the same as one that is absent: neither is sent. */

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (!isObject(a) || !isObject(b) || Array.isArray(b)) return false;
  return (
    Object.keys(a).every((name) => equal(a[name], own(b, name))) &&
    Object.keys(b).every((name) => Object.hasOwn(a, name) || b[name] === undefined)
  );
}

/**
 * Whether everything in `wanted` stands in `live` with the same value. `live` may have more members, such as those that
 * the apiserver fills in, but not more items in an array.
 */
export function contains(live: unknown, wanted: unknown): boolean {
  if (wanted === undefined || live === wanted) return true;
  if (!isObject(live) || !isObject(wanted)) return false;
  if (Array.isArray(wanted)) {
    return Array.isArray(live) && live.length === wanted.length && wanted.every((item, i) => contains(live[i], item));
  }
  return !Array.isArray(live) && Object.keys(wanted).every((name) => contains(own(live, name), wanted[name]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Names come from people: `constructor` must not find what every object inherits. */
function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
