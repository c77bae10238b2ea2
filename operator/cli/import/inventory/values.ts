/** Values of variables as Ansible would have them, or why they cannot be known here. Pure. */

/**
 * A value that cannot be known: encrypted, of a type that is not read, or perhaps not there at all. `why` is a fragment for people; it has
 * nothing of the value.
 */
export class Unread {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** Any variable may be set, in something that cannot be read. */
export class Doubt extends Unread {}

export type Value = string | number | boolean | null | Unread;

/** Whatever a file contains. */
export type Read = Value | readonly Read[] | ReadonlyMap<unknown, Read>;

/** Ansible refuses the file, or it is not known what Ansible would make of it. The message is a fragment, and shows no value. */
export class NotRead extends Error {}

export const encrypted = new Unread('encrypted by ansible-vault');

export function asMap(value: unknown): ReadonlyMap<unknown, Read> | undefined {
  return value instanceof Map ? (value as ReadonlyMap<unknown, Read>) : undefined;
}

/** What a variable can be set to; lists and dictionaries are no values of a connection. */
export function asValue(value: Read | undefined): Value {
  if (value === undefined) return null;
  if (value instanceof Unread || value === null || typeof value !== 'object') return value;
  const vaulted = asMap(value)?.get('__ansible_vault');
  if (vaulted !== undefined) return encrypted;
  const unsafe = asMap(value)?.get('__ansible_unsafe');
  return typeof unsafe === 'string' ? unsafe : new Unread('a list or a dictionary');
}

/** As Python counts a value as true in `if value`. */
export function isTruthy(value: Read | undefined): boolean {
  if (value instanceof Unread) return true;
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

/**
 * A name as it is shown. A line such as `ansible_password=…` in the wrong section is the name of a host to Ansible: what follows `=` is never
 * shown.
 */
export function shown(name: string): string {
  const at = name.indexOf('=');
  return at < 0 ? name : `${name.slice(0, at)}=…`;
}
