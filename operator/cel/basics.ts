/** Conversions, optional values and numbers. Pure. */
import { doubleText, textIn, textOf } from './format.ts';
import type { Functions, Spend } from './overload.ts';
import { floored, isZeroTime } from './time.ts';
import {
  CelError,
  Opaque,
  Optional,
  Uint,
  compare,
  int,
  kept,
  lifted,
  namesIn,
  numberIn,
  refuse,
  typeOf,
  type List,
  type Members,
  type Value,
} from './value.ts';

const intText = /^[-+]?[0-9]{1,40}$/;
const doubleForm = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
const longestDouble = 400;

export const basics: Functions = {
  dyn: [{ takes: ['any'], gives: 'dyn', run: (_, value: Value) => value }],
  type: [{ takes: ['any'], gives: 'type', run: (_, value: Value) => new Opaque('type', typeOf(value), typeOf(value)) }],
  bool: [
    { takes: ['bool'], gives: 'bool', run: (_, value: boolean) => value },
    { takes: ['string'], gives: 'bool', run: (_, text: string) => truth(text) },
  ],
  int: [
    { takes: ['int'], gives: 'int', run: (_, value: bigint) => value },
    { takes: ['uint'], gives: 'int', run: (_, { value }: Uint) => int(value) },
    { takes: ['double'], gives: 'int', run: (_, value: number) => truncated(value) },
    {
      takes: ['string'],
      gives: 'int',
      run: (_, text: string) => (intText.test(text) ? int(BigInt(text)) : refuse(text, 'an int')),
    },
    {
      takes: ['google.protobuf.Timestamp'],
      gives: 'int',
      run: (_, { value }: Opaque) => floored(value as bigint, 1_000_000_000n),
    },
    { takes: ['google.protobuf.Duration'], gives: 'int', run: (_, { value }: Opaque) => value as bigint },
  ],
  uint: [
    { takes: ['uint'], gives: 'uint', run: (_, value: Uint) => value },
    { takes: ['int'], gives: 'uint', run: (_, value: bigint) => new Uint(value) },
    { takes: ['double'], gives: 'uint', run: (_, value: number) => new Uint(wholeOf(value)) },
    {
      takes: ['string'],
      gives: 'uint',
      run: (_, text: string) => (/^[0-9]{1,40}$/.test(text) ? new Uint(BigInt(text)) : refuse(text, 'a uint')),
    },
  ],
  double: [
    { takes: ['uint'], gives: 'double', run: (_, { value }: Uint) => Number(value) },
    { takes: ['number'], gives: 'double', run: (_, value: bigint | number) => Number(value) },
    { takes: ['string'], gives: 'double', run: (_, text: string) => double(text) },
  ],
  string: [
    { takes: ['string'], gives: 'string', run: (_, value: string) => value },
    { takes: ['bool'], gives: 'string', run: (_, value: boolean) => String(value) },
    { takes: ['int'], gives: 'string', run: (_, value: bigint) => String(value) },
    { takes: ['uint'], gives: 'string', run: (_, { value }: Uint) => String(value) },
    { takes: ['double'], gives: 'string', run: (_, value: number) => doubleText(value) },
    { takes: ['bytes'], gives: 'string', run: (_, value: Uint8Array) => textIn(value) },
    ...['google.protobuf.Duration', 'google.protobuf.Timestamp', 'net.IP', 'net.CIDR'].map((type) => ({
      takes: [type],
      gives: 'string',
      run: (_: unknown, value: Opaque) => textOf(value),
    })),
  ],
  bytes: [
    { takes: ['bytes'], gives: 'bytes', run: (_, value: Uint8Array) => value },
    { takes: ['string'], gives: 'bytes', run: (_, text: string) => new TextEncoder().encode(text) },
  ],
  size: sizes(),
  '.size': sizes(),
  'optional.of': [{ takes: ['A'], gives: 'optional_type(A)', run: (_, value: Value) => new Optional(value) }],
  'optional.none': [{ takes: [], gives: 'optional_type(A)', run: () => new Optional(undefined) }],
  'optional.ofNonZeroValue': [
    {
      takes: ['A'],
      gives: 'optional_type(A)',
      run: (spend, value: Value) => new Optional(isZero(value, spend) ? undefined : value),
    },
  ],
  '.hasValue': [{ takes: ['optional_type(A)'], gives: 'bool', run: (_, { value }: Optional) => value !== undefined }],
  '.value': [
    {
      takes: ['optional_type(A)'],
      gives: 'A',
      run: (_, { value }: Optional) => present(value),
    },
  ],
  'optional.unwrap': [{ takes: ['list(optional_type(A))'], gives: 'list(A)', run: unwrapped }],
  '.unwrapOpt': [{ takes: ['list(optional_type(A))'], gives: 'list(A)', run: unwrapped }],
  '.first': [
    {
      takes: ['list(A)'],
      gives: 'optional_type(A)',
      run: (_, list: List) => new Optional(list.length ? lifted(list[0]) : undefined),
    },
  ],
  '.last': [
    {
      takes: ['list(A)'],
      gives: 'optional_type(A)',
      run: (_, list: List) => new Optional(list.length ? lifted(list.at(-1)) : undefined),
    },
  ],
  '.orValue': [
    {
      takes: ['optional_type(A)', 'A'],
      gives: 'A',
      run: (_, { value }: Optional, otherwise: Value) => value ?? otherwise,
    },
    // What is no optional value is its own.
    { takes: ['any', 'any'], gives: 'dyn', isDynamic: true, run: (_, value: Value) => value },
  ],
  '.or': [
    {
      takes: ['optional_type(A)', 'optional_type(A)'],
      gives: 'optional_type(A)',
      run: (_, one: Optional, other: Optional) => (one.value === undefined ? other : one),
    },
    { takes: ['any', 'optional_type'], gives: 'dyn', isDynamic: true, run: (_, value: Value) => value },
  ],
  'math.greatest': extremes(1),
  'math.least': extremes(-1),
  'math.abs': [
    { takes: ['int'], gives: 'int', run: (_, value: bigint) => int(value < 0n ? -value : value) },
    { takes: ['double'], gives: 'double', run: (_, value: number) => Math.abs(value) },
  ],
  'math.ceil': [{ takes: ['double'], gives: 'double', run: (_, value: number) => Math.ceil(value) }],
  'math.floor': [{ takes: ['double'], gives: 'double', run: (_, value: number) => Math.floor(value) }],
  'math.round': [
    { takes: ['double'], gives: 'double', run: (_, value: number) => Math.sign(value) * Math.round(Math.abs(value)) },
  ],
  'math.sign': [
    { takes: ['int'], gives: 'int', run: (_, value: bigint) => (value > 0n ? 1n : value < 0n ? -1n : 0n) },
    { takes: ['double'], gives: 'double', run: (_, value: number) => Math.sign(value) },
  ],
};

