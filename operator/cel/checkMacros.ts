/** Types of what macros make. Pure. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { applied } from './signature.ts';
import { accepts, dyn, shownType, type, type Type } from './types.ts';
import type { Scope } from './typeScope.ts';
import { CelError } from './value.ts';

export function macroType(name: string, receiver: ASTNode | undefined, args: readonly ASTNode[], scope: Scope): Type {
  // has(): its operand is checked as the selection that it is.
  if (!receiver) return typeOf(args[0]!, scope) && bool;
  if (name === 'bind') return typeOf(args[2]!, within(scope, [[args[0]!, typeOf(args[1]!, scope)]]));
  const over = typeOf(receiver, scope);
  if (name === 'optMap' || name === 'optFlatMap') return overOptional(over, args, scope, name === 'optFlatMap');
  const isTransform = name.startsWith('transform');
  const tests = name === 'all' || name.startsWith('exists');
  const bound = isTransform || (tests && args.length === 3) ? 2 : 1;
  const inner = within(
    scope,
    itemsOf(over, bound).map((one, at) => [args[at]!, one]),
  );
  const filter = !tests && args.length === bound + 2 ? args[bound] : undefined;
  if (filter) wanted(bool, typeOf(filter, inner), name);
  const made = typeOf(args.at(-1)!, inner);
  return tests || name === 'filter' ? tested(name, made, over) : transformed(name, made, over);
}

const bool = type('bool');

/** The names that a macro binds, whose nodes are known to be names. */
function within(scope: Scope, bound: readonly (readonly [ASTNode, Type])[]): Scope {
  return {
    ...scope,
    names: new Map([...scope.names, ...bound.map(([node, one]) => [node.args as string, one] as const)]),
  };
}

/** With one name: items of a list, keys of a map. With two: index and item, key and value. */
function itemsOf(over: Type, bound: 1 | 2): Type[] {
  if (over.name === 'list') return bound === 1 ? [over.of[0]!] : [type('int'), over.of[0]!];
  if (over.name === 'map') return over.of.slice(0, bound);
  if (over.name === 'dyn' || over.name === 'never') return [dyn, dyn].slice(0, bound);
  throw new CelError(`a loop needs a list or a map, not ${shownType(over)}`);
}

function wanted(one: Type, made: Type, name: string): void {
  if (!accepts(one, made)) throw new CelError(`\`${name}\` needs ${shownType(one)}, not ${shownType(made)}`);
}

function tested(name: string, made: Type, over: Type): Type {
  wanted(bool, made, name);
  return name === 'filter' ? type('list', itemsOf(over, 1)[0]!) : bool;
}

function transformed(name: string, made: Type, over: Type): Type {
  if (name === 'transformMap') return type('map', itemsOf(over, 2)[0]!, made);
  if (name === 'transformMapEntry') return applied(name, [{ takes: ['map(A, B)'], gives: 'map(A, B)' }], [made]);
  return name === 'sortBy' ? type('list', itemsOf(over, 1)[0]!) : type('list', made);
}

function overOptional(over: Type, args: readonly ASTNode[], scope: Scope, isFlat: boolean): Type {
  wanted(type('optional_type', dyn), over, isFlat ? 'optFlatMap' : 'optMap');
  const made = typeOf(args[1]!, within(scope, [[args[0]!, over.of[0] ?? dyn]]));
  if (!isFlat) return type('optional_type', made);
  wanted(type('optional_type', dyn), made, 'optFlatMap');
  return made;
}

function typeOf(part: ASTNode, scope: Scope): Type {
  return scope.typeOf(part, scope);
}
