/** Macros of CEL: what looks like a function and binds names, or asks whether a field is there. Pure. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { sortedBy } from './collections.ts';
import { keyOf, keyText } from './key.ts';
import { field } from './parts.ts';
import { absorbable, bool, type Evaluator, type Known, type Run, type Scope } from './run.ts';
import { CelError, Optional, isList, isMap, kept, lifted, namesIn, typeOf, type List, type Value } from './value.ts';

/** What is known where a macro is read, and how its parts are read. */
interface Reading extends Known {
  readonly read: (part: ASTNode, known: Known) => Evaluator;
}

type Macro = (known: Reading) => Evaluator;

/** The macro of that name and number of arguments, if there is one. */
export function macros(name: string, receiver: ASTNode | undefined, args: readonly ASTNode[]): Macro | undefined {
  if (!receiver) return name === 'has' && args.length === 1 ? (known) => presence(args[0]!, known) : undefined;
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel' && args.length === 3)
    return (known) => binding(args as [ASTNode, ASTNode, ASTNode], known);
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2)
    return (known) => overOptional(receiver, args as [ASTNode, ASTNode], name === 'optFlatMap', known);
  const loop = Object.hasOwn(loops, name) ? loops[name] : undefined;
  return loop && loop.arguments.includes(args.length) ? (known) => loop.of(receiver, args, known) : undefined;
}

/** One turn of a loop: the names bound to the item. */
interface Loop {
  readonly over: Evaluator;
  readonly turns: (run: Run, scope: Scope | undefined) => Iterable<Scope>;
  readonly inner: Reading;
}

interface LoopMacro {
  readonly arguments: readonly number[];
  of(receiver: ASTNode, args: readonly ASTNode[], known: Reading): Evaluator;
}

const loops: Record<string, LoopMacro> = {
  all: quantifier(2, (results) => {
    let failure: CelError | undefined;
    for (const one of results) {
      if (one === false) return false;
      if (one instanceof CelError) failure ??= one;
    }
    if (failure) throw failure;
    return true;
  }),
  exists: quantifier(2, (results) => {
    let failure: CelError | undefined;
    for (const one of results) {
      if (one === true) return true;
      if (one instanceof CelError) failure ??= one;
    }
    if (failure) throw failure;
    return false;
  }),
  exists_one: quantifier(2, onlyOne),
  existsOne: quantifier(2, onlyOne),
  map: lister('map', 1),
  filter: {
    arguments: [2],
    of(receiver, args, known) {
      const { turns, inner } = loopOf(receiver, [args[0]!], known);
      const test = evaluatorOf(args[1]!, inner);
      return (run, scope) => {
        const items: Value[] = [];
        for (const turn of turns(run, scope))
          if (bool(test(run, turn), 'the condition of `filter`')) items.push(kept(turn.value()));
        return items;
      };
    },
  },
  sortBy: {
    arguments: [2],
    of(receiver, args, known) {
      const { turns, inner } = loopOf(receiver, [args[0]!], known);
      const key = evaluatorOf(args[1]!, inner);
      return (run, scope) => {
        const [items, keys]: [Value[], Value[]] = [[], []];
        for (const turn of turns(run, scope)) {
          items.push(kept(turn.value()));
          keys.push(kept(key(run, turn)));
        }
        return sortedBy(run.spend, items, keys);
      };
    },
  },
  transformMap: transformer('transformMap', (key, made) => [[keyText(key), kept(made)]]),
  transformMapEntry: transformer('transformMapEntry', (_, made, spend) => {
    if (isMap(made)) return namesIn(made, spend).map((key) => [key, made[key]!]);
    throw new CelError(`transformMapEntry() must return a map, not ${typeOf(made)}`);
  }),
  transformList: lister('transformList', 2),
};

/** A list of what is made of each item that passes the test, where there is one. */
function lister(name: string, bound: 1 | 2): LoopMacro {
  return {
    arguments: [bound + 1, bound + 2],
    of(receiver, args, known) {
      const { turns, inner } = loopOf(receiver, args.slice(0, bound), known);
      const test = args.length === bound + 2 ? evaluatorOf(args[bound]!, inner) : undefined;
      const transform = evaluatorOf(args.at(-1)!, inner);
      return (run, scope) => {
        const items: Value[] = [];
        for (const turn of turns(run, scope))
          if (!test || bool(test(run, turn), `the filter of \`${name}\``)) items.push(kept(transform(run, turn)));
        return items;
      };
    },
  };
}

/** Of several entries with one key, CEL takes none. */
function mapOf(entries: readonly (readonly [string, Value])[]): Value {
  if (new Set(entries.map(([key]) => key)).size < entries.length) throw new CelError('a map has the same key twice');
  return Object.fromEntries(entries);
}

