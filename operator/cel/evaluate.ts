/**
 * Turns the syntax tree of an expression into closures that evaluate it. Promises: nothing of an expression becomes code of JavaScript;
 * each step is paid for from a budget, so that no expression runs for long, whatever it is about. Pure.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { counted } from '../lib/text.ts';
import { arithmetic, negated } from './arithmetic.ts';
import { isKey, keyText } from './key.ts';
import { compiled, takePatterns } from './patterns.ts';
import { indexing, listing, mapping, selection } from './parts.ts';
import { macros } from './macros.ts';
import { callCost, functionFor, namespaces, overloads } from './functions.ts';
import { absorbable, bool, type Evaluator, type Known, type Run } from './run.ts';
import {
  CelError,
  Opaque,
  Uint,
  compare,
  equals,
  int,
  isList,
  isMap,
  lifted,
  member,
  typeOf,
  type Value,
} from './value.ts';

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
  'uint',
  'net.IP',
  'net.CIDR',
  'google.protobuf.Duration',
  'google.protobuf.Timestamp',
]);

/** The type that is named, with dots; undefined where something else is meant. */
export function typeNamed(node: ASTNode, known: Known): string | undefined {
  const name = pathOf(node);
  return name !== undefined && typeNames.has(name) && !known.names.has(name.split('.', 1)[0]!) ? name : undefined;
}

function pathOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return undefined;
  const before = pathOf(node.args[0]);
  return before && `${before}.${node.args[1]}`;
}

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
  const type = typeNamed(node, known);
  if (type !== undefined) return () => new Opaque('type', type, type);
  switch (node.op) {
    case 'value':
      return literal(node);
    case 'id':
      return identifier(node.args, known);
    case '.':
    case '.?':
      return selection(of(node.args[0]), node.args[1], node.op === '.?');
    case '[]':
    case '[?]':
      return indexing(of(node.args[0]), of(node.args[1]), node.op === '[?]');
    case 'list':
      return listing(node.args.map((item) => ({ of: of(item), isOptional: known.optional.has(item) })));
    case 'map':
      return mapping(
        (node.args as [ASTNode, ASTNode][]).map(([key, value]) => ({
          key: of(key),
          of: of(value),
          isOptional: known.optional.has(key),
        })),
      );
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

function literal({ args: value, input, range }: ASTNode & { op: 'value' }): Evaluator {
  // The parser reads one byte a character, where CEL has those of UTF-8.
  if (value instanceof Uint8Array && /[^\0-\x7f]/.test(input.slice(range.start, range.end)))
    throw new CelError('bytes take only ASCII and escapes such as \\xc3');
  if (typeof value === 'bigint') int(value);
  const made =
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
      ? new Uint(BigInt((value as { value: bigint }).value))
      : (value as Value);
  return () => made;
}

function identifier(name: string, known: Known): Evaluator {
  if (!known.names.has(name)) {
    const names = [...known.names].join(', ');
    throw new CelError(`'${name}' is not defined; defined are ${names}`);
  }
  return (_, scope) => {
    for (let at = scope; at; at = at.outer) if (at.name === name) return at.value();
    throw new CelError(`'${name}' does not exist here`);
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
  if (isMap(whole)) return isKey(item) && member(whole, keyText(item)) !== undefined;
  throw new CelError(`\`in\` needs a list or a map, not a ${typeOf(whole)}`);
}

/** What is called: the macro's or the function's name, with a dot before that of a method, whose receiver is its first operand. */
export interface Call {
  readonly name: string;
  readonly receiver: ASTNode | undefined;
  readonly args: readonly ASTNode[];
  readonly whole: string;
  readonly operands: readonly ASTNode[];
}

export function callOf(node: ASTNode, { names }: Known): Call {
  const [name, second, third] = node.args as [string, ASTNode | ASTNode[], ASTNode[] | undefined];
  const receiver = node.op === 'rcall' ? (second as ASTNode) : undefined;
  const args = receiver ? third! : (second as ASTNode[]);
  // `math.greatest` and the like: the receiver is a part of the name.
  const space = receiver?.op === 'id' && !names.has(receiver.args) ? `${receiver.args}.` : '';
  const isSpace = namespaces.has(space);
  const whole = isSpace ? `${space}${name}` : receiver ? `.${name}` : name;
  return { name, receiver, args, whole, operands: [...(receiver && !isSpace ? [receiver] : []), ...args] };
}

function call(node: ASTNode, known: Known): Evaluator {
  const { name, receiver, args, whole, operands } = callOf(node, known);
  const macro = macros(name, receiver, args);
  if (macro) return macro({ ...known, read: evaluatorOf });
  if (overloads(whole, operands.length).length === 0)
    throw new CelError(
      `there is no function \`${whole.replace(/^\./, '')}\` that takes ${counted(args.length, 'argument')}`,
    );
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
