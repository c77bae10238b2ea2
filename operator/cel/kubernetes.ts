/** What Kubernetes adds to CEL: quantities and versions. Pure. */
import { compareQuantities, parseQuantity, scaleOf, type Quantity } from '../lib/quantity.ts';
import type { Functions, Spend } from './overload.ts';
import { CelError, Opaque, refuse } from './value.ts';

/** Steps that it takes to read a quantity or a version. */
const parsing = 15;
const billion = 1_000_000_000n;

export const kubernetes: Functions = {
  quantity: [
    {
      takes: ['string'],
      gives: 'kubernetes.Quantity',
      run: (spend, text: string) => quantityIn(spend, text) ?? refuse(text, 'a quantity, such as 100m or 1Gi'),
    },
  ],
  isQuantity: [
    { takes: ['string'], gives: 'bool', run: (spend, text: string) => quantityIn(spend, text) !== undefined },
  ],
  '.sign': [
    { takes: ['kubernetes.Quantity'], gives: 'int', run: (_, q: Opaque) => BigInt(compareQuantities(of(q), 0n)) },
  ],
  sign: [{ takes: ['kubernetes.Quantity'], gives: 'int', run: (_, q: Opaque) => BigInt(compareQuantities(of(q), 0n)) }],
  '.isInteger': [
    {
      takes: ['kubernetes.Quantity'],
      gives: 'bool',
      run: (_, q: Opaque) => isWhole(q),
    },
  ],
  '.asInteger': [
    {
      takes: ['kubernetes.Quantity'],
      gives: 'int',
      run: (_, q: Opaque) => {
        if (!isWhole(q)) throw new CelError('the quantity is not written as an integer');
        return of(q) / billion;
      },
    },
  ],
  '.asApproximateFloat': [
    { takes: ['kubernetes.Quantity'], gives: 'double', run: (_, q: Opaque) => Number(of(q)) / 1e9 },
  ],
  '.compareTo': [
    {
      takes: ['kubernetes.Quantity', 'kubernetes.Quantity'],
      gives: 'int',
      run: (_, a: Opaque, b: Opaque) => BigInt(compareQuantities(of(a), of(b))),
    },
    {
      takes: ['kubernetes.Semver', 'kubernetes.Semver'],
      gives: 'int',
      run: (_, a: Opaque, b: Opaque) => BigInt(compareVersions(a, b)),
    },
  ],
  '.isGreaterThan': [
    {
      takes: ['kubernetes.Quantity', 'kubernetes.Quantity'],
      gives: 'bool',
      run: (_, a: Opaque, b: Opaque) => of(a) > of(b),
    },
    {
      takes: ['kubernetes.Semver', 'kubernetes.Semver'],
      gives: 'bool',
      run: (_, a: Opaque, b: Opaque) => compareVersions(a, b) > 0,
    },
  ],
  '.isLessThan': [
    {
      takes: ['kubernetes.Quantity', 'kubernetes.Quantity'],
      gives: 'bool',
      run: (_, a: Opaque, b: Opaque) => of(a) < of(b),
    },
    {
      takes: ['kubernetes.Semver', 'kubernetes.Semver'],
      gives: 'bool',
      run: (_, a: Opaque, b: Opaque) => compareVersions(a, b) < 0,
    },
  ],
  '.add': [
    {
      takes: ['kubernetes.Quantity', 'kubernetes.Quantity'],
      gives: 'kubernetes.Quantity',
      run: (_, a: Opaque, b: Opaque) => sumOf(a, b, 1n),
    },
    {
      takes: ['kubernetes.Quantity', 'int'],
      gives: 'kubernetes.Quantity',
      run: (_, a: Opaque, b: bigint) => sumOf(a, quantity(b * billion, 0), 1n),
    },
  ],
  '.sub': [
    {
      takes: ['kubernetes.Quantity', 'kubernetes.Quantity'],
      gives: 'kubernetes.Quantity',
      run: (_, a: Opaque, b: Opaque) => sumOf(a, b, -1n),
    },
    {
      takes: ['kubernetes.Quantity', 'int'],
      gives: 'kubernetes.Quantity',
      run: (_, a: Opaque, b: bigint) => sumOf(a, quantity(b * billion, 0), -1n),
    },
  ],
  semver: [
    {
      takes: ['string'],
      gives: 'kubernetes.Semver',
      run: (spend, text: string) => version(spend, text) ?? refuse(text, 'a semantic version, such as 1.2.3'),
    },
    {
      takes: ['string', 'bool'],
      gives: 'kubernetes.Semver',
      run: (spend, text: string, normal: boolean) => version(spend, text, normal) ?? refuse(text, 'a semantic version'),
    },
  ],
  isSemver: [
    { takes: ['string'], gives: 'bool', run: (spend, text: string) => version(spend, text) !== undefined },
    {
      takes: ['string', 'bool'],
      gives: 'bool',
      run: (spend, text: string, normal: boolean) => version(spend, text, normal) !== undefined,
    },
  ],
  '.major': [{ takes: ['kubernetes.Semver'], gives: 'int', run: (_, v: Opaque) => numbersOf(v)[0] }],
  '.minor': [{ takes: ['kubernetes.Semver'], gives: 'int', run: (_, v: Opaque) => numbersOf(v)[1] }],
  '.patch': [{ takes: ['kubernetes.Semver'], gives: 'int', run: (_, v: Opaque) => numbersOf(v)[2] }],
};