/** `transformMap` makes values for the keys that there are, `transformMapEntry` whole entries. */
function transformer(
  name: string,
  entriesOf: (key: Value, made: Value, spend: Run['spend']) => [string, Value][],
): LoopMacro {
  return {
    arguments: [3, 4],
    of(receiver, args, known) {
      const { turns, inner } = loopOf(receiver, args.slice(0, 2), known);
      const test = args.length === 4 ? evaluatorOf(args[2]!, inner) : undefined;
      const transform = evaluatorOf(args.at(-1)!, inner);
      return (run, scope) => {
        const entries: [string, Value][] = [];
        for (const turn of turns(run, scope))
          if (!test || bool(test(run, turn), `the filter of \`${name}\``))
            for (const entry of entriesOf(turn.outer!.value(), transform(run, turn), run.spend)) entries.push(entry);
        run.spend(4 * entries.length);
        return mapOf(entries);
      };
    },
  };
}

/** A loop whose results, each true, false or an error, are summed up. Also with two names: index or key, and value. */
function quantifier(least: number, sum: (results: Iterable<boolean | CelError>) => boolean): LoopMacro {
  return {
    arguments: [least, least + 1],
    of(receiver, args, known) {
      const { turns, inner } = loopOf(receiver, args.slice(0, -1), known);
      const test = evaluatorOf(args.at(-1)!, inner);
      return (run, scope) => sum(results(run, scope));
      function* results(run: Run, scope: Scope | undefined): Generator<boolean | CelError> {
        for (const turn of turns(run, scope)) {
          let result: boolean | CelError;
          try {
            result = bool(test(run, turn), 'the condition of a loop');
          } catch (error) {
            result = absorbable(error, run);
          }
          yield result;
        }
      }
    },
  };
}

function onlyOne(results: Iterable<boolean | CelError>): boolean {
  let count = 0;
  for (const one of results) {
    if (one instanceof CelError) throw one;
    if (one) count += 1;
  }
  return count === 1;
}

/** With one name: items of a list, keys of a map. With two: index and item, key and value. */
function loopOf(receiver: ASTNode, names: readonly ASTNode[], known: Reading): Loop {
  const [first, second] = names.map((node) => {
    if (node.op !== 'id') throw new CelError('the first argument of a loop must be a name');
    return node.args;
  });
  if (first === second) throw new CelError(`the two names of a loop must differ; both are '${first}'`);
  const over = evaluatorOf(receiver, known);
  const inner = { ...known, names: new Set([...known.names, first!, ...(second === undefined ? [] : [second])]) };
  return { over, inner, turns };

  function* turns(run: Run, scope: Scope | undefined): Generator<Scope> {
    for (const [key, value] of entriesOf(over(run, scope), run)) {
      run.spend(1);
      if (second === undefined) {
        yield { name: first!, value: () => (value === undefined ? key : value), outer: scope };
      } else {
        const outer = { name: first!, value: () => key, outer: scope };
        yield { name: second, value: () => value ?? null, outer };
      }
    }
    function entriesOf(whole: Value, run: Run): Iterable<[Value, Value | undefined]> {
      if (isList(whole)) return listEntries(whole);
      if (!isMap(whole)) throw new CelError(`a loop needs a list or a map, not ${typeOf(whole)}`);
      const keys = namesIn(whole, run.spend);
      return keys.map((key) => [keyOf(key), second === undefined ? undefined : lifted(whole[key])]);
    }
  }
}

function* listEntries(list: List): Generator<[Value, Value]> {
  for (let at = 0; at < list.length; at += 1) yield [BigInt(at), lifted(list[at])];
}

/** Whether the last field of a selection is there; what is before it must be. */
function presence(node: ASTNode, known: Reading): Evaluator {
  if (node.op !== '.') throw new CelError('has() needs a field selection, such as has(object.spec.replicas)');
  const of = evaluatorOf(node.args[0], known);
  const name = node.args[1];
  return (run, scope) => {
    const whole = of(run, scope);
    const value = whole instanceof Optional ? whole.value : whole;
    return value !== undefined && field(value, name) !== undefined;
  };
}

function binding([name, value, within]: [ASTNode, ASTNode, ASTNode], known: Reading): Evaluator {
  if (name.op !== 'id') throw new CelError('the first argument of cel.bind() must be a name');
  const bound = name.args;
  const of = evaluatorOf(value, known);
  const inner = evaluatorOf(within, { ...known, names: new Set([...known.names, bound]) });
  return (run, scope) => {
    const made = of(run, scope);
    return inner(run, { name: bound, value: () => made, outer: scope });
  };
}

function overOptional(
  receiver: ASTNode,
  [name, within]: [ASTNode, ASTNode],
  isFlat: boolean,
  known: Reading,
): Evaluator {
  if (name.op !== 'id') throw new CelError('the first argument of optMap() must be a name');
  const bound = name.args;
  const of = evaluatorOf(receiver, known);
  const inner = evaluatorOf(within, { ...known, names: new Set([...known.names, bound]) });
  return (run, scope) => {
    const whole = of(run, scope);
    if (!(whole instanceof Optional)) throw new CelError(`optMap() needs an optional value, not a ${typeOf(whole)}`);
    if (whole.value === undefined) return whole;
    const made = inner(run, { name: bound, value: () => whole.value!, outer: scope });
    return isFlat ? made : new Optional(made);
  };
}

function evaluatorOf(part: ASTNode, known: Reading): Evaluator {
  return known.read(part, known);
}
