/** Parts of values, and values of parts: fields, items, lists and maps. Pure. */
import { keyText, shownKey } from './key.ts';
import type { Evaluator, Run, Scope } from './run.ts';
import { CelError, Optional, isList, isMap, kept, lifted, member, numberIn, typeOf, type Value } from './value.ts';

export function selection(of: Evaluator, name: string, isOptional: boolean): Evaluator {
  return (run, scope) => selected(of(run, scope), name, isOptional);
}

/** Of an optional value, the selection is optional too. */
export function selected(value: Value, name: string, isOptional: boolean): Value {
  if (value instanceof Optional) {
    if (value.value === undefined) return value;
    return new Optional(field(value.value, name));
  }
  const found = field(value, name);
  if (isOptional) return new Optional(found);
  if (found !== undefined) return found;
  throw new CelError(isMap(value) ? `there is no field '${name}'` : `${typeOf(value)} has no field '${name}'`);
}

/** What has no fields has not this one; only of a list Kubernetes says that it takes no names. */
export function field(value: Value, name: string): Value | undefined {
  if (isList(value)) throw new CelError(`a list has no field '${name}'; use an index or a macro such as exists()`);
  return isMap(value) ? member(value, name) : undefined;
}

export function indexing(of: Evaluator, at: Evaluator, isOptional: boolean): Evaluator {
  return (run, scope) => {
    const whole = of(run, scope);
    const key = at(run, scope);
    const value = whole instanceof Optional ? whole.value : whole;
    const found = value === undefined ? undefined : indexed(value, key, isOptional || whole instanceof Optional);
    if (isOptional || whole instanceof Optional) return new Optional(found);
    if (found === undefined)
      throw new CelError(`${isList(whole) ? 'there is no item' : 'there is no key'} ${shownKey(key)}`);
    return found;
  };
}

function indexed(value: Value, key: Value, isOptional: boolean): Value | undefined {
  if (isList(value)) {
    const at = Number(numberIn(key) ?? NaN);
    if (!Number.isInteger(at)) throw new CelError(`a list is indexed by int, not by ${typeOf(key)}`);
    return at >= 0 && at < value.length ? lifted(value[at]) : undefined;
  }
  if (!isMap(value) && isOptional) return undefined;
  if (!isMap(value)) throw new CelError(`a ${typeOf(value)} has no items`);
  return member(value, keyText(key));
}

/** A value of a list or a map, left out where it is optional and absent. */
interface Entry {
  readonly of: Evaluator;
  readonly isOptional: boolean;
}

export function listing(items: readonly Entry[]): Evaluator {
  return (run, scope) =>
    items.flatMap((item) => {
      const value = entered(item, run, scope);
      // Not the value itself, which may be a list.
      return value === undefined ? [] : [kept(value)];
    });
}

export function mapping(entries: readonly (Entry & { readonly key: Evaluator })[]): Evaluator {
  return (run, scope) => {
    // Of one key twice, Kubernetes takes the later value.
    const pairs = entries.flatMap((entry): [string, Value][] => {
      const key = keyText(entry.key(run, scope));
      const value = entered(entry, run, scope);
      return value === undefined ? [] : [[key, kept(value)]];
    });
    return Object.fromEntries(pairs);
  };
}

function entered({ of, isOptional }: Entry, run: Run, scope: Scope | undefined): Value | undefined {
  const value = of(run, scope);
  if (!isOptional) return value;
  if (value instanceof Optional) return value.value;
  throw new CelError(`\`?\` needs an optional value after it, not a ${typeOf(value)}`);
}
