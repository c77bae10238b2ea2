/**
 * What a template lost on its way. `kubectl apply` without `--server-side`, and what applies as it does, remove what is null before the
 * apiserver sees it (kubernetes/kubernetes#129456), so that a template no longer says that something must not be there. What was written is
 * in the annotation that they keep. It only raises doubts: whoever writes one says nothing else with it. Pure.
 */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import { canonicalJson } from '../../lib/digest.ts';
import { parseJson } from '../../lib/json.ts';
import { listed } from '../../lib/text.ts';
import { keptByKubectl } from '../objects/known.ts';

type Members = Readonly<Record<string, unknown>>;

/** The baseline as the cache keeps it: with what was applied, if something in it is null. */
export function withAppliedNulls(baseline: ClusterBaseline, applied: string | undefined): ClusterBaseline {
  if (!applied?.includes('null')) return baseline;
  const { metadata } = baseline;
  return { ...baseline, metadata: { ...metadata, annotations: { ...metadata.annotations, [keptByKubectl]: applied } } };
}

const known = new WeakMap<ClusterBaseline, ReadonlyMap<string, unknown>>();

/** A sentence, or `undefined` where nothing was lost. */
export function lostNulls(baseline: ClusterBaseline, { name, template }: ObjectTemplate): string | undefined {
  const applied = known.get(baseline) ?? appliedTemplates(baseline);
  known.set(baseline, applied);
  const before = applied.get(name);
  const lost: string[] = [];
  const same = canonicalJson(withoutNulls(before)) === canonicalJson(withoutNulls(template));
  if (same) gather(before, template, '', lost);
  if (lost.length === 0) return undefined;
  return `kubectl removed what the template has as null (${listed(lost, 3)}), so that it says nothing of it; apply it with \`kubectl apply --server-side\``;
}

function appliedTemplates({ metadata }: ClusterBaseline): ReadonlyMap<string, unknown> {
  const text = metadata.annotations?.[keptByKubectl];
  if (text === undefined) return new Map();
  try {
    const { spec } = parseJson(text) as { spec?: { objects?: readonly ObjectTemplate[] } };
    return new Map(spec?.objects?.map(({ name, template }) => [name, template]));
  } catch {
    return new Map();
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMembers(value)) return value;
  const left = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(left.map(([key, member]) => [key, withoutNulls(member)]));
}

/** Paths of what is null in `before` and not there in `after`, which are the same otherwise. */
function gather(before: unknown, after: unknown, path: string, lost: string[]): void {
  if (Array.isArray(before)) {
    before.forEach((item, at) => gather(item, (after as readonly unknown[])[at], `${path}[${at}]`, lost));
  } else if (isMembers(before)) {
    for (const [key, member] of Object.entries(before)) {
      const inner = path ? `${path}.${key}` : key;
      if (member === null && (after as Members)[key] === undefined) lost.push(inner);
      else if (member !== null) gather(member, (after as Members)[key], inner, lost);
    }
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
