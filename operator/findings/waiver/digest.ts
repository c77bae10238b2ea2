/**
 * The digest of what is approved: of everything that a waiver asks for. The one thing that may change without a new approval is left
 * out: whether tasks of the closure plan are done. Equal requests have equal digests, whoever computes them. Pure.
 */
import type { ClosureTask, PolicyWaiverSpec } from '../../api/v1alpha1/policyWaiver.ts';
import { digestOf } from '../../lib/digest.ts';

/** Objects are values and never changed in place: a digest is computed once. */
const digests = new WeakMap<PolicyWaiverSpec, string>();

export function waiverDigest(spec: PolicyWaiverSpec): string {
  const known = digests.get(spec);
  if (known !== undefined) return known;
  const { checks, targets, closurePlan, ...rest } = spec;
  const digest = digestOf({
    ...rest,
    checks: checks.toSorted(),
    targets: {
      ...targets,
      ...(targets.names && { names: targets.names.toSorted() }),
      ...(targets.namespaces && { namespaces: targets.namespaces.toSorted() }),
    },
    ...(closurePlan && {
      closurePlan: {
        ...closurePlan,
        tasks: closurePlan.tasks.map(({ done: _, ...task }) => task).sort(byName),
      },
    }),
  });
  digests.set(spec, digest);
  return digest;
}

/** Anybody may put tasks into another order. */
function byName(a: ClosureTask, b: ClosureTask): number {
  return a.name < b.name ? -1 : 1;
}
