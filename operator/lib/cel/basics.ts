/** Conversions, optional values and numbers. Pure. */
import { doubleText, textOf } from './format.ts';
import type { Functions, Spend } from './functions.ts';
import { floored } from './time.ts';
import {
  CelError,
  Opaque,
  Optional,
  compare,
  int,
  kept,
  lifted,
  typeOf,
  type List,
  type Members,
  type Value,
} from './value.ts';

const intText = /^[-+]?[0-9]{1,40}$/;
const doubleForm = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
const longestDouble = 400;

export const basics: Functions = {
  dyn: [{ takes: ['any'], run: (_, value: Value) => value }],
  type: [{ takes: ['any'], run: (_, value: Value) => new Opaque('type', typeOf(value), typeOf(value)) }],
  bool: [
    { takes: ['bool'], run: (_, value: boolean) => value },
    { takes: ['string'], run: (_, text: string) => truth(text) },
  ],
  int: [
    { takes: ['int'], run: (_, value: bigint) => value },
    { takes: ['double'], run: (_, value: number) => truncated(value) },
    { takes: ['string'], run: (_, text: string) => (intText.test(text) ? int(BigInt(text)) : refuse(text, 'an int')) },
    { takes: ['timestamp'], run: (_, { value }: Opaque) => floored(value as bigint, 1_000_000_000n) },
    { takes: ['duration'], run: (_, { value }: Opaque) => value as bigint },
  ],
  double: [
    { takes: ['number'], run: (_, value: bigint | number) => Number(value) },
    { takes: ['string'], run: (_, text: string) => double(text) },
  ],
  string: [
    { takes: ['string'], run: (_, value: string) => value },
    { takes: ['bool'], run: (_, value: boolean) => String(value) },
    { takes: ['int'], run: (_, value: bigint) => String(value) },
    { takes: ['double'], run: (_, value: number) => doubleText(value) },
    { takes: ['bytes'], run: (_, value: Uint8Array) => decoded(value) },
    ...['duration', 'timestamp', 'IP', 'CIDR', 'URL', 'quantity', 'semver'].map((type) => ({
      takes: [type],
      run: (_: unknown, value: Opaque) => textOf(value),
    })),
  ],
  bytes: [
    { takes: ['bytes'], run: (_, value: Uint8Array) => value },
    { takes: ['string'], run: (_, text: string) => new TextEncoder().encode(text) },
  ],
  size: sizes(),
  '.size': sizes(),
  'optional.of': [{ takes: ['any'], run: (_, value: Value) => new Optional(value) }],
  'optional.none': [{ takes: [], run: () => new Optional(undefined) }],
  'optional.ofNonZeroValue': [
    { takes: ['any'], run: (_, value: Value) => new Optional(isZero(value) ? undefined : value) },
  ],
  '.hasValue': [{ takes: ['optional_type'], run: (_, { value }: Optional) => value !== undefined }],
  '.value': [
    { takes: ['optional_type'], run: (_, { value }: Optional) => value ?? refuse('', 'a value, and there is none') },
  ],
  'optional.unwrap': [{ takes: ['list'], run: unwrapped }],
  '.unwrapOpt': [{ takes: ['list'], run: unwrapped }],
  '.first': [{ takes: ['list'], run: (_, list: List) => new Optional(list.length ? lifted(list[0]) : undefined) }],
  '.last': [{ takes: ['list'], run: (_, list: List) => new Optional(list.length ? lifted(list.at(-1)) : undefined) }],
  '.orValue': [
    { takes: ['optional_type', 'any'], run: (_, { value }: Optional, otherwise: Value) => value ?? otherwise },
  ],
  '.or': [
    {
      takes: ['optional_type', 'optional_type'],
      run: (_, one: Optional, other: Optional) => (one.value === undefined ? other : one),
    },
  ],
  'math.greatest': extremes(1),
  'math.least': extremes(-1),
  'math.abs': [
    { takes: ['int'], run: (_, value: bigint) => int(value < 0n ? -value : value) },
    { takes: ['double'], run: (_, value: number) => Math.abs(value) },
  ],
  'math.ceil': [{ takes: ['double'], run: (_, value: number) => Math.ceil(value) }],
  'math.floor': [{ takes: ['double'], run: (_, value: number) => Math.floor(value) }],
  'math.round': [{ takes: ['double'], run: (_, value: number) => Math.sign(value) * Math.round(Math.abs(value)) }],
  'math.sign': [
    { takes: ['int'], run: (_, value: bigint) => (value > 0n ? 1n : value < 0n ? -1n : 0n) },
    { takes: ['double'], run: (_, value: number) => Math.sign(value) },
  ],
};

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CelError('the bytes are no text in UTF-8');
  }
}

function sizes(): Functions[string] {
  return [
    { takes: ['string'], run: (spend, text: string) => (spend(text.length / 2), BigInt([...text].length)) },
    { takes: ['bytes'], run: (_, bytes: Uint8Array) => BigInt(bytes.length) },
    { takes: ['list'], run: (_, list: List) => BigInt(list.length) },
    {
      takes: ['map'],
      run(spend, map: Members) {
        const { length } = Object.keys(map);
        spend(length);
        return BigInt(length);
      },
    },
  ];
}

function extremes(sign: 1 | -1): Functions[string] {
  const best = (spend: Spend, values: readonly Value[]): Value =>
    values.reduce((one, other) => (compare(other, one, spend) * sign > 0 ? other : one));
  const many = [1, 2, 3, 4, 5].map((count) => ({
    takes: Array.from({ length: count }, () => 'number'),
    run: (spend: Spend, ...values: Value[]) => best(spend, values),
  }));
  return [
    ...many,
    {
      takes: ['list'],
      run: (spend, list: List) => {
        spend(list.length);
        return list.length ? best(spend, list.map(lifted)) : refuse('[]', 'a list with numbers');
      },
    },
  ];
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Opaque) return value.type === 'duration' && value.value === 0n;
  return typeOf(value) === 'map' && Object.keys(value as Members).length === 0;
}

function unwrapped(spend: Spend, list: List): Value {
  spend(list.length);
  return list.flatMap((one) => {
    if (!(one instanceof Optional)) throw new CelError(`unwrap takes optional values, not ${typeOf(lifted(one))}`);
    return one.value === undefined ? [] : [kept(one.value)];
  });
}

function truth(text: string): boolean {
  if (['true', 'True', 'TRUE', 't', '1'].includes(text)) return true;
  return ['false', 'False', 'FALSE', 'f', '0'].includes(text) ? false : refuse(text, 'a bool');
}

function truncated(value: number): bigint {
  return Number.isFinite(value) ? int(BigInt(Math.trunc(value))) : refuse(String(value), 'an int');
}

function double(text: string): number {
  const [, sign, word] = /^([-+]?)(inf|infinity|nan)$/i.exec(text.slice(0, 10)) ?? [];
  if (word) return word.length === 3 && word.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity;
  const value = text.length <= longestDouble && doubleForm.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : refuse(text, 'a double');
}

export function refuse(text: string, what: string): never {
  throw new CelError(`${JSON.stringify(text.slice(0, 60))} is not ${what}`);
}
