/** What every section begins with. Pure. */
import { schemaUri } from './schema.ts';
import type { Missing, SectionInput, SectionName } from './section.ts';

export function heading(
  section: SectionName,
  { cluster, namespace, period, now }: SectionInput,
  missing: Iterable<Missing>,
): Readonly<Record<string, unknown>> {
  return {
    $schema: schemaUri(section),
    section,
    cluster: { id: cluster.id },
    namespace,
    period: { start: period.start.toISOString(), end: period.end.toISOString() },
    time: now.toISOString(),
    missing,
  };
}

/** In the order of UTF-16 code units, which is the same everywhere. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
