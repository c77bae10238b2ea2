/** The body of an answer of the API of Prometheus, read strictly: what it may mean in two ways means nothing. Pure. */
import type { NoAnswer, Series } from './types.ts';

export type Body =
  | { readonly is: 'success'; readonly data: Fields; readonly warnings: readonly string[] }
  | { readonly is: 'error'; readonly type: string; readonly text: string }
  | { readonly is: 'malformed'; readonly why: string };

export type Fields = Readonly<Record<string, unknown>>;

/** Levels of brackets in an answer of Prometheus, and some more for what later versions add. */
const DEEPEST = 12;

export function bodyIn(bytes: Buffer): Body {
  const text = textIn(bytes);
  if (text === undefined) return malformed('it is not UTF-8');
  if (/^\s*</.test(text)) return malformed('it is a page of HTML, such as that of a login or of another path');
  const value = jsonIn(text);
  if (!isMap(value)) return malformed('it is not a JSON object in full');
  const { keys, depth } = written(text);
  if (depth > DEEPEST) return malformed('it is nested too deeply');
  // Of two keys of one name, the last one wins here and another one elsewhere.
  if (keys !== keyCount(value)) return malformed('it has a key twice');
  const { status, data, errorType, error } = value;
  if (status === 'error' && typeof errorType === 'string')
    return { is: 'error', type: errorType, text: typeof error === 'string' ? error : '' };
  if (status !== 'success' || !isMap(data)) return malformed('it is not an answer of the API of Prometheus');
  const [warnings, infos] = [value['warnings'] ?? [], value['infos'] ?? []];
  if (!isTexts(warnings) || !isTexts(infos)) return malformed('its warnings are not strings');
  const isWarning = (one: string): boolean => !one.startsWith(info) || leftOut.test(one);
  return {
    is: 'success',
    data,
    warnings: [...warnings, ...infos.filter((one) => leftOut.test(one))].filter(isWarning),
  };
}

/** What only informs; before Prometheus 2.54, and in Thanos, it is among the warnings. */
const info = 'PromQL info:';
/** What informs of samples that count for nothing in the result, as `max()` of native histograms: their series are missing from it. */
const leftOut = /^PromQL info: (ignored histogram|incompatible sample types|input to histogram_fraction)/;

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function malformed(why: string): Body {
  return { is: 'malformed', why };
}

function textIn(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How many keys a text has, which is JSON, and how deeply it is nested. */
function written(text: string): { readonly keys: number; readonly depth: number } {
  let [keys, level, depth] = [0, 0, 0];
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isInString && character === '\\') at += 1;
    else if (character === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (character === ':') keys += 1;
    else if (character === '[' || character === '{') depth = Math.max(depth, (level += 1));
    else if (character === ']' || character === '}') level -= 1;
  }
  return { keys, depth };
}

function keyCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members: readonly unknown[] = Object.values(value);
  return members.reduce((sum: number, member) => sum + keyCount(member), Array.isArray(value) ? 0 : members.length);
}

export function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number as Prometheus writes it; `undefined` for any other text, and for one that no double is. */
export function numberIn(text: unknown): number | undefined {
  if (text === 'NaN') return NaN;
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (typeof text !== 'string' || !/^-?[0-9]{1,310}(\.[0-9]{1,400})?(e[-+]?[0-9]{1,3})?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

export type Result =
  | { readonly is: 'series'; readonly series: readonly Series[] }
  | {
      readonly is: 'unusable';
      readonly reason: Extract<NoAnswer['reason'], 'BadQuery' | 'Malformed'>;
      readonly why: string;
    };

const unusable = (reason: 'BadQuery' | 'Malformed', why: string): Result => ({ is: 'unusable', reason, why });

/** The series of an instant query about `time`, in seconds. */
export function resultIn({ resultType, result }: Fields, time: number): Result {
  if (resultType === 'matrix')
    return unusable(
      'BadQuery',
      'the query results in a range of values; use a function such as rate() or max_over_time()',
    );
  if (resultType === 'string')
    return unusable('BadQuery', 'the query results in a string; write an expression of a number');
  if (!Array.isArray(result) || (resultType !== 'vector' && resultType !== 'scalar'))
    return unusable('Malformed', 'its result is of no type that is known');
  const samples: readonly unknown[] = resultType === 'scalar' ? [{ metric: {}, value: result as unknown }] : result;
  const series: Series[] = [];
  const seen = new Set<string>();
  for (const sample of samples) {
    if (!isMap(sample)) return unusable('Malformed', 'a series of it is not an object');
    if ('histogram' in sample)
      return unusable(
        'BadQuery',
        'the query results in native histograms; use a function such as histogram_quantile()',
      );
    const labels = labelsIn(sample['metric']);
    const value = valueIn(sample['value'], time);
    if (!labels || value === undefined)
      return unusable('Malformed', 'a series of it has no labels, or no number at the time of the query');
    const id = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (seen.has(id)) return unusable('Malformed', 'it has a series twice');
    seen.add(id);
    series.push({ labels, value });
  }
  return { is: 'series', series };
}

function labelsIn(value: unknown): Series['labels'] | undefined {
  if (!isMap(value) || !Object.values(value).every((one) => typeof one === 'string')) return undefined;
  return value as Series['labels'];
}

function valueIn(pair: unknown, time: number): number | undefined {
  if (!Array.isArray(pair) || pair.length !== 2) return undefined;
  const [at, text] = pair as readonly unknown[];
  return typeof at === 'number' && Math.abs(at - time) <= 1 ? numberIn(text) : undefined;
}
