/**
 * Whether an expression can be right at all, whatever the objects: what operators and functions take, as far as types are known before
 * there are values. As Kubernetes refuses it when it is written. Pure.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { callOf, typeNamed } from './evaluate.ts';
import { functionFor, overloads } from './functions.ts';
import { macroType } from './checkMacros.ts';
import { macros } from './macros.ts';
import { operators } from './operators.ts';
import type { Parsed } from './parse.ts';
import type { Known } from './run.ts';
import { applied } from './signature.ts';
import { accepts, dyn, isSame, joined, never, shownType, type, type Type } from './types.ts';
import type { Names, Scope } from './typeScope.ts';
import { CelError } from './value.ts';

/** The type of the expression. Throws a CelError with its position for what can never be evaluated. */
export function check({ ast, optional }: Parsed, names: Names): Type {
  return typeOf(ast, { names, optional, isLoose: false, typeOf });
}

function typeOf(node: ASTNode, scope: Scope): Type {
  try {
    return typeOfOp(node, scope);
  } catch (error) {
    if (error instanceof CelError && error.position === undefined) error.position = node.start;
    throw error;
  }
}

function typeOfOp(node: ASTNode, scope: Scope): Type {
  const of = (child: ASTNode): Type => typeOf(child, scope);
  if (typeNamed(node, knownIn(scope)) !== undefined) return type('type');
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return scope.names.get(node.args) ?? dyn;
    case '.':
    case '.?':
      if (node.args[0].op === 'id') {
        const whole = scope.names.get(`${node.args[0].args}.${node.args[1]}`);
        if (whole && node.op === '.') return whole;
      }
      return field(of(node.args[0]), node.args[1], node.op === '.?');
    case '[]':
    case '[?]':
      return item(of(node.args[0]), of(node.args[1]), node.op === '[?]');
    case 'list':
      return type(
        'list',
        together(
          node.args.map((one) => entry(one, one, scope)),
          scope,
          node.args,
        ),
      );
    case 'map': {
      const entries = node.args as [ASTNode, ASTNode][];
      const keys = entries.map(([key]) => key);
      const values = entries.map(([, value]) => value);
      return type(
        'map',
        together(keys.map(of), scope, keys),
        together(
          values.map((value, at) => entry(value, keys[at]!, scope)),
          scope,
          values,
        ),
      );
    }
    case 'call':
    case 'rcall':
      return called(node, scope);
    case '!_':
    case '-_':
      return applied(node.op, operators[node.op]!, [of(node.args)]);
    default:
      return applied(node.op, operators[node.op]!, (node.args as ASTNode[]).map(of));
  }
}

function knownIn({ names, optional }: Scope): Known {
  return { names: new Set(names.keys()), optional };
}

function literal(value: unknown): Type {
  if (value === null) return type('null_type');
  if (value instanceof Uint8Array) return type('bytes');
  const names: Record<string, string> = { string: 'string', number: 'double', bigint: 'int', boolean: 'bool' };
  return type(names[typeof value] ?? 'uint');
}

/** Of an optional value, the field is optional too. */
function field(whole: Type, name: string, isOptional: boolean): Type {
  if (whole.name === 'optional_type') return type('optional_type', field(whole.of[0]!, name, false));
  if (whole.name !== 'map' && whole.name !== 'dyn' && whole.name !== 'never')
    throw new CelError(`${shownType(whole)} has no field '${name}'`);
  const found = whole.name === 'map' ? whole.of[1]! : dyn;
  return isOptional ? type('optional_type', found) : found;
}

function item(whole: Type, key: Type, isOptional: boolean): Type {
  if (whole.name === 'optional_type') return type('optional_type', item(whole.of[0]!, key, false));
  if (whole.name === 'dyn' || whole.name === 'never') return dyn;
  const wanted = whole.name === 'list' ? type('int') : whole.name === 'map' ? whole.of[0]! : undefined;
  if (!wanted) throw new CelError(`${shownType(whole)} has no items`);
  if (!accepts(wanted, key)) throw new CelError(`${shownType(whole)} cannot be indexed by ${shownType(key)}`);
  const found = whole.of.at(-1)!;
  return isOptional ? type('optional_type', found) : found;
}

/** What an entry puts into a list or a map; `marked` is the node that a `?` stands before. */
function entry(value: ASTNode, marked: ASTNode, scope: Scope): Type {
  const made = typeOf(value, scope);
  if (!scope.optional.has(marked) || made.name === 'dyn') return made;
  if (made.name === 'optional_type') return made.of[0]!;
  throw new CelError(`\`?\` needs an optional value after it, not ${shownType(made)}`);
}

/** The one type of all items. */
function together(types: readonly Type[], { isLoose }: Scope, nodes: readonly ASTNode[]): Type {
  return types.reduce((all, one, at) => {
    if (isLoose || isSame(all, one)) return joined(all, one);
    const error = new CelError(
      `all items of a list or a map must have the same type, not ${shownType(all)} and ${shownType(one)}; write dyn() around each`,
    );
    error.position = nodes[at]?.start;
    throw error;
  }, never);
}

const conversions: ReadonlySet<string> = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'int',
  'string',
  'timestamp',
  'uint',
]);

/** Throws when a literal cannot be converted: it never can. */
function convertedLiteral(conversion: string, node: ASTNode): void {
  const sign = node.op === '-_' ? node.args : undefined;
  const value = sign?.op === 'value' && typeof sign.args === 'bigint' ? -sign.args : node.op === 'value' && node.args;
  if (typeof value === 'string' || typeof value === 'bigint') functionFor(conversion, [value])(() => undefined, value);
}

function called(node: ASTNode, scope: Scope): Type {
  const { name, receiver, args, whole, operands } = callOf(node, knownIn(scope));
  if (macros(name, receiver, args)) return macroType(name, receiver, args, scope);
  const inner = whole === '.format' ? { ...scope, isLoose: true } : scope;
  const types = operands.map((operand) => typeOf(operand, inner));
  const result = applied(
    whole,
    overloads(whole, operands.length).filter(({ isDynamic }) => !isDynamic),
    types,
  );
  if (conversions.has(whole) && operands[0]) convertedLiteral(whole, operands[0]);
  return result;
}