/** Kubernetes takes what lacks digits for nothing: `Mi` is no memory. */
function quantityIn(spend: Spend, text: string): Opaque | undefined {
  spend(parsing);
  const written = text === '' ? text : text.replace(/^([-+]?)(?=\.?(?:[A-Za-z]|$))/, '$10');
  const amount = parseQuantity(written);
  return amount === undefined ? undefined : quantity(amount, scaleOf(written));
}

/** With its scale, as of `scaleOf()`. */
interface Held {
  readonly amount: Quantity;
  readonly scale: number | undefined;
}

function quantity(amount: Quantity, scale: number | undefined): Opaque {
  return new Opaque('kubernetes.Quantity', { amount, scale } satisfies Held, amount);
}

function of({ value }: Opaque): Quantity {
  return (value as Held).amount;
}

function scaled({ value }: Opaque): number | undefined {
  return (value as Held).scale;
}

/** The scale of a sum is that of the finer part; nothing has none. */
function sumOf(a: Opaque, b: Opaque, sign: 1n | -1n): Opaque {
  const [one, other] = [scaled(a), scaled(b)];
  const finer = one === undefined || other === undefined ? undefined : Math.min(one, other);
  const scale = of(b) === 0n ? one : of(a) === 0n && one !== undefined ? other : finer;
  return quantity(of(a) + sign * of(b), scale);
}

/** Whether Kubernetes holds it as a whole number of 64 bits: `1.0` it does not. */
function isWhole(q: Opaque): boolean {
  const scale = scaled(q);
  return scale !== undefined && scale >= 0 && fits(of(q) / billion);
}

function fits(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

const longestVersion = 256;
const largestNumber = 2n ** 64n - 1n;
const semantic =
  /^(0|[1-9][0-9]{0,19})\.(0|[1-9][0-9]{0,19})\.(0|[1-9][0-9]{0,19})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly before: readonly string[];
}

function version(spend: Spend, text: string, isLoose = false): Opaque | undefined {
  spend(parsing);
  if (text.length > longestVersion) return undefined;
  const parts = semantic.exec(isLoose ? normalised(text) : text);
  if (!parts) return undefined;
  const before = parts[4]?.split('.') ?? [];
  if (before.some((one) => one === '' || /^0[0-9]+$/.test(one))) return undefined;
  const numbers = [BigInt(parts[1]!), BigInt(parts[2]!), BigInt(parts[3]!)] as const;
  if (numbers.some((one) => one > largestNumber)) return undefined;
  return new Opaque(
    'kubernetes.Semver',
    { numbers, before } satisfies Version,
    `${numbers.join('.')}${before.length ? `-${before.join('.')}` : ''}`,
  );
}

/** `v1.2` as `1.2.0`, as Kubernetes does on request: what is short must be numbers alone. */
function normalised(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([0-9.]*)(.*)$/.exec(text) ?? [];
  const all = numbers.split('.').map((one) => one.replace(/^0+(?=[0-9])/, ''));
  if (all.length < 3 && rest !== '') return text;
  while (all.length < 3) all.push('0');
  return `${all.join('.')}${rest}`;
}

function numbersOf({ value }: Opaque): Version['numbers'] {
  return (value as Version).numbers;
}

/** By semver.org, section 11: a version with something before it is older than the one without. */
function compareVersions(a: Opaque, b: Opaque): number {
  const [left, right] = [a.value as Version, b.value as Version];
  for (const [at, number] of left.numbers.entries()) {
    const other = right.numbers[at]!;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (!left.before.length || !right.before.length) return Math.sign(right.before.length - left.before.length);
  for (let at = 0; at < Math.max(left.before.length, right.before.length); at += 1) {
    const order = compareIdentifiers(left.before[at], right.before[at]);
    if (order) return order;
  }
  return 0;
}

function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  const [aIsNumber, bIsNumber] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (aIsNumber) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  return a < b ? -1 : a > b ? 1 : 0;
}
