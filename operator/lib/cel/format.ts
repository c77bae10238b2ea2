/** Values as text: `string()` and `format()`. Pure. */
import type { Spend } from './functions.ts';
import { CelError, Opaque, Optional, isList, isMap, lifted, typeOf, type List, type Value } from './value.ts';

const second = 1_000_000_000n;

/** As `string()` and `%s` have it. */
export function textOf({ type, value, canonical }: Opaque): string {
  if (type === 'duration') return durationText(value as bigint);
  if (type === 'timestamp') return timestampText(value as bigint);
  if (type === 'quantity') return decimalText(value as bigint);
  return typeof canonical === 'string' ? canonical : String(value);
}

/** The shortest text that is this number, as Go's `%g` has it. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  return value === 0 || (power >= -4 && power < 6) ? String(value) : `${digits}e${exponentText(power)}`;
}

/** `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`, with `.digits` before `f` and `e`. */
export function formatted(spend: Spend, format: string, list: List): string {
  spend(format.length + list.length);
  let next = 0;
  const text = format.replace(
    /%(?:%|(?:\.([0-9]{1,2}))?([sdfebxXo])|)/g,
    (clause, digits: string | undefined, verb?: string) => {
      if (clause === '%%') return '%';
      if (verb === undefined) throw new CelError('format() knows %s, %d, %f, %e, %b, %x, %X, %o and %% alone');
      if (next >= list.length) throw new CelError('format() has too few arguments');
      const made = inFormat(spend, lifted(list[next++]), verb, digits === undefined ? 6 : Number(digits));
      spend(made.length / 10);
      return made;
    },
  );
  if (next < list.length) throw new CelError('format() has too many arguments');
  return text;
}

function inFormat(spend: Spend, value: Value, verb: string, digits: number): string {
  if (verb === 's') return shown(spend, value, false);
  if (verb === 'f' || verb === 'e') return fraction(value, verb, digits);
  if (typeof value === 'bigint') {
    const text = value.toString({ d: 10, b: 2, x: 16, X: 16, o: 8 }[verb]);
    return verb === 'X' ? text.toUpperCase() : text;
  }
  if (typeof value === 'boolean' && verb === 'b') return value ? '1' : '0';
  if ((typeof value === 'string' || value instanceof Uint8Array) && (verb === 'x' || verb === 'X')) {
    const text = Buffer.from(value as string).toString('hex');
    return verb === 'X' ? text.toUpperCase() : text;
  }
  throw new CelError(`%${verb} of format() does not take ${typeOf(value)}`);
}

function fraction(value: Value, verb: 'f' | 'e', digits: number): string {
  if (typeof value !== 'bigint' && typeof value !== 'number')
    throw new CelError(`%${verb} of format() does not take ${typeOf(value)}`);
  const number = Number(value);
  if (!Number.isFinite(number)) return doubleText(number);
  if (verb === 'f') return number.toFixed(digits);
  const [mantissa = '', exponent = '0'] = number.toExponential(digits).split('e');
  return `${mantissa}e${exponentText(Number(exponent))}`;
}

/** What is within lists and maps is shown as it would be written. */
function shown(spend: Spend, value: Value, isWithin: boolean): string {
  spend(1);
  if (typeof value === 'string') {
    spend(value.length / 10);
    return isWithin ? JSON.stringify(value) : value;
  }
  if (typeof value === 'number') return doubleText(value);
  if (value instanceof Opaque) return isWithin ? `${value.type}(${JSON.stringify(textOf(value))})` : textOf(value);
  if (isList(value)) return `[${value.map((one) => shown(spend, lifted(one), true)).join(', ')}]`;
  if (isMap(value)) {
    const members = Object.keys(value).sort();
    spend(members.length);
    return `{${members.map((name) => `${JSON.stringify(name)}:${shown(spend, lifted(value[name]), true)}`).join(', ')}}`;
  }
  if (value instanceof Optional) return value.value === undefined ? 'none' : shown(spend, value.value, isWithin);
  if (!(value instanceof Uint8Array)) return String(value);
  spend(value.length / 10);
  return Buffer.from(value).toString('utf8');
}

function exponentText(power: number): string {
  return `${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function durationText(nanoseconds: bigint): string {
  return `${decimalText(nanoseconds)}s`;
}

/** Billionths as a decimal number, without zeros that say nothing. */
function decimalText(billionths: bigint): string {
  const size = billionths < 0n ? -billionths : billionths;
  const part = (size % second).toString().padStart(9, '0').replace(/0+$/, '');
  return `${billionths < 0n ? '-' : ''}${size / second}${part && `.${part}`}`;
}

function timestampText(nanoseconds: bigint): string {
  const part = ((nanoseconds % second) + second) % second;
  const date = new Date(Number((nanoseconds - part) / 1_000_000n)).toISOString().slice(0, 19);
  return `${date}${decimalText(part).slice(1)}Z`;
}
