/** Quantities of Kubernetes, such as `100m`, `1.5Gi` or `12e6`, compared exactly. */

/** In billionths, the finest that Kubernetes holds. */
export type Quantity = bigint;

const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const written = /^([-+]?)([0-9]*)(?:\.([0-9]*))?(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([-+]?[0-9]{1,3}))$/;
/** No quantity is written as long; longer text would only cost time. */
const longestText = 128;
/** Kubernetes holds quantities with a binary suffix to 64 bits, and no others. */
const mostBinary = (2n ** 63n - 1n) * 1_000_000_000n;

/** Undefined for text that is no quantity. What is finer than a billionth is rounded away from zero, as Kubernetes does. */
export function parseQuantity(text: string): Quantity | undefined {
  const parts = text.length <= longestText ? written.exec(text) : null;
  if (!parts) return undefined;
  const [, sign, whole = '', fraction = '', power, suffix = '', exponent] = parts;
  if (whole === '' && fraction === '') return undefined;
  const tens = 9 - fraction.length + (exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent));
  const digits = BigInt(whole + fraction) << BigInt(power ? 10 * (binary.indexOf(power) + 1) : 0);
  const size = tens >= 0 ? digits * 10n ** BigInt(tens) : roundedUp(digits, 10n ** BigInt(-tens));
  const held = power && size > mostBinary ? mostBinary : size;
  return sign === '-' ? -held : held;
}

/**
 * How many zeros follow the digits that Kubernetes holds of a quantity, negative where digits are behind the point; undefined where it
 * holds no 64 bits of them. `1.0` is -1: a quantity is whole by how it is written.
 */
export function scaleOf(text: string): number | undefined {
  const [, , whole = '', fraction = '', power, suffix = '', exponent] = written.exec(text) ?? [];
  const digits = whole.replace(/^0+/, '').length + fraction.length;
  if (power) {
    const bits = 10 * (binary.indexOf(power) + 1);
    const places = 14 - digits - Math.trunc((bits * 3) / 10);
    return fraction === '' && places >= 0 ? 0 : undefined;
  }
  const scale = (exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent)) - fraction.length;
  return digits <= 18 && scale >= -9 ? scale : undefined;
}

export function compareQuantities(a: Quantity, b: Quantity): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function roundedUp(digits: bigint, by: bigint): bigint {
  return (digits + by - 1n) / by;
}
