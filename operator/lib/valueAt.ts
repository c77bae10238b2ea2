/** Values at a path, in data. Pure. */

/** The value with `leaf` at the path; what is on the way is copied, or made where there is nothing: a list where the step is a number. */
export function withValueAt<T>(value: T, path: readonly (string | number)[], leaf: unknown): T {
  const [step, ...rest] = path;
  if (step === undefined) return leaf as T;
  const isList = Array.isArray(value) || (value === undefined && typeof step === 'number');
  const copy = (isList ? [...((value ?? []) as unknown[])] : { ...value }) as Record<string | number, unknown>;
  copy[step] = withValueAt(copy[step], rest, leaf);
  return copy as T;
}
