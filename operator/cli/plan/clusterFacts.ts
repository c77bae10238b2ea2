/** What was found of the objects that a ClusterBaseline is about, and what would be done to them, in facts and in lines. Pure. */
import type { ClusterBaseline, ObjectCounts } from '../../api/v1alpha1/clusterBaseline.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { AccountWrite } from '../../runtime/feature.ts';
import type { ItemEvaluation } from '../../drift/clusterBaseline/evaluation.ts';
import { whyUnknown, type ObjectCompliance } from '../../drift/clusterBaseline/objectCompliance.ts';
import { windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { counted, shortened } from '../../lib/text.ts';
import type { Branch } from '../cluster/lines.ts';
import type { Effect } from './effect.ts';

export interface Evaluated {
  readonly baseline: ClusterBaseline;
  readonly evaluations: readonly ItemEvaluation[];
  readonly results: readonly ObjectCompliance[];
  /** Those that differ and are not waived, worst first. */
  readonly failing: readonly ObjectCompliance[];
  readonly counts: ObjectCounts;
  readonly window: MaintenanceWindow | undefined;
  readonly unread: readonly string[];
  readonly now: Date;
  readonly isWide: boolean;
}

interface ObjectFacts {
  readonly check: string;
  readonly object: string;
  readonly differences: readonly string[];
  /** What would be done to it; absent where nothing would, with the reason in `left`. */
  readonly act?: 'create' | 'change' | 'delete';
  readonly left?: string;
}

const mostObjects = 10;
const mostDifferences = 3;
const mostFacts = 500;

export function clusterEffectOf(evaluated: Evaluated): Effect {
  const { baseline, evaluations, results, counts, failing, unread } = evaluated;
  const mode = baseline.spec.mode ?? 'Inform';
  const waits = waitsOf(evaluated);
  const objects = failing.map((one) => factsOf(one, mode));
  const invalid = evaluations.flatMap((one) => one.invalid ?? []);
  const nothing = evaluations.flatMap(({ item, nothing: why }) => (why === undefined ? [] : [`${item.name}: ${why}`]));
  const acts = mode === 'Enforce' && (objects.some(({ act }) => act) || counts.unknown > 0 || unread.length > 0);
  const why = counts.unknown > 0 ? whyUnknown(results) : undefined;
  const facts = {
    mode,
    objects: counts,
    differing: objects.slice(0, mostFacts),
    waits,
    invalid,
    nothing,
    unknown: why,
  };
  return { acts, facts, branches: branchesOf(evaluated, objects, { waits, invalid, nothing, why }) };
}

function factsOf({ evaluation, item, findings }: ObjectCompliance, mode: 'Inform' | 'Enforce'): ObjectFacts {
  const fix = evaluation.is === 'fails' ? evaluation.fix : undefined;
  const differences = findings.map(({ path, expected, found, message }) =>
    [path, `expected ${expected ?? ''}, found ${found ?? ''}`, message].filter(Boolean).join('; '),
  );
  const left = fix === undefined ? 'it is only reported' : fix.obstacle;
  return {
    check: item.name,
    object: evaluation.object ? targetId({ object: evaluation.object }) : '',
    differences,
    ...(mode === 'Enforce' && fix && left === undefined && { act: actOf(fix.write) }),
    ...(mode === 'Enforce' && left !== undefined && { left }),
  };
}

function actOf(write: AccountWrite): 'create' | 'change' | 'delete' {
  if ('delete' in write) return 'delete';
  return 'create' in write ? 'create' : 'change';
}

function waitsOf({ baseline: { spec }, window, now }: Evaluated): string[] {
  if (spec.mode !== 'Enforce') return [];
  if (isSuspended(spec.suspend, now)) return [`the baseline is suspended (${spec.suspend?.reason ?? ''})`];
  const gate = windowGate(spec.windowRef, window, now);
  return gate.open ? [] : [gate.words];
}

interface Notes {
  readonly waits: readonly string[];
  readonly invalid: readonly string[];
  readonly nothing: readonly string[];
  readonly why: string | undefined;
}

function branchesOf(
  { counts, unread, baseline, isWide }: Evaluated,
  objects: readonly ObjectFacts[],
  { waits, invalid, nothing, why }: Notes,
): Branch[] {
  const { total, compliant, drifted, waived, unknown } = counts;
  const states = [
    [compliant, 'comply'],
    [drifted, 'differ'],
    [waived, 'waived'],
    [unknown, 'unknown'],
  ] as const;
  const said = states.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : []));
  const shown = objects.slice(0, isWide ? mostFacts : mostObjects);
  const hidden = objects.length - shown.length;
  const { namespace, name } = baseline.spec.serviceAccountRef;
  const account = `tried with your rights; it acts with those of ServiceAccount ${namespace}/${name}`;
  return [
    ...unread.map((text) => ({ text: `unknown: ${text}` })),
    ...invalid.map((text) => ({ text: `invalid: ${text}` })),
    { text: `${counted(total, 'object')}${said.length > 0 ? `: ${said.join(', ')}` : ''}` },
    ...(why ? [{ text: `unknown: ${shortened(why, 500)}` }] : []),
    ...nothing.map((text) => ({ text })),
    ...shown.map((one) => objectBranch(one, isWide)),
    ...(hidden > 0 ? [{ text: `and ${counted(hidden, 'more object')}; -o wide shows them` }] : []),
    ...waits.map((text) => ({ text: `correction ${text}` })),
    baseline.spec.mode === 'Enforce'
      ? { text: `correction: ${account}` }
      : { text: 'correction: none, mode Inform only reports' },
  ];
}

function objectBranch({ check, object, differences, act, left }: ObjectFacts, isWide: boolean): Branch {
  const shown = differences.slice(0, isWide ? differences.length : mostDifferences);
  const hidden = differences.length - shown.length;
  const would = act === undefined ? '' : `, would be ${act === 'change' ? 'changed' : `${act}d`}`;
  return {
    text: `${object} (${check})${would}${left === undefined ? '' : `, left as it is: ${shortened(left, 300)}`}`,
    more: [...shown.map((text) => shortened(text, 300)), ...(hidden > 0 ? [`and ${hidden} more`] : [])],
  };
}
