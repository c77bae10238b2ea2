/**
 * Expressions in CEL over Kubernetes objects, with Kubernetes' own functions. The parser is a library's; what is evaluated, for how long
 * and over which values is ours (docs/adr/0011). Promises: whatever the expression, it ends within some tens of milliseconds; what cannot
 * be evaluated is an error, never true. Pure.
 */
import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { Run, bool, evaluatorOf, type Evaluator, type Known, type Scope } from './evaluate.ts';
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

export type Answer =
  | { readonly is: 'holds' }
  | { readonly is: 'fails'; readonly message?: string }
  | { readonly is: 'error'; readonly message: string };

export interface Program {
  run(input: Input): Answer;
}

/** Steps of one evaluation: some tens of milliseconds at worst, a thousand times what policies need. */
const budget = 500_000;
const longestExpression = 4096;
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 2000, maxDepth: 64, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 16 },
});
const names = ['object', 'oldObject', 'namespaceObject', 'params', 'variables'];
const known: Known = { names: new Set(names) };

export function compile({ expression, variables = [], messageExpression }: Source): Compiled {
  try {
    const named = new Map<string, Evaluator>();
    for (const { name, expression: text } of variables) {
      named.set(name, read(text, `variable ${name}`, named));
    }
    const test = read(expression, 'the expression', named);
    const message = messageExpression === undefined ? undefined : read(messageExpression, 'messageExpression', named);
    return { is: 'compiled', program: { run: (input) => evaluate(input, test, named, message) } };
  } catch (error) {
    return { is: 'invalid', message: (error as Error).message };
  }
}

function read(text: string, what: string, variables: ReadonlyMap<string, Evaluator>): Evaluator {
  if (text.length > longestExpression) throw new CelError(`${what} is longer than ${longestExpression} characters`);
  try {
    const { ast } = environment.parse(text);
    checkVariables(ast, variables);
    return evaluatorOf(ast, known);
  } catch (error) {
    throw new CelError(`${what}${placeOf(text, error)}: ${plain(error)}`);
  }
}

/** A variable that nobody declared would only be found missing when it is too late. */
function checkVariables(node: unknown, variables: ReadonlyMap<string, Evaluator>): void {
  if (Array.isArray(node)) for (const one of node) checkVariables(one, variables);
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args } = node as ASTNode;
  if (op === '.' && args[0].op === 'id' && args[0].args === 'variables' && !variables.has(args[1]))
    throw new CelError(`there is no variable '${args[1]}' before it; declare it under \`variables\``);
  checkVariables(args, variables);
}

function placeOf(text: string, error: unknown): string {
  const at = error instanceof CelError ? error.position : (error as { range?: { start: number } }).range?.start;
  if (at === undefined) return '';
  const before = text.slice(0, at).split('\n');
  return `, line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** The parser's messages go on with a drawing of the line. */
function plain(error: unknown): string {
  return (error as Error).message.split('\n')[0]!.trim();
}

function evaluate(
  { object, namespaceObject, params }: Input,
  test: Evaluator,
  variables: ReadonlyMap<string, Evaluator>,
  message: Evaluator | undefined,
): Answer {
  const run = new Run(budget);
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
  try {
    if (bool(test(run, all), 'the result')) return { is: 'holds' };
    return { is: 'fails', ...(message && messageOf(message, run, all)) };
  } catch (error) {
    return {
      is: 'error',
      message: error instanceof CelError ? error.message : `it cannot be evaluated: ${String(error)}`,
    };
  }
}

/** A message that cannot be made is no reason to take the object for right. */
function messageOf(message: Evaluator, run: Run, scope: Scope): { message?: string } {
  try {
    const text = message(run, scope);
    return typeof text === 'string' && text.trim() !== '' ? { message: text.trim() } : {};
  } catch {
    return {};
  }
}
