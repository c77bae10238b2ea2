/** Queries of others as selectors: only what is certain to count the same is translated. Pure. */
import type { Indicator } from '../../../api/v1alpha1/serviceLevelObjective.ts';
import { isManyBuckets, selectorIn, selectorText, type SeriesSelector } from '../../../lib/seriesSelector.ts';

const range = String.raw`\[\s*(\{\{\s*\.?window\s*\}\}|\$\{?\w+\}?|[0-9]+[smhdw])\s*\]`;
const summed = new RegExp(String.raw`^sum\s*\(\s*(?:(rate|increase)\s*\((.*)${range}\s*\)|(.*))\s*\)$`, 's');

/** A sum over the series of a selector. */
export interface Sum {
  readonly selector: SeriesSelector;
  /** How their values become numbers of events, such as `rate[5m]`; empty where they are taken as they are. */
  readonly over: string;
}

/** The sum that a query is, or undefined. */
export function sumIn(query: string): Sum | undefined {
  const text = unwrapped(query);
  const [, by = '', ranged, window = '', plain] = summed.exec(text) ?? [];
  const selector = plainSelector(ranged ?? plain ?? text);
  return selector && { selector, over: by && `${by}[${window.replaceAll(/\s/g, '')}]` };
}

/** Parts of which each is a sum, all made in the same way: otherwise their ratio is not one of numbers of events. */
function alike(sums: readonly (Sum | undefined)[]): readonly SeriesSelector[] | undefined {
  const [first] = sums;
  return first && sums.every((sum) => sum?.over === first.over) ? sums.map((sum) => sum!.selector) : undefined;
}

/** A selector as others write it: over several lines, or in single quotation marks. */
export function plainSelector(text: string): SeriesSelector | undefined {
  const simple = text
    .trim()
    .replaceAll(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, ' ')
    .replaceAll(/'([^'"\\]*)'/g, '"$1"');
  const selector = selectorIn(simple.replace(/ +\{/, '{'));
  return typeof selector === 'string' ? undefined : selector;
}

/** `a OP b` where that is all there is, outside of parentheses and strings. */
function sides(query: string, operator: '-' | '/'): readonly [string, string] | undefined {
  const text = unwrapped(query);
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    if (quote) {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = '';
    } else if ('"\'`'.includes(letter)) quote = letter;
    else if ('({['.includes(letter)) depth += 1;
    else if (')}]'.includes(letter)) depth -= 1;
    else if (letter === operator && depth === 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  }
  return undefined;
}

/** Without parentheses around all of it. */
function unwrapped(query: string): string {
  let text = query.trim();
  while (text.startsWith('(') && closes(text) === text.length - 1) text = text.slice(1, -1).trim();
  return text;
}

function closes(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')' && (depth -= 1) === 0) return at;
  }
  return -1;
}

const untranslatable =
  'its queries are not sums of the rate of one selector each, over the same time; write `errors` or `good`, and `total`, as selectors by hand';
const notCounters =
  'its queries take values as they are, without `rate` or `increase`, so they may be gauges; take their `rate`, or, in OpenSLO, say `counter: true`, if they are counters';

/** Errors and total, as queries. A latency is often the difference of a count and a bucket. */
export function indicatorOf(errors: string, total: string): Indicator | string {
  const all = sumIn(total.replace(/\s*>\s*0\s*$/, ''));
  const bad = sumIn(errors);
  if (bad) return indicatorOfSums('errors', bad, all);
  const [first = '', second = ''] = sides(errors, '-') ?? [];
  const [whole, good] = [sumIn(first), sumIn(second)];
  if (!whole || !all || whole.over !== all.over || selectorText(whole.selector) !== selectorText(all.selector))
    return untranslatable;
  return indicatorOfSums('good', good, all);
}

/** Of the ratio of errors to all, or of 1 minus that of the good ones. */
export function indicatorOfRatio(query: string): Indicator | string {
  const [one, rest] = sides(query, '-') ?? [];
  const isComplement = one === '1' && rest !== undefined;
  const [above = '', below = ''] = sides(isComplement ? rest : query, '/') ?? [];
  return indicatorOfSums(isComplement ? 'good' : 'errors', sumIn(above), sumIn(below));
}

/** `isCounted`: whether both are said to be counters, so that they may be without `rate`. */
export function indicatorOfSums(
  part: 'good' | 'errors',
  some: Sum | undefined,
  all: Sum | undefined,
  { isCounted = false } = {},
): Indicator | string {
  const [selected, total] = alike([some, all]) ?? [];
  if (!selected || !total) return untranslatable;
  return isCounted || some?.over ? indicatorWith(part, selected, total) : notCounters;
}

/** A bucket of a histogram, and its count, are a latency. */
export function indicatorWith(
  part: 'good' | 'errors',
  some: SeriesSelector,
  total: SeriesSelector,
): Indicator | string {
  if ([some, total].some(isManyBuckets))
    return 'it counts buckets of a histogram without one bound; select by one `le`, or write `latency` by hand';
  const latency = part === 'good' ? latencyOf(some, total) : undefined;
  return latency ?? { ratio: { [part]: selectorText(some), total: selectorText(total) } };
}

function latencyOf(good: SeriesSelector, total: SeriesSelector): Indicator | undefined {
  const le = good.matchers.find(({ label }) => label === 'le')?.value ?? '';
  const base = /^(.*)_bucket$/.exec(good.metric)?.[1];
  if (base === undefined || !/^[0-9]{1,6}(\.[0-9]{1,9})?$/.test(le) || Number(le) === 0) return undefined;
  const rest = { metric: base, matchers: good.matchers.filter(({ label }) => label !== 'le') };
  const isOfSame = selectorText({ ...rest, metric: `${base}_count` }) === selectorText(total);
  return isOfSame ? { latency: { histogram: selectorText(rest), thresholdSeconds: le } } : undefined;
}
