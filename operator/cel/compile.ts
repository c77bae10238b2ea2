/**
 * Expressions in CEL over Kubernetes objects, with Kubernetes' own functions. The parser is a library's; what is evaluated, for how long
 * and over which values is ours (docs/adr/0011). Promises: whatever the expression, it ends after a given number of steps, so that the
 * same input has the same result everywhere; what cannot be evaluated is an error, never true. Pure.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { evaluatorOf } from './evaluate.ts';
import { check } from './check.ts';
import { parsed } from './parse.ts';
import { Run, bool, type Evaluator, type Scope } from './run.ts';
import { dyn, shownType, type Type } from './types.ts';
import { CelError, kept, lifted, type Value } from './value.ts';

export interface Source {
  /** A bool over `object`, `oldObject` (null), `namespaceObject`, `params` and `variables`. */
  readonly expression: string;
  /** Known as `variables.<name>` to those after them; evaluated once, when asked for. */
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  /** Text that says what is wrong where the expression does not hold. */
  readonly messageExpression?: string;
}

export type Compiled =
  | { readonly is: 'compiled'; readonly program: Program }
  /** Where in which expression, and what to do. */
  | { readonly is: 'invalid'; readonly message: string };

export interface Input {
  readonly object: unknown;
  readonly namespaceObject?: unknown;
  readonly params?: unknown;
}

export type Result =
  | { readonly is: 'holds' }
  | { readonly is: 'fails'; readonly message?: string }
  | { readonly is: 'error'; readonly message: string };

/** What is evaluated. `shown` is the input without what must not be told, where there is such: messages are made of it alone. */
export interface Inputs {
  readonly input: Input;
  readonly shown?: Input | undefined;
}

export interface Program {
  readonly source: Source;
  run(input: Input, shown?: Input): Result;
  /** Within some milliseconds; `costly` when that is too little to know what `run` would find. */
  runQuickly(inputs: Inputs): Result | 'costly';
}

/** Steps that what policies need takes by far, and that last some milliseconds at most. */
const quick = 40_000;
/**
 * Steps after which an evaluation is an error. Kubernetes ends one after a million units of its cost, of which one is up to ten steps.
 * They take about a second at worst, so that more than the `quick` are for a thread of their own.
 */
const most = 10_000_000;
const names = ['object', 'oldObject', 'namespaceObject', 'params', 'variables'];
const known: ReadonlySet<string> = new Set(names);

export function compile({ expression, variables = [], messageExpression }: Source): Compiled {
  try {
    const named = new Map<string, Evaluator>();
    const types = new Map(names.map((name) => [name, dyn]));
    for (const { name, expression: text } of variables) {
      const read = evaluatorIn(text, `variable ${name}`, named, types);
      named.set(name, read.evaluator);
      types.set(`variables.${name}`, read.type);
    }
    const test = typedEvaluator(expression, { what: 'the expression', wanted: 'bool' }, named, types);
    const message =
      messageExpression === undefined
        ? undefined
        : typedEvaluator(messageExpression, { what: 'messageExpression', wanted: 'string' }, named, types);
    const source = { expression, variables, ...(messageExpression !== undefined && { messageExpression }) };
    return { is: 'compiled', program: programOf(source, { test, named, message }) };
  } catch (error) {
    return { is: 'invalid', message: (error as Error).message };
  }
}

function typedEvaluator(
  text: string,
  { what, wanted }: { readonly what: string; readonly wanted: string },
  variables: ReadonlyMap<string, Evaluator>,
  types: ReadonlyMap<string, Type>,
): Evaluator {
  const { evaluator, type } = evaluatorIn(text, what, variables, types);
  if (type.name === wanted || type.name === 'dyn') return evaluator;
  throw new CelError(`${what} is of type ${shownType(type)}, but must be ${wanted}`);
}

