/**
 * Patterns with wildcards, such as hosts have them in their files. Whoever writes a pattern and a text decides how long a regular expression
 * takes for them, and could stop the operator; this takes as many steps as they have characters, multiplied, at most. Pure.
 */

type Step = '*' | ((character: string) => boolean);

/** Whether all of a text fits a pattern in which `*` stands for any characters and `?` for one. */
export function fitsWildcards(pattern: string, text: string): boolean {
  return fits([...pattern].map(wildcardOf), [...text]);
}

/** The same with sets of characters, as `[a-c]` and `[!x]`, and a backslash before what is meant literally: fnmatch(3). */
export function fitsGlob(pattern: string, text: string): boolean {
  return fits(stepsOf(pattern), [...text]);
}

/** Of paths each part by itself: wildcards match no slash, as in glob(7). */
export function fitsPathGlob(pattern: string, path: string): boolean {
  const patterns = pattern.split('/');
  const parts = path.split('/');
  return patterns.length === parts.length && patterns.every((one, at) => fitsGlob(one, parts[at] ?? ''));
}

function fits(steps: readonly Step[], characters: readonly string[]): boolean {
  let step = 0;
  let at = 0;
  // Where to go on, with one more character for the last `*`: those before it need none.
  let again: { step: number; at: number } | undefined;
  while (at < characters.length) {
    const next = steps[step];
    if (next === '*') {
      step += 1;
      again = { step, at };
    } else if (next?.(characters[at] ?? '')) {
      step += 1;
      at += 1;
    } else if (again) {
      again = { step: again.step, at: again.at + 1 };
      ({ step, at } = again);
    } else return false;
  }
  return steps.slice(step).every((rest) => rest === '*');
}

function wildcardOf(character: string): Step {
  if (character === '*') return '*';
  return character === '?' ? () => true : (one) => one === character;
}

function stepsOf(pattern: string): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length;) {
    const [set = '', negation = '', members = ''] =
      /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at, at + longestSet)) ?? [];
    const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    if (set) {
      steps.push((one) => isIn(members, one) === (negation === ''));
      at += set.length;
    } else if (character === '\\' && at + 1 < pattern.length) {
      const literal = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0);
      steps.push((one) => one === literal);
      at += 1 + literal.length;
    } else {
      steps.push(wildcardOf(character));
      at += character.length;
    }
  }
  return steps;
}

const longestSet = 256;

function isIn(members: string, one: string): boolean {
  return [...members.matchAll(/(.)-(.)|(.)/gsu)].some(([, first, last, only]) =>
    only === undefined ? (first ?? '') <= one && one <= (last ?? '') : only === one,
  );
}
