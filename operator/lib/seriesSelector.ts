/**
 * Selectors of time series, strictly: a metric name and matchers. What is written into a query is written again from what was read, so that no
 * text of a user is ever part of a query as it is. Pure.
 */
import { RE2JS } from 're2js';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly label: string;
  readonly op: MatchOperator;
  readonly value: string;
}

export interface SeriesSelector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

const form = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{ *(.*?) *\})?$/s;
const matcher = /([a-zA-Z_][a-zA-Z0-9_]*) *(=~|!~|!=|=) *"((?:[^"\\\u0000-\u001f\u007f]|\\["\\nt])*)" *(,? *)/y;
const longest = 512;
const mostMatchers = 32;
const operators: readonly string[] = ['=', '!=', '=~', '!~'];

/** The selector, or a sentence with what is wrong with it. */
export function selectorIn(text: string): SeriesSelector | string {
  const [, metric, inside = ''] = (text.length <= longest && form.exec(text)) || [];
  if (metric === undefined)
    return `${quoted(text)} is not one selector, such as \`http_requests_total{job="web"}\`; write it without functions, ranges and operators`;
  const matchers: Matcher[] = [];
  matcher.lastIndex = 0;
  while (matcher.lastIndex < inside.length) {
    const at = matcher.lastIndex;
    const [all, label = '', op = '', value = '', comma = ''] = matcher.exec(inside) ?? [];
    if (all === undefined || !isOperator(op))
      return `${quoted(text)} has no matcher such as \`job="web"\` at ${quoted(inside.slice(at))}; fix it`;
    if (comma === '' && matcher.lastIndex < inside.length)
      return `${quoted(text)} lacks a comma between matchers; add it`;
    const one = { label, op, value: unescaped(value) };
    const problem = problemOf(one);
    if (problem) return `${quoted(text)}: ${problem}`;
    matchers.push(one);
  }
  if (matchers.length > mostMatchers) return `${quoted(text)} has more than ${mostMatchers} matchers; remove some`;
  return { metric, matchers };
}

function isOperator(op: string): op is MatchOperator {
  return operators.includes(op);
}

function problemOf({ label, op, value }: Matcher): string | undefined {
  if (label === '__name__') return 'the name of the metric is before the braces; remove `__name__`';
  if (op !== '=~' && op !== '!~') return undefined;
  try {
    RE2JS.compile(value);
    return undefined;
  } catch {
    return `${quoted(value)} is not a regular expression of RE2; fix it`;
  }
}

/** As PromQL writes it. */
export function selectorText({ metric, matchers }: SeriesSelector): string {
  const inside = matchers.map(({ label, op, value }) => `${label}${op}${quotedForPrometheus(value)}`);
  return inside.length ? `${metric}{${inside.join(',')}}` : metric;
}

/** With more matchers, which all must match too. */
export function narrowed(selector: SeriesSelector, ...more: readonly Matcher[]): SeriesSelector {
  return { ...selector, matchers: [...selector.matchers, ...more] };
}

/** Of the same metric, with another end of its name. */
export function withSuffix({ metric, matchers }: SeriesSelector, suffix: string): SeriesSelector {
  return { metric: metric + suffix, matchers };
}

/** Whether it counts events as often as they are in a bucket of a histogram: each bucket has the events of all smaller ones too. */
export function isManyBuckets({ metric, matchers }: SeriesSelector): boolean {
  const bounds = matchers.filter(({ label }) => label === 'le');
  return metric.endsWith('_bucket') && !(bounds.length === 1 && bounds[0]?.op === '=');
}

/** The matchers that make `part` a part of `whole`; undefined if it is not one by what is written. */
export function narrowing(part: SeriesSelector, whole: SeriesSelector): readonly Matcher[] | undefined {
  if (part.metric !== whole.metric) return undefined;
  const has = ({ matchers }: SeriesSelector, one: Matcher): boolean =>
    matchers.some(({ label, op, value }) => label === one.label && op === one.op && value === one.value);
  if (!whole.matchers.every((one) => has(part, one))) return undefined;
  return part.matchers.filter((one) => !has(whole, one));
}

/** Whether a series without the label matches. */
export function matchesAbsence({ op, value }: Matcher): boolean {
  if (op === '=') return value === '';
  if (op === '!=') return value !== '';
  const isEmptyMatched = RE2JS.compile(value).matches('');
  return op === '=~' ? isEmptyMatched : !isEmptyMatched;
}

/** As PromQL reads a string. */
export function quotedForPrometheus(value: string): string {
  const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t' };
  return `"${value.replaceAll(/[\\"\n\t]/g, (found) => escapes[found] ?? found)}"`;
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(["\\nt])/g, (_, letter: string) =>
    letter === 'n' ? '\n' : letter === 't' ? '\t' : letter,
  );
}

function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return `\`${shown.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')}\``;
}
