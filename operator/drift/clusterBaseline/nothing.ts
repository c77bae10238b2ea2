/** What to say where nothing was evaluated. To find nothing that must not be is an answer; to look at nothing is none. Pure. */
import { listed } from '../../lib/text.ts';
import type { Kind } from '../../api/kind.ts';
import type { DomainConditions } from '../../runtime/feature.ts';
import type { ItemEvaluation } from './evaluation.ts';

export const noNamespace =
  'namespaceSelector matches no namespace; compare it with `kubectl get namespaces --show-labels`';

export function noObject({ kind, plural, group }: Kind): string {
  const resource = group ? `${plural}.${group}` : plural;
  return `it applies to no ${kind}; compare it with \`kubectl get ${resource} --all-namespaces --show-labels\``;
}

/** How a baseline stands under which no object was counted. */
export function ofNothing(evaluations: readonly ItemEvaluation[]): DomainConditions[string] {
  const nothing = evaluations.flatMap((one) => (one.nothing ? [`${one.item.name}: ${one.nothing}`] : []));
  if (nothing.length < evaluations.length)
    return { status: 'True', reason: 'Compliant', message: 'no forbidden object exists' };
  const message = `nothing was evaluated: ${nothing.length ? listed(nothing, 2) : 'declare `objects` or `checks`'}`;
  return { status: 'Unknown', reason: 'NothingEvaluated', message, warns: true };
}
