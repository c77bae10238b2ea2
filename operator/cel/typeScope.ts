/** What is known while types are told. Pure. */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Type } from './types.ts';

/** Also of members, such as `variables.images`, where more is known of them. */
export type Names = ReadonlyMap<string, Type>;

export interface Scope {
  readonly names: Names;
  /** Items of lists, and keys of maps, that may be absent. */
  readonly optional: ReadonlySet<ASTNode>;
  /** Within the arguments of format(), which may be of several types. */
  readonly isLoose: boolean;
  /** The type of a part. Throws a CelError with its position for what can never be evaluated. */
  readonly typeOf: (part: ASTNode, scope: Scope) => Type;
}
