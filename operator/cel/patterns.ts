/** Regular expressions in RE2's language, whose time is linear in the text. Pure: what it keeps of patterns only saves time. */
import { RE2JS } from 're2js';
import type { Functions, Spend } from './overload.ts';
import { CelError, type Value } from './value.ts';

const longestPattern = 1000;
/** Instructions that a pattern may become; `x{1000}` is 1000 of them. */
const largestProgram = 4000;
const mostPatterns = 256;
const known = new Map<string, RE2JS>();
/** What each evaluation has paid for: the same, whatever others have left in `known`. */
const paid = new WeakMap<Spend, Set<string>>();

export const patterns: Functions = {
  '.matches': [{ takes: ['string', 'string'], gives: 'bool', run: isFound }],
  matches: [{ takes: ['string', 'string'], gives: 'bool', run: isFound }],
  '.find': [
    {
      takes: ['string', 'string'],
      gives: 'string',
      run(spend, text: string, pattern: string) {
        const matcher = matcherOf(spend, text, pattern);
        return matcher.find() ? (matcher.group() ?? '') : '';
      },
    },
  ],
  '.findAll': [
    {
      takes: ['string', 'string'],
      gives: 'list(string)',
      run: (spend, text: string, pattern: string) => findAll(spend, text, pattern, Infinity),
    },
    {
      takes: ['string', 'string', 'int'],
      gives: 'list(string)',
      run: (spend, text: string, pattern: string, most: bigint) =>
        findAll(spend, text, pattern, most < 0n ? Infinity : Number(most)),
    },
  ],
};

/** Functions whose last argument is a pattern. */
export const takePatterns: ReadonlySet<string> = new Set(Object.keys(patterns));

/** What cannot be read is told with its place. */
export function compiled(pattern: string): RE2JS {
  const before = known.get(pattern);
  if (before) return before;
  if (pattern.length > longestPattern) throw new CelError(`a pattern may have at most ${longestPattern} characters`);
  const made = read(pattern);
  if (made.programSize() > largestProgram)
    throw new CelError(`the pattern ${JSON.stringify(pattern.slice(0, 60))} is too large; reduce its repetitions`);
  if (known.size >= mostPatterns) known.clear();
  known.set(pattern, made);
  return made;
}

/** Of each pattern, an evaluation pays once that it is compiled. */
function bought(spend: Spend, pattern: string): RE2JS {
  const mine = paid.get(spend) ?? new Set<string>();
  if (mine.has(pattern)) return compiled(pattern);
  paid.set(spend, mine.add(pattern));
  spend(200 + 40 * Math.min(pattern.length, longestPattern));
  const made = compiled(pattern);
  spend(10 * made.programSize());
  return made;
}

function read(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new CelError(`${JSON.stringify(pattern)} is not a valid RE2 regular expression: ${(error as Error).message}`);
  }
}

function matcherOf(spend: Spend, text: string, pattern: string) {
  const expression = bought(spend, pattern);
  spend(1 + searchCost(expression, text.length));
  return expression.matcher(text);
}

/** The time of RE2 is the text times the program; a step of ours takes as long as five of its. */
function searchCost(expression: RE2JS, length: number): number {
  return (length * (1 + expression.programSize())) / 5;
}

function isFound(spend: Spend, text: string, pattern: string): boolean {
  return matcherOf(spend, text, pattern).find();
}

/** Each search may read on to the end of the text, whatever it finds. As in Go, no empty match follows a match at once. */
function findAll(spend: Spend, text: string, pattern: string, most: number): Value {
  const found: string[] = [];
  const expression = bought(spend, pattern);
  const matcher = expression.matcher(text);
  for (let before = -1; found.length < most;) {
    spend(1 + searchCost(expression, text.length - Math.max(before, 0)));
    if (!matcher.find()) break;
    const isEmptyAfterAnother = matcher.start() === matcher.end() && matcher.end() === before;
    if (!isEmptyAfterAnother) found.push(matcher.group() ?? '');
    before = matcher.end();
  }
  return found;
}
