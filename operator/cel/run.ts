/** An evaluation, and what is evaluated: each step is paid for from a budget. Pure. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { CelError, typeOf, type Value } from './value.ts';

/** What is in reach of an expression, innermost first. */
export interface Scope {
  readonly name: string;
  readonly value: () => Value;
  readonly outer: Scope | undefined;
}

/** One evaluation. */
export class Run {
  #left: number;

  constructor(budget: number) {
    this.#left = budget;
  }

  /** Whether it was ended because it cost too much. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Arrow, so that it can be handed on. */
  readonly spend = (cost: number): void => {
    this.#left -= cost;
    if (this.#left < 0) throw new TooCostly();
  };
}

export class TooCostly extends CelError {
  constructor() {
    super('costs too much; evaluate fewer items, or avoid nested loops');
  }
}

/** An expression that can be evaluated. */
export type Evaluator = (run: Run, scope: Scope | undefined) => Value;

/** What is known while an expression is read: which names there are. Problems are thrown as CelErrors. */
export interface Known {
  readonly names: ReadonlySet<string>;
  /** Items of lists, and keys of maps, that may be absent. */
  readonly optional: ReadonlySet<ASTNode>;
}

/** The error, when the other side or other items may make up for it. */
export function absorbable(error: unknown, run: Run): CelError {
  if (!(error instanceof CelError) || error instanceof TooCostly) throw error;
  // To make an error is slow.
  run.spend(40);
  return error;
}

export function bool(value: Value, what: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelError(`${what} is of type ${typeOf(value)}, but must be bool`);
}
