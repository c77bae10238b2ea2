/** How much a finding matters. Pure. */
import type { Severity } from '../api/v1alpha1/shared.ts';

/** Worst first. */
export const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];

/** What a source asks for, by name. */
export function severitiesOf(items: readonly { name: string; severity?: Severity }[]): ReadonlyMap<string, Severity> {
  return new Map(items.map(({ name, severity }) => [name, severity ?? 'Medium']));
}

export function worstOf(of: readonly Severity[]): Severity | undefined {
  return severities.find((severity) => of.includes(severity));
}

/** The controls that its items support, by name; an item that supports none has an empty list. */
export function controlsOf(
  items: readonly { name: string; controls?: readonly string[] }[],
): ReadonlyMap<string, readonly string[]> {
  return new Map(items.map(({ name, controls }) => [name, controls ?? []]));
}

/** Of several such, each name with the worst that it has in one of them. */
export function worstByName(several: readonly ReadonlyMap<string, Severity>[]): ReadonlyMap<string, Severity> {
  const byName = Map.groupBy(
    several.flatMap((one) => [...one]),
    ([name]) => name,
  );
  return new Map(
    [...byName].map(([name, all]) => [name, worstOf(all.map(([, severity]) => severity)) ?? 'Critical'] as const),
  );
}
