/** Values as text: `string()` and `format()`. Pure. */
import { minutesIn } from './time.ts';
import type { Spend } from './overload.ts';
import { keyOf } from './key.ts';
import {
  CelError,
  Opaque,
  Optional,
  Uint,
  isList,
  isMap,
  lifted,
  namesIn,
  typeOf,
  type List,
  type Value,
} from './value.ts';

const second = 1_000_000_000n;

/** As `string()` and `%s` have it. */
export function textOf({ type, value, canonical, zone }: Opaque): string {
  if (type === 'google.protobuf.Duration') return durationText(value as bigint);
  if (type === 'google.protobuf.Timestamp') return timestampText(value as bigint, zone);
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

/** `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`, with `.digits` before `f` and `e`. As Kubernetes has them, numbers are of English. */
export function formatted(spend: Spend, format: string, list: List): string {
  spend(format.length + list.length);
  let next = 0;
  const text = format.replace(
    /%(?:%|(?:\.([0-9]{1,2}))?([sdfebxXo])|)/g,
    (clause, digits: string | undefined, verb?: string) => {
      if (clause === '%%') return '%';
      if (verb === undefined) throw new CelError('format() supports only %s, %d, %f, %e, %b, %x, %X, %o and %%');
      if (next >= list.length) throw new CelError('format() has too few arguments');
      const made = inFormat(spend, lifted(list[next++]), verb, digits === undefined ? 6 : Number(digits));
      spend(made.length / 2);
      return made;
    },
  );
  if (next < list.length) throw new CelError('format() has too many arguments');
  return text;
}

function inFormat(spend: Spend, value: Value, verb: string, digits: number): string {
  if (verb === 's') return shown(spend, value, false);
  if (typeof value === 'number' && (verb === 'f' || verb === 'e'))
    return verb === 'f' ? fixed(value, digits) : scientific(value);
  const whole = value instanceof Uint ? value.value : value;
  if (typeof whole === 'bigint' && verb !== 'f' && verb !== 'e') {
    const text = whole.toString({ d: 10, b: 2, x: 16, X: 16, o: 8 }[verb]);
    return verb === 'X' ? text.toUpperCase() : text;
  }
  if (typeof value === 'boolean' && verb === 'b') return value ? '1' : '0';
  if ((typeof value === 'string' || value instanceof Uint8Array) && (verb === 'x' || verb === 'X')) {
    const text = Buffer.from(value as string).toString('hex');
    return verb === 'X' ? text.toUpperCase() : text;
  }
  throw new CelError(`%${verb} of format() does not take ${typeOf(value)}`);
}

/** Words of numbers that have no digits. */
function endless(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
}

/** With commas between thousands. */
function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return endless(value);
  const [whole = '', part] = exactly(value, digits).split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const figures = whole.slice(sign.length);
  // What is left of the thousands, and each three figures.
  const head = figures.slice(0, figures.length % 3);
  const grouped = sign + [...(head ? [head] : []), ...(figures.slice(head.length).match(/[0-9]{3}/g) ?? [])].join(',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** With six digits, whatever is asked for, as Kubernetes has it. */
function scientific(value: number): string {
  if (!Number.isFinite(value)) return endless(value).padStart(6);
  const [mantissa = '', exponent = '0'] = value.toExponential(6).split('e');
  const raised = [...exponentText(Number(exponent))].map((one) => superscripts[one] ?? '').join('');
  return `${mantissa}×10${raised}`;
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((one, digit) => [String(digit), one])),
};

/** Large numbers with all their digits; a half is rounded to the even one. */
function exactly(value: number, digits: number): string {
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${digits ? `.${'0'.repeat(digits)}` : ''}`;
  if (digits > 0 || Math.abs(value % 1) !== 0.5) return value.toFixed(digits);
  return (2 * Math.round(value / 2)).toFixed(0);
}

/** What is within lists and maps is shown as it would be written. */
function shown(spend: Spend, value: Value, isWithin: boolean): string {
  spend(1);
  if (typeof value === 'string') {
    spend(value.length / 10);
    return isWithin ? JSON.stringify(value) : value;
  }
  if (typeof value === 'number') return isWithin ? within(value) : doubleText(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Opaque) return opaqueText(value, isWithin);
  if (isList(value)) return `[${value.map((one) => shown(spend, lifted(one), true)).join(', ')}]`;
  if (isMap(value)) {
    const members = namesIn(value, spend).map((name) => [shown(spend, keyOf(name), true), name] as const);
    spend(4 * members.length);
    return `{${members
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, name]) => `${key}:${shown(spend, lifted(value[name]), true)}`)
      .join(', ')}}`;
  }
  if (value instanceof Uint8Array) {
    spend(value.length / 10);
    return isWithin ? `b${JSON.stringify(textIn(value))}` : textIn(value);
  }
  if (value instanceof Optional) throw new CelError('%s of format() does not take optional values; use orValue()');
  return String(value);
}

function within(value: number): string {
  return Number.isFinite(value) ? exactly(value, 6) : JSON.stringify(doubleText(value));
}

function opaqueText(value: Opaque, isWithin: boolean): string {
  const [, name] = /^google\.protobuf\.(Duration|Timestamp)$/.exec(value.type) ?? [];
  if (name) return isWithin ? `${name.toLowerCase()}(${JSON.stringify(textOf(value))})` : textOf(value);
  if (value.type === 'type') return textOf(value);
  throw new CelError(`%s of format() does not take ${value.type}; convert it with string() if possible`);
}

/** Throws for what is no text in UTF-8. */
export function textIn(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CelError('the bytes are not valid UTF-8');
  }
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

function timestampText(nanoseconds: bigint, zone = 'Z'): string {
  const part = ((nanoseconds % second) + second) % second;
  const shown = Number((nanoseconds - part) / 1_000_000n) + minutesIn(zone) * 60_000;
  return `${new Date(shown).toISOString().slice(0, 19)}${decimalText(part).slice(1)}${zone}`;
}
