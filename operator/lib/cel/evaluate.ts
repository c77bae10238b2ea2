/**
 * Turns the syntax tree of an expression into closures that evaluate it. Promises: nothing of an expression becomes code of JavaScript;
 * each step is paid for from a budget, so that no expression runs for long, whatever it is about. Pure.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { arithmetic, negated } from './arithmetic.ts';
import { isKey, keyText, shownKey } from './key.ts';
import { compiled, takePatterns } from './patterns.ts';
import { macros } from './macros.ts';
import { callCost, functionFor, isFunction, namespaces } from './functions.ts';
import {
  CelError,
  Opaque,
  Optional,
  compare,
  equals,
  int,
  kept,
  isList,
  isMap,
  lifted,
  member,
  typeOf,
  type Value,
} from './value.ts';

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

  /** Arrow, so that it can be handed on. */
  readonly spend = (cost: number): void => {
    this.#left -= cost;
    if (this.#left < 0) throw new TooCostly();
  };
}

export class TooCostly extends CelError {
  constructor() {
    super('costs too much: look at fewer things, or do without loops in loops');
  }
}

/** An expression that can be evaluated. */
export type Evaluator = (run: Run, scope: Scope | undefined) => Value;

/** What is known while an expression is read: which names there are. Problems are thrown as CelErrors. */
export interface Known {
  readonly names: ReadonlySet<string>;
}

export const typeNames: ReadonlySet<string> = new Set([
  'bool',
  'int',
  'double',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'optional_type',
]);

export function evaluatorOf(node: ASTNode, known: Known): Evaluator {
  const plain = placed(node, () => evaluatorOfOp(node, known));
  return (run, scope) => {
    run.spend(1);
    return plain(run, scope);
  };
}

/** What is wrong while an expression is read is told with its place: that of the innermost part. */
function placed(node: ASTNode, read: () => Evaluator): Evaluator {
  try {
    return read();
  } catch (error) {
    if (error instanceof CelError && error.position === undefined) error.position = node.start;
    throw error;
  }
}

function evaluatorOfOp(node: ASTNode, known: Known): Evaluator {
  const of = (child: ASTNode): Evaluator => evaluatorOf(child, known);
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return identifier(node.args, known);
    case '.':
    case '.?':
      return selection(of(node.args[0]), node.args[1], node.op === '.?');
    case '[]':
    case '[?]':
      return indexing(of(node.args[0]), of(node.args[1]), node.op === '[?]');
    case 'list':
      return listing(node.args.map(of));
    case 'map':
      return mapping((node.args as [ASTNode, ASTNode][]).map(([key, value]) => [of(key), of(value)]));
    case '?:': {
      const [test, yes, no] = node.args.map(of) as [Evaluator, Evaluator, Evaluator];
      return (run, scope) => (bool(test(run, scope), 'the condition of `?:`') ? yes(run, scope) : no(run, scope));
    }
    case '||':
    case '&&':
      return logic(of(node.args[0]), of(node.args[1]), node.op === '||');
    case '!_': {
      const operand = of(node.args);
      return (run, scope) => !bool(operand(run, scope), 'the operand of `!`');
    }
    case '-_':
      return negation(node.args, of);
    case 'call':
    case 'rcall':
      return call(node, known);
    default:
      return binary(node.op, of(node.args[0]), of(node.args[1]));
  }
}

function literal(value: unknown): Evaluator {
  if (typeof value === 'bigint') int(value);
  const made =
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
      ? BigInt((value as { value: bigint }).value) // An unsigned literal; unsigned numbers do not occur in JSON.
      : (value as Value);
  return () => made;
}

function identifier(name: string, known: Known): Evaluator {
  if (!known.names.has(name)) {
    if (typeNames.has(name)) return () => new Opaque('type', name, name);
    const names = [...known.names].join(', ');
    throw new CelError(`'${name}' is not known; there are ${names}`);
  }
  return (_, scope) => {
    for (let at = scope; at; at = at.outer) if (at.name === name) return at.value();
    throw new CelError(`'${name}' is not there`);
  };
}

function selection(of: Evaluator, name: string, isOptional: boolean): Evaluator {
  return (run, scope) => selected(of(run, scope), name, isOptional);
}

/** Of an optional value, the selection is optional too. */
export function selected(value: Value, name: string, isOptional: boolean): Value {
  if (value instanceof Optional) {
    if (value.value === undefined) return value;
    const found = isMap(value.value) ? member(value.value, name) : undefined;
    return new Optional(found);
  }
  const found = isMap(value) ? member(value, name) : undefined;
  if (isOptional) return new Optional(found);
  if (found !== undefined) return found;
  throw new CelError(isMap(value) ? `there is no field '${name}'` : `${typeOf(value)} has no field '${name}'`);
}

