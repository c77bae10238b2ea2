/**
 * JSON in the one form that RFC 8785 gives each value: keys in the order of their UTF-16 code units, numbers and strings as ECMAScript
 * writes them, no blanks. What is signed and what is chained is written so. What I-JSON has no word for is an error. Pure.
 */

/** Members that are `undefined` are left out. Throws a TypeError for what is no value of JSON. */
export function canonicalJson(value: unknown): string {
  return isCanonical(value) ? JSON.stringify(value) : written(value);
}

/** Whether `JSON.stringify` writes it as it is to be, which takes a fraction of the time. Throws for what is no value of JSON. */
function isCanonical(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('a string has half of a surrogate pair');
      return true;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is not a number of JSON`);
      return true;
    case 'boolean':
      return true;
    case 'object':
      return value === null || (Array.isArray(value) ? value.every(isCanonical) : hasCanonicalMembers(value));
    default:
      throw new TypeError(`a ${typeof value} is not a value of JSON`);
  }
}

function hasCanonicalMembers(value: object): boolean {
  if (!isPlain(value)) return false;
  let last: string | undefined;
  for (const name in value) {
    if (last !== undefined && name < last) return false;
    last = name;
    if (!name.isWellFormed()) throw new TypeError('a name has half of a surrogate pair');
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined) continue;
    if (!isCanonical(member)) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !('toJSON' in value);
}

function written(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    isCanonical(value);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (!isPlain(value)) throw new TypeError('an object of a class is not a value of JSON');
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  // The order of `sort` is that of UTF-16 code units.
  for (const name of Object.keys(members).sort()) {
    if (members[name] !== undefined) text += `${text && ','}${written(name)}:${written(members[name])}`;
  }
  return `{${text}}`;
}
