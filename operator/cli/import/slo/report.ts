/** What became of each objective of the input: nothing is dropped without a row or a note here. Pure. */
import type { ServiceLevelObjectiveSpec } from '../../../api/v1alpha1/serviceLevelObjective.ts';
import { counted } from '../../../lib/text.ts';
import { printable, table } from '../../table.ts';
import { saidMembers, type Json } from '../ocm/json.ts';

/** An objective as it was read; `spec` is a sentence where there is no translation. */
export interface Translated {
  readonly item: string;
  readonly name: string;
  readonly spec: ServiceLevelObjectiveSpec | string;
  readonly notes: readonly string[];
}

/** Members that nothing is known of, and those that have no counterpart, each with its path. */
export function notesOn(
  object: Json | undefined,
  path: string,
  { used, without = {} }: { readonly used: readonly string[]; readonly without?: Readonly<Record<string, string>> },
): string[] {
  return Object.keys(saidMembers(object ?? {})).flatMap((key) => {
    if (used.includes(key)) return [];
    const where = path ? `${path}.${key}` : key;
    return [Object.hasOwn(without, key) ? `${where}: ${without[key]}; left out` : `${where} is not known; left out`];
  });
}

export function reportOf(all: readonly Translated[], ignored: readonly string[]): string {
  const rows = all.map(({ item, spec, notes }) => {
    const result = typeof spec === 'string' ? 'Not translated' : notes.length ? 'Translated with notes' : 'Translated';
    return [item, result, [...(typeof spec === 'string' ? [spec] : []), ...notes].map(printable)];
  });
  const refused = all.filter(({ spec }) => typeof spec === 'string').length;
  const made = all.length - refused;
  const lines = [
    `${counted(made, 'ServiceLevelObjective')} from ${counted(all.length, 'objective')}; ${refused} not translated.`,
    ...(ignored.length ? [`Ignored, because they are not objectives: ${ignored.map(printable).join(', ')}.`] : []),
  ];
  return `${all.length ? `${table(['OBJECTIVE', 'RESULT', 'WHY'], rows)}\n` : ''}${lines.join('\n')}\n`;
}
