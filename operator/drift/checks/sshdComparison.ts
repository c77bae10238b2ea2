/** Whether an option of sshd is as declared: at the next start, in the daemons that run, and under every Match. Pure. */
import type { SshdCheck } from '../../api/v1alpha1/systemChecks.ts';
import type { Difference } from './checkType.ts';
import { differs } from './comparison.ts';
import { changedSince, occurrences, type SshdFound } from './sshdConfig.ts';
import { addsUp, canonical, fits, isEndless, membersOf, namesOf } from './sshdWords.ts';
import { visible } from './shown.ts';

/** A difference, `undefined`, or why nothing is known. */
export type Compared = Difference | undefined | string;

export function compareWays(declared: SshdCheck, found: SshdFound): Compared[] {
  const [next, ...live] = found.ways;
  if (!next) return ['the host did not report how sshd is started'];
  if (!next.values && !addsUp(declared.option))
    return [`\`sshd -T\` does not list ${declared.option}: this release of sshd does not have that option`];
  const persisted = compareValues(declared, 'value', next.values ?? [], next.ports);
  return [
    persisted,
    ...live.map((way): Compared => {
      if (way.arguments.join() !== next.arguments.join()) {
        const compared = compareValues(declared, 'live', way.values ?? [], way.ports);
        return typeof compared === 'object'
          ? {
              ...compared,
              message: `sshd runs with different arguments than its unit passes now: run \`systemctl restart ${way.unit}\``,
            }
          : compared;
      }
      if (persisted !== undefined) return undefined;
      return staleness(found, way) && differs('live', expectedOf(declared), staleness(found, way) ?? '');
    }),
  ];
}

/** How a daemon differs from its files in a way that a reload mends; `undefined` when it has read them. */
export function staleness(found: SshdFound, way: SshdFound['ways'][number]): string | undefined {
  if (way.isReplaced) return 'that of an older release: sshd was updated after it started';
  if (!way.readTime) return undefined;
  const path = changedSince(found, way.readTime);
  return path && `as it was before ${path} changed: sshd has not read it since then`;
}

export function compareMatches(declared: SshdCheck, found: SshdFound): Compared[] {
  const under = new Map<string, string[]>();
  for (const { under: match, value } of occurrences(found, namesOf(declared.option))) {
    if (match === undefined) continue;
    const values = under.get(match) ?? [];
    if (!values.length || addsUp(declared.option)) under.set(match, [...values, value]);
  }
  if (under.size && found.isSupposed)
    return ['this release of sshd does not show the value outside of Match blocks, and one of them sets the option'];
  return [...under].map(([match, values]): Compared => {
    if (values.some((value) => /^[-+^]/.test(value)))
      return `how ${match} changes the default is unknown: check it manually`;
    const compared = compareValues(declared, 'value', values, ['22']);
    return typeof compared === 'object'
      ? { ...compared, actual: `${compared.actual} under ${visible(match)}` }
      : compared;
  });
}

export function compareValues(
  declared: SshdCheck,
  path: string,
  values: readonly string[],
  ports: readonly string[],
): Compared {
  const { option, value, excludes, atLeast, atMost } = declared;
  const actual = values.length ? visible(values.join(' ')) : 'not set';
  if (value !== undefined) {
    const isSame = canonical(option, [value], ports) === canonical(option, values, ports);
    return isSame ? undefined : differs(path, value, actual);
  }
  if (excludes !== undefined) {
    const bad = membersOf(values).filter((one) => excludes.some((pattern) => fits(pattern, one)));
    return bad.length ? differs(path, expectedOf(declared), visible(bad.join(','))) : undefined;
  }
  const number = canonical(option, values);
  if (!/^[0-9]+$/.test(number)) return `${option} is ${actual}, which is not a number: declare its \`value\``;
  if (Number(number) >= (atLeast ?? 0) && Number(number) <= (atMost ?? Infinity)) {
    if (atMost === undefined || !isEndless(option, Number(number))) return undefined;
    return differs(path, expectedOf(declared), `${actual}, which means no limit`);
  }
  return differs(path, expectedOf(declared), actual);
}

function expectedOf({ value, excludes, atLeast, atMost }: SshdCheck): string {
  if (value !== undefined) return value;
  if (excludes !== undefined) return `without ${excludes.join(',')}`;
  return [atLeast === undefined ? '' : `at least ${atLeast}`, atMost === undefined ? '' : `at most ${atMost}`]
    .filter(Boolean)
    .join(' and ');
}

export function isStale(found: SshdFound): boolean {
  return found.ways.some((way) => way.is === 'live' && staleness(found, way) !== undefined);
}
