/** Compares values of settings as their readers do. Pure. */
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import { bitsOf, exactly, type Claim } from './claim.ts';
import type { Format } from './settingFormats.ts';

/** Whether the value holds; or why that cannot be told. */
export type Holds = boolean | { readonly unclear: string };

export function holds(format: Format, declared: SettingCheck, found: string): Holds {
  const { key, value, compare } = declared;
  if (value === undefined) return true;
  if (isRefused(format, declared, found)) return false;
  if (compare === 'SameWords') return wordsOf(format, value) === wordsOf(format, found);
  if (compare !== 'AtMost' && compare !== 'AtLeast') return isEqual(format, key, value, found);
  const [wanted, actual] = [numberOf(format, key, value), numberOf(format, key, found)];
  if (wanted === undefined) return { unclear: `${value} is not a number that ${format.reader} understands` };
  if (actual === undefined)
    return format.refusesOddNumbers ? false : { unclear: 'it is not a number that Holdfast can compare' };
  if (format.bits?.test(key)) {
    if (compare === 'AtLeast') return (actual & wanted) === wanted;
    return (actual & ~wanted) === 0;
  }
  return compare === 'AtMost' ? actual <= wanted : actual >= wanted;
}

/** What a check that declares it decides of its value. */
export function claimFor(format: Format, { key, value, compare, state }: SettingCheck): Claim {
  if (state === 'Absent') return { is: 'not set' };
  if (value === undefined) return { is: 'set' };
  if (compare === 'SameWords') return exactly(wordsOf(format, value).split(' '));
  const number = numberOf(format, key, value);
  const bits = number !== undefined && format.bits?.test(key) ? bitsOf(number) : undefined;
  if (compare === 'AtMost') return bits ? { is: 'words', only: bits } : { is: 'number', atMost: number };
  if (compare === 'AtLeast') return bits ? { is: 'words', has: bits } : { is: 'number', atLeast: number };
  return bits ? exactly(bits) : canonical(format, key, value);
}

/** Whether its reader takes another number than is written, or none where one is wanted. */
function isRefused(format: Format, { key, value = '' }: SettingCheck, found: string): boolean {
  const number = numberOf(format, key, found);
  const range = format.ranges?.find(([keys]) => keys.test(key));
  if (range && number !== undefined && number !== Infinity) return number < range[1] || number > range[2];
  return Boolean(format.refusesOddNumbers) && number === undefined && numberOf(format, key, value) !== undefined;
}

function isEqual(format: Format, key: string, wanted: string, found: string): boolean {
  return canonical(format, key, wanted) === canonical(format, key, found);
}

/** One spelling for all that its reader takes for the same. */
export function canonical(format: Format, key: string, value: string): string {
  const text = value.trim().replace(/\s+/g, ' ');
  const number = numberOf(format, key, text);
  if (number !== undefined && !(format.truth && /^[01]$/.test(text))) return `${number}`;
  const [yes, no] = format.truth ?? [];
  // Of shadow every word but `yes` is no, which only matters where `yes` or `no` is meant.
  if (yes?.test(text)) return 'yes';
  if (/^no$/i.test(text) || (format.reader !== 'shadow-utils' && no?.test(text))) return 'no';
  return format.caseless?.includes('values') && !text.startsWith('/') ? text.toLowerCase() : text;
}

function wordsOf(format: Format, value: string): string {
  const words = value.split(/[\s,]+/).filter((word) => word !== '');
  const alike = format.caseless?.includes('values') ? words.map((word) => word.toLowerCase()) : words;
  return [...new Set(alike)].sort().join(' ');
}

const sizes = ['', 'K', 'M', 'G', 'T', 'P', 'E'];
const seconds: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  week: 604_800,
  weeks: 604_800,
  M: 2_629_800,
  month: 2_629_800,
  months: 2_629_800,
  y: 31_557_600,
  year: 31_557_600,
  years: 31_557_600,
};

/** The number that its reader reads; without a limit it is infinite. */
function numberOf(format: Format, key: string, value: string): number | undefined {
  if (format.endless?.some(([keys, values]) => keys.test(key) && values.test(value))) return Infinity;
  if (format.numbers === 'c' && /^[+-]?0[0-7]+$/.test(value)) return Number.parseInt(value, 8);
  if (format.numbers === 'c' && /^0[xX][0-9a-fA-F]+$/.test(value)) return Number(value);
  if (format.numbers === 'c' && /^[+-]?0[0-9]/.test(value)) return undefined;
  if (/^[+-]?[0-9]+$/.test(value)) return Number(value);
  if (format.reader === 'sudo' && /^[0-9]*[.][0-9]+$/.test(value)) return Number(value);
  if (!format.hasUnits) return undefined;
  if (/(Sec|USec)$/.test(key)) return durationOf(value);
  const size = /^([0-9]+(?:\.[0-9]+)?)([KMGTPE])$/.exec(value);
  return size ? Number(size[1]) * 1024 ** sizes.indexOf(size[2] ?? '') : undefined;
}

function durationOf(value: string): number | undefined {
  const parts = [...value.matchAll(/([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*/g)];
  if (!parts.length || parts.map(([part]) => part).join('') !== value) return undefined;
  const lengths = parts.map(([, count, unit]) => Number(count) * (seconds[unit ?? ''] ?? NaN));
  const sum = lengths.reduce((total, length) => total + length, 0);
  return Number.isNaN(sum) ? undefined : sum;
}
