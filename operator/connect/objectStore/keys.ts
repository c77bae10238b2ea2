/** Keys of objects, which are relative to the root of their store: nothing in one leads anywhere else. Pure. */
import { StoreError } from './types.ts';

const segment = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** With its root, a key of S3 has at most 1024 bytes. */
const longestKey = 512;
/** As names of objects of Kubernetes. */
const longestSegment = 253;

/** The segments of a key. Throws `Invalid` when it is none. */
export function segmentsOf(key: string): readonly string[] {
  const segments = key.split('/');
  if (key.length <= longestKey && segments.every((one) => one.length <= longestSegment && segment.test(one)))
    return segments;
  throw invalidKey(key);
}

/** What keys may begin with: as a key, but its last segment may be empty or unfinished. */
export function assertPrefix(prefix: string): void {
  const whole = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (prefix !== '') segmentsOf(whole);
}

function invalidKey(key: string): StoreError {
  const shown = JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}…` : key);
  return new StoreError(
    'Invalid',
    `${shown} is not the key of an object: use letters, digits, \`.\`, \`_\` and \`-\` in at most ${longestKey} characters, with \`/\` between segments that start with a letter or digit`,
  );
}