function indexing(of: Evaluator, at: Evaluator, isOptional: boolean): Evaluator {
  return (run, scope) => {
    const whole = of(run, scope);
    const key = at(run, scope);
    const value = whole instanceof Optional ? whole.value : whole;
    const found = value === undefined ? undefined : indexed(value, key);
    if (isOptional || whole instanceof Optional) return new Optional(found);
    if (found === undefined) throw new CelError(`there is no ${isList(whole) ? 'item' : 'key'} ${shownKey(key)}`);
    return found;
  };
}

function indexed(value: Value, key: Value): Value | undefined {
  if (isList(value)) {
    const at = typeof key === 'bigint' || (typeof key === 'number' && Number.isInteger(key)) ? Number(key) : NaN;
    if (Number.isNaN(at)) throw new CelError(`a list has no item of ${typeOf(key)}; use an int`);
    return at >= 0 && at < value.length ? lifted(value[at]) : undefined;
  }
  if (!isMap(value)) throw new CelError(`a ${typeOf(value)} has no items`);
  return member(value, keyText(key));
}

function listing(items: readonly Evaluator[]): Evaluator {
  return (run, scope) => items.map((item) => kept(item(run, scope)));
}

function mapping(entries: readonly (readonly [Evaluator, Evaluator])[]): Evaluator {
  return (run, scope) => {
    const pairs = entries.map(([key, value]) => [keyText(key(run, scope)), kept(value(run, scope))] as const);
    if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new CelError('a map has a key twice');
    return Object.fromEntries(pairs);
  };
}

/** An error on one side does not matter when the other side decides. */
function logic(left: Evaluator, right: Evaluator, decides: boolean): Evaluator {
  const what = decides ? 'an operand of `||`' : 'an operand of `&&`';
  return (run, scope) => {
    let failure: CelError | undefined;
    try {
      if (bool(left(run, scope), what) === decides) return decides;
    } catch (error) {
      failure = absorbable(error, run);
    }
    if (bool(right(run, scope), what) === decides) return decides;
    if (failure) throw failure;
    return !decides;
  };
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
  throw new CelError(`${what} is of type ${typeOf(value)} and must be bool`);
}

function negation(operand: ASTNode, of: (node: ASTNode) => Evaluator): Evaluator {
  if (operand.op === 'value' && typeof operand.args === 'bigint') {
    const value = int(-operand.args);
    return () => value;
  }
  const evaluate = of(operand);
  return (run, scope) => negated(evaluate(run, scope));
}

function binary(op: string, left: Evaluator, right: Evaluator): Evaluator {
  switch (op) {
    case '==':
      return (run, scope) => equals(left(run, scope), right(run, scope), run.spend);
    case '!=':
      return (run, scope) => !equals(left(run, scope), right(run, scope), run.spend);
    case '<':
      return (run, scope) => compare(left(run, scope), right(run, scope), run.spend) < 0;
    case '<=':
      return (run, scope) => compare(left(run, scope), right(run, scope), run.spend) <= 0;
    case '>':
      return (run, scope) => compare(left(run, scope), right(run, scope), run.spend) > 0;
    case '>=':
      return (run, scope) => compare(left(run, scope), right(run, scope), run.spend) >= 0;
    case 'in':
      return (run, scope) => isWithin(left(run, scope), right(run, scope), run);
    default: {
      const operate = arithmetic(op);
      return (run, scope) => operate(left(run, scope), right(run, scope), run.spend);
    }
  }
}

function isWithin(item: Value, whole: Value, run: Run): boolean {
  if (isList(whole)) return whole.some((one) => equals(item, lifted(one), run.spend));
  if (isMap(whole)) return isKey(item) && Object.hasOwn(whole, keyText(item));
  throw new CelError(`\`in\` needs a list or a map, not a ${typeOf(whole)}`);
}

function call(node: ASTNode, known: Known): Evaluator {
  const [name, second, third] = node.args as [string, ASTNode | ASTNode[], ASTNode[] | undefined];
  const receiver = node.op === 'rcall' ? (second as ASTNode) : undefined;
  const args = receiver ? third! : (second as ASTNode[]);
  const macro = macros(name, receiver, args);
  if (macro) return macro(known);
  // `math.greatest` and the like: the receiver is a part of the name.
  const space = receiver?.op === 'id' && !known.names.has(receiver.args) ? `${receiver.args}.` : '';
  const isSpace = namespaces.has(space);
  const whole = isSpace ? `${space}${name}` : receiver ? `.${name}` : name;
  const operands = [...(receiver && !isSpace ? [receiver] : []), ...args];
  if (!isFunction(whole, operands.length))
    throw new CelError(`there is no function \`${whole.replace(/^\./, '')}\` with ${args.length} arguments`);
  const evaluators = operands.map((operand) => evaluatorOf(operand, known));
  const pattern = takePatterns.has(whole) ? operands[1]! : undefined;
  // A pattern that cannot be read would only be found when it is too late.
  if (pattern?.op === 'value' && typeof pattern.args === 'string') compiled(pattern.args);
  return (run, scope) => {
    const values = evaluators.map((evaluate) => evaluate(run, scope));
    run.spend(callCost(values));
    return functionFor(whole, values)(run.spend, ...values);
  };
}
