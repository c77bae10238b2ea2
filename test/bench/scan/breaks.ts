/** Which checks are broken on which hosts, and how: the same in every run. */
import { seeded } from '../../builders/seeded.ts';
import { type Prepared, prepared } from './checks.ts';

export interface Break {
  readonly host: string;
  readonly check: string;
  readonly how: string;
}

const share = 0.12;

export function chooseBreaks(hosts: readonly string[], seed: number): Break[] {
  const random = seeded(seed);
  return hosts.flatMap((host) =>
    prepared.flatMap(({ check, wrong }) =>
      random() < share ? [{ host, check: check.name, how: oneOf(wrong, random) }] : [],
    ),
  );
}

function oneOf(ways: Prepared['wrong'], random: () => number): string {
  return ways[Math.floor(random() * ways.length)] ?? ways[0];
}