function evaluatorIn(
  text: string,
  what: string,
  variables: ReadonlyMap<string, Evaluator>,
  types: ReadonlyMap<string, Type>,
): { evaluator: Evaluator; type: Type } {
  try {
    const tree = parsed(text);
    checkVariables(tree.ast, variables);
    const evaluator = evaluatorOf(tree.ast, { names: known, optional: tree.optional });
    return { evaluator, type: check(tree, types) };
  } catch (error) {
    throw new CelError(`${what}${placeOf(text, error)}: ${(error as Error).message}`);
  }
}

/** A variable that nobody declared would only be found missing when it is too late. */
function checkVariables(node: unknown, variables: ReadonlyMap<string, Evaluator>): void {
  if (Array.isArray(node)) for (const one of node) checkVariables(one, variables);
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args } = node as ASTNode;
  if (op === '.' && args[0].op === 'id' && args[0].args === 'variables' && !variables.has(args[1]))
    throw new CelError(`variable '${args[1]}' is not declared before it is used; add it to \`variables\``);
  checkVariables(args, variables);
}

function placeOf(text: string, error: unknown): string {
  const at = error instanceof CelError ? error.position : undefined;
  if (at === undefined) return '';
  const before = text.slice(0, at).split('\n');
  return `, line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

interface Parts {
  readonly test: Evaluator;
  readonly named: ReadonlyMap<string, Evaluator>;
  readonly message: Evaluator | undefined;
}

/** All parts of a check are paid for together. */
function programOf(source: Source, parts: Parts): Program {
  return {
    source,
    run: (input, shown = input) => resultOf({ input, shown }, parts, new Run(most)),
    runQuickly({ input, shown = input }) {
      const run = new Run(quick);
      const result = resultOf({ input, shown }, parts, run);
      return run.isSpent ? 'costly' : result;
    },
  };
}

/** Words come from what may be shown alone: not even an error tells of anything else. */
function resultOf(
  { input, shown }: { readonly input: Input; readonly shown: Input },
  { test, named, message }: Parts,
  run: Run,
): Result {
  const answer = tried(() => bool(evaluated(test, input, named, run), 'the result'));
  if (answer.is === 'value' && answer.value) return { is: 'holds' };
  if (answer.is === 'value') {
    const text = message && tried(() => evaluated(message, shown, named, run));
    // A message that cannot be made is no reason to take the object for right.
    const words = text?.is === 'value' && typeof text.value === 'string' ? text.value.trim() : '';
    return { is: 'fails', ...(words !== '' && { message: words }) };
  }
  if (shown === input || run.isSpent) return answer;
  const again = tried(() => bool(evaluated(test, shown, named, run), 'the result'));
  if (again.is === 'error') return again;
  return {
    is: 'error',
    message: 'it cannot be evaluated; the reason is not shown, because it could disclose values of a Secret',
  };
}

function tried<T>(evaluate: () => T): { is: 'value'; value: T } | { is: 'error'; message: string } {
  try {
    return { is: 'value', value: evaluate() };
  } catch (error) {
    if (error instanceof CelError) return { is: 'error', message: error.message };
    if (error instanceof RangeError)
      return { is: 'error', message: 'it cannot be evaluated: the object is nested too deeply' };
    return { is: 'error', message: `it cannot be evaluated: ${String(error)}` };
  }
}

function evaluated(
  evaluate: Evaluator,
  { object, namespaceObject, params }: Input,
  variables: ReadonlyMap<string, Evaluator>,
  run: Run,
): Value {
  const given = { object, oldObject: null, namespaceObject: namespaceObject ?? null, params: params ?? null };
  const values = new Map<string, Value>();
  const scope = Object.entries(given).reduce<Scope | undefined>(
    (outer, [name, value]) => ({ name, value: () => lifted(value), outer }),
    undefined,
  );
  const all: Scope = { name: 'variables', value: () => view, outer: scope };
  // A map whose members are evaluated when they are asked for, and once.
  const view = {} as Record<string, Value>;
  for (const [name, evaluator] of variables)
    Object.defineProperty(view, name, {
      enumerable: true,
      get: () => {
        if (!values.has(name)) values.set(name, evaluator(run, all));
        return kept(values.get(name)!);
      },
    });
  return evaluate(run, all);
}
