/** A plan for people: each object that would differ, what differs of it, and what Holdfast would do about it. Pure. */
import { counted } from '../../lib/text.ts';
import { treeText, type Branch } from '../cluster/lines.ts';
import type { Difference } from './difference.ts';
import type { Effect } from './effect.ts';

export type Verdict = 'created' | 'changed' | 'same' | 'refused' | 'unknown';

/** An object of the files, and what would become of it. */
export interface PlannedObject {
  readonly file: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly is: Verdict;
  /** Why it is refused, or not known. */
  readonly message?: string;
  readonly differences: readonly Difference[];
  readonly notes: readonly string[];
  readonly effect?: Effect;
}

export interface Plan {
  readonly objects: readonly PlannedObject[];
  readonly problems: readonly string[];
}

const mostDifferences = 12;

const titles: Readonly<Record<Verdict, string>> = {
  created: 'would be created',
  changed: 'would be changed',
  same: 'unchanged',
  refused: 'would be refused',
  unknown: 'not known',
};

export function planText({ objects, problems }: Plan, isWide: boolean): string {
  const shown = objects.filter((one) => isWide || one.is !== 'same' || one.effect?.acts);
  const blocks = shown.map((one) => treeText(branchOf(one, isWide)));
  const wrong = problems.map((problem) => `error: ${problem}\n`);
  return [...blocks, ...(wrong.length > 0 ? [wrong.join('')] : []), `${summary(objects)}\n`].join('\n');
}

function branchOf(
  { kind, namespace, name, is, message, differences, notes, effect }: PlannedObject,
  isWide: boolean,
): Branch {
  const title = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}: ${titles[is]}`;
  const shown = differences.slice(0, isWide ? differences.length : mostDifferences);
  const hidden = differences.length - shown.length;
  return {
    text: message === undefined ? title : `${title}: ${message}`,
    branches: [
      ...shown.map((one) => ({ text: differenceText(one) })),
      ...(hidden > 0 ? [{ text: `and ${counted(hidden, 'more difference')}; -o wide shows them` }] : []),
      ...notes.map((text) => ({ text })),
      ...(effect?.branches ?? []),
    ],
  };
}

function differenceText({ path, is, before, after }: Difference): string {
  if (is === 'moved') return `~ ${path}: in another order`;
  if (is === 'added') return `+ ${path}${after === undefined ? '' : `: ${after}`}`;
  if (is === 'removed') return `- ${path}${before === undefined ? '' : `: ${before}`}`;
  return `~ ${path}${before === undefined || after === undefined ? '' : `: ${before} → ${after}`}`;
}

function summary(objects: readonly PlannedObject[]): string {
  const words = [
    ['created', 'to create'],
    ['changed', 'to change'],
    ['same', 'unchanged'],
    ['refused', 'refused'],
    ['unknown', 'unknown'],
  ] as const;
  const counts = words.flatMap(([is, word]) => {
    const count = objects.filter((one) => one.is === is).length;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  const acts = objects.filter(({ effect }) => effect?.acts).length;
  const more = acts > 0 ? `; Holdfast would act, or it is not known whether, for ${acts} of them` : '';
  return `Plan: ${counts.join(', ') || 'nothing to apply'}${more}.`;
}
