/** Numbers as text: written without the noise of binary fractions, such as 0.0009999999999999432. Pure. */

/** The number times 10^places, exactly. The text has at most so many places. */
export function decimalIn(text: string, places: number): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > places) throw new Error(`${text} is not a number of at most ${places} places.`);
  const value = BigInt(whole + fraction.padEnd(places, '0'));
  return sign ? -value : value;
}

/** Rounded down, with at most so many places, such as `99.95`. What is written is never more than what is. */
export function flooredText(value: number, places: number): string {
  const factor = 10 ** places;
  // What is a hair below a number because of binary fractions is that number.
  return plain(Math.floor(Number((value * factor).toPrecision(13))) / factor, places);
}

/** With so many significant digits, such as `14.4` or `0.00056`. */
export function significantText(value: number, digits: number): string {
  return plain(Number(value.toPrecision(digits)), 9);
}

/** A number for PromQL, without noise. */
export function promNumber(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function plain(value: number, places: number): string {
  const text = value
    .toFixed(places)
    .replace(/(\.[0-9]*?)0+$/, '$1')
    .replace(/\.$/, '');
  return text === '-0' ? '0' : text;
}
