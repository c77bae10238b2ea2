/** What the check types share to read answers and to say what differs. Pure. */
import type { Comparison, Difference } from './checkType.ts';

/** Separates the fields of a request and of an answer. */
const fieldSeparator = '\x1f';

/** The fields of an answer; throws when there are not so many. */
export function fieldsOf<N extends number>(answer: string, count: N): Fields<N> {
  const fields = answer.split(fieldSeparator);
  if (fields.length !== count) throw new Error(`the host reported ${fields.length} fields instead of ${count}`);
  return fields as Fields<N>;
}

type Fields<N extends number, Found extends string[] = []> = Found['length'] extends N
  ? Found
  : Fields<N, [...Found, string]>;

/** What a property is, where it is not what it should be; `undefined` where nothing was declared or nothing differs. */
export function differs(
  path: string,
  expected: string | number | undefined,
  actual: string | number,
  message?: string,
): Difference | undefined {
  if (expected === undefined || expected === actual) return undefined;
  return { path, expected: `${expected}`, actual: `${actual}`, ...(message && { message }) };
}

export function known(differences: readonly (Difference | undefined)[]): Comparison {
  return { is: 'known', differences: differences.filter((difference) => difference !== undefined) };
}

export function unknown(message: string): Comparison {
  return { is: 'unknown', message };
}

/** The question makes no sense on this host: counted apart, and never a pass. */
export function notApplicable(message: string): Comparison {
  return { is: 'notApplicable', message };
}