function sizes(): Functions[string] {
  return [
    {
      takes: ['string'],
      gives: 'int',
      run: (spend, text: string) => (spend(text.length / 2), BigInt([...text].length)),
    },
    { takes: ['bytes'], gives: 'int', run: (_, bytes: Uint8Array) => BigInt(bytes.length) },
    { takes: ['list(dyn)'], gives: 'int', run: (_, list: List) => BigInt(list.length) },
    {
      takes: ['map(dyn, dyn)'],
      gives: 'int',
      run(spend, map: Members) {
        return BigInt(namesIn(map, spend).length);
      },
    },
  ];
}

function extremes(sign: 1 | -1): Functions[string] {
  const best = (spend: Spend, values: readonly Value[]): Value =>
    values.reduce((one, other) => (compare(other, one, spend) * sign > 0 ? other : one));
  const many = [1, 2, 3, 4, 5].map((count) => ({
    takes: Array.from({ length: count }, () => 'number'),
    gives: 'dyn',
    run: (spend: Spend, ...values: Value[]) => best(spend, values),
  }));
  return [
    ...many,
    {
      takes: ['list(A)'],
      gives: 'A',
      run: (spend, list: List) => {
        spend(list.length);
        return list.length ? best(spend, list.map(lifted)) : refuse('[]', 'a non-empty list of numbers');
      },
    },
  ];
}

function present(value: Value | undefined): Value {
  if (value === undefined) throw new CelError('the optional has no value; use orValue()');
  return value;
}

function isZero(value: Value, spend: Spend): boolean {
  if (value === null || value === false || value === '' || numberIn(value) == 0) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Opaque) return isZeroTime(value);
  return typeOf(value) === 'map' && namesIn(value as Members, spend).length === 0;
}

function unwrapped(spend: Spend, list: List): Value {
  spend(list.length);
  return list.flatMap((one) => {
    if (!(one instanceof Optional)) throw new CelError(`unwrap() takes optional values, not ${typeOf(lifted(one))}`);
    return one.value === undefined ? [] : [kept(one.value)];
  });
}

function truth(text: string): boolean {
  if (['true', 'True', 'TRUE', 't', '1'].includes(text)) return true;
  return ['false', 'False', 'FALSE', 'f', '0'].includes(text) ? false : refuse(text, 'a bool');
}

function truncated(value: number): bigint {
  return int(wholeOf(value));
}

function wholeOf(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : refuse(String(value), 'a finite number');
}

function double(text: string): number {
  const [, sign, word] = /^([-+]?)(inf|infinity|nan)$/i.exec(text.slice(0, 10)) ?? [];
  if (word) return word.length === 3 && word.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity;
  const plain = text.replace(/(?<=[0-9])_(?=[0-9])/g, '');
  const value = text.length <= longestDouble && doubleForm.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : refuse(text, 'a double');
}
