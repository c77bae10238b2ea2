/**
 * JSON as Kubernetes means it: whole numbers of 64 bits stay what they are. One beyond ±(2^53 - 1) is a bigint; every other number is a
 * number, so that nothing changes for ordinary objects, and equal values stay equal by `===`. Whole numbers beyond 64 bits, and those
 * with a fraction or an exponent, are doubles, as they are to the apiserver, which writes the latter without where they are whole. Pure.
 */

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;
/** A number of so many digits may be too large for JavaScript. What looks like one within a text only costs time. */
const DIGITS = 16;
const largeNumber = /[:,[]\s*-?[1-9][0-9]{15}/;
const whole = /^-?[0-9]+$/;

/** In Node since 22; TypeScript does not know them yet. */
const exactJson = JSON as unknown as {
  parse(text: string, revive: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
};

/** Throws a SyntaxError, as `JSON.parse` does. */
export function parseJson(text: string): unknown {
  return mayBeLarge(text) || /^\s*-?[0-9]/.test(text) ? exactJson.parse(text, exactly) : JSON.parse(text);
}

/** So many digits in a row have one at a place that is looked at; the pattern is tried on what has them, for it reads every character. */
function mayBeLarge(text: string): boolean {
  for (let at = DIGITS - 1; at < text.length; at += DIGITS) {
    if (!isDigit(text, at)) continue;
    let first = at;
    let last = at;
    while (isDigit(text, first - 1)) first--;
    while (isDigit(text, last + 1)) last++;
    if (last - first + 1 >= DIGITS) return largeNumber.test(text);
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** `undefined` for what JSON has no word for, as `JSON.stringify` does. */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The only other cause is a circle, and throws again.
    return JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'bigint' ? exactJson.rawJSON(String(member)) : member,
    );
  }
}

/**
 * The same where it is read as YAML, as the apiserver reads what is applied: there, some characters are not allowed, some end a line and become
 * a blank, and half a pair of surrogates is an error. Each is written as its escape, and half a pair as what stands for what cannot be read.
 */
export function yamlOf(value: unknown): string | undefined {
  const text = jsonOf(value)?.replace(notInYaml, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return text?.includes('\\ud') ? text.replace(escapes, (found) => (halfPair.test(found) ? '\\ufffd' : found)) : text;
}

const notInYaml = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const escapes = /\\(?:u[0-9a-f]{4}|.)/g;
const halfPair = /^\\ud[89a-f]/;

function exactly(_: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined || !whole.test(source))
    return value;
  const exact = BigInt(source);
  return exact >= smallest && exact <= largest ? exact : value;
}
