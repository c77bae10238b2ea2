/** Queries of others as selectors: only what is certain to count the same is translated. Pure. */
import type { Indicator } from '../../../api/v1alpha1/serviceLevelObjective.ts';
import { selectorIn, selectorText, type SeriesSelector } from '../../../lib/seriesSelector.ts';

const range = String.raw`\[\s*(?:\{\{\s*\.?window\s*\}\}|\$\{?\w+\}?|[0-9]+[smhdw])\s*\]`;
const summed = new RegExp(String.raw`^sum\s*\(\s*(?:(?:rate|increase)\s*\((.*)${range}\s*\)|(.*))\s*\)$`, 's');

/** The selector whose increase the query sums, or undefined. */
export function summedSelector(query: string): SeriesSelector | undefined {
  const text = unwrapped(query);
  const [, ranged, plain] = summed.exec(text) ?? [];
  return plainSelector(ranged ?? plain ?? text);
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
  'its queries are not sums of the rate of one selector each; write `errors` or `good`, and `total`, as selectors by hand';

/** Errors and total, as queries. A latency is often the difference of a count and a bucket. */
export function indicatorOf(errors: string, total: string): Indicator | string {
  const all = summedSelector(total.replace(/\s*>\s*0\s*$/, ''));
  if (!all) return untranslatable;
  const bad = summedSelector(errors);
  if (bad) return { ratio: { errors: selectorText(bad), total: selectorText(all) } };
  const [first, second] = sides(errors, '-') ?? [];
  const whole = first === undefined ? undefined : summedSelector(first);
  const good = second === undefined ? undefined : summedSelector(second);
  if (!whole || !good || selectorText(whole) !== selectorText(all)) return untranslatable;
  return goodIndicator(good, all);
}

/** Of the ratio of errors to all, or of 1 minus that of the good ones. */
export function indicatorOfRatio(query: string): Indicator | string {
  const [one, rest] = sides(query, '-') ?? [];
  const isComplement = one === '1' && rest !== undefined;
  const [above, below] = sides(isComplement ? rest : query, '/') ?? [];
  const part = above === undefined ? undefined : summedSelector(above);
  const all = below === undefined ? undefined : summedSelector(below);
  if (!part || !all) return untranslatable;
  return isComplement ? goodIndicator(part, all) : { ratio: { errors: selectorText(part), total: selectorText(all) } };
}

/** A bucket of a histogram, and its count, are a latency. */
export function goodIndicator(good: SeriesSelector, total: SeriesSelector): Indicator | string {
  const le = good.matchers.find(({ label, op }) => label === 'le' && op === '=')?.value ?? '';
  const rest = { metric: good.metric, matchers: good.matchers.filter(({ label }) => label !== 'le') };
  const base = /^(.*)_bucket$/.exec(good.metric)?.[1];
  // All buckets together are many times the events.
  if (base !== undefined && le === '')
    return 'it counts buckets of a histogram without one bound; select by one `le`, or write `latency` by hand';
  const count = base !== undefined && selectorText({ ...rest, metric: `${base}_count` });
  const isCounted = count === selectorText(total) && /^[0-9]{1,6}(\.[0-9]{1,9})?$/.test(le) && Number(le) > 0;
  return isCounted && base !== undefined
    ? { latency: { histogram: selectorText({ ...rest, metric: base }), thresholdSeconds: le } }
    : { ratio: { good: selectorText(good), total: selectorText(total) } };
}
