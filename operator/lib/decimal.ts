/**
 * Decimal numbers, compared and subtracted exactly: a value at its limit is at its limit, whatever floats make of it. A float counts as the
 * shortest decimal that is read as it, which is how Prometheus writes it. Pure.
 */

/** units · 10^exponent */
export interface Decimal {
  readonly units: bigint;
  readonly exponent: number;
}

const written = /^(-?)([0-9]{1,400})(?:\.([0-9]{1,400}))?(?:e([-+]?[0-9]{1,3}))?$/;

/** Undefined for what is no finite decimal number. */
export function decimalOf(value: number | string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', power = '0'] = written.exec(String(value)) ?? [];
  if (sign === undefined) return undefined;
  const digits = BigInt(whole + fraction);
  return { units: sign === '-' ? -digits : digits, exponent: Number(power) - fraction.length };
}

/** Less than 0 where a is less than b, 0 where they are equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const { units } = difference(a, b);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

export function difference(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = ({ units, exponent: own }: Decimal): bigint => units * 10n ** BigInt(own - exponent);
  return { units: scaled(a) - scaled(b), exponent };
}

/** For arithmetic that need not be exact. */
export function numberOf({ units, exponent }: Decimal): number {
  return Number(`${units}e${exponent}`);
}

/** With at most so many digits after the point, and no more than it needs: `5`, `0.35`. */
export function decimalText(value: number, digits = 9): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, digits ? '' : '$&');
  return text === '-0' ? '0' : text;
}
