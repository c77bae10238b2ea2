/** What operators and functions take and give. Pure. */
import { accepts, joined, resolved, shownType, typeIn, type Letters, type Type } from './types.ts';
import { CelError } from './value.ts';

export interface Signature {
  /** Types of the operands: `any` takes everything, `number` int, uint and double; `A`, `B`: some type, the same throughout. */
  readonly takes: readonly string[];
  /** The type of what it makes. */
  readonly gives: string;
}

/** The type that the overloads for these operands give; throws when none takes them. */
export function applied(name: string, signatures: readonly Signature[], operands: readonly Type[]): Type {
  const fitting = signatures.flatMap(({ takes, gives }) => {
    const letters: Letters = new Map<string, Type>();
    const fits = takes.every((one, at) => accepts(typeIn(one), operands[at]!, letters));
    return fits ? [resolved(typeIn(gives), letters)] : [];
  });
  if (fitting.length === 0)
    throw new CelError(`\`${name.replace(/^[._]|_$/g, '')}\` does not take (${operands.map(shownType).join(', ')})`);
  return fitting.reduce(joined);
}
