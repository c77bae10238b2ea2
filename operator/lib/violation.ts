/** A decision as a chain of named facts over one complete input: the first that is violated is the answer. Pure. */

/** Named for the fact that violates; undefined when that is not so. */
export type Check<Input, Violation> = (input: Input) => Violation | undefined;

export function firstViolation<Input, Violation>(
  checks: readonly Check<Input, Violation>[],
  input: Input,
): Violation | undefined {
  for (const check of checks) {
    const violation = check(input);
    if (violation !== undefined) return violation;
  }
  return undefined;
}
