/** What a function of CEL is: its overloads by name. Pure. */
import type { Signature } from './signature.ts';
import type { Value } from './value.ts';

/** Pays for work beyond a single step. */
export type Spend = (cost: number) => void;

export interface Overload extends Signature {
  /** Taken where types are not known before there are values, alone. */
  readonly isDynamic?: boolean;
  // The types of `takes` are what the operands have been checked for.
  readonly run: (spend: Spend, ...operands: never[]) => Value;
}

export type Functions = Readonly<Record<string, readonly Overload[]>>;
