/**
 * What a ClusterBaseline would mean for the objects of the cluster, evaluated by the code of the operator and confirmed by dry runs of the writes that
 * would correct them, with the rights of who asks.
 */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { Means } from '../../drift/clusterBaseline/effort.ts';
import { unread as unreadItem, type ItemEvaluation } from '../../drift/clusterBaseline/evaluation.ts';
import { ExpressionEvaluator } from '../../drift/clusterBaseline/expressionEvaluator.ts';
import { Memory } from '../../drift/clusterBaseline/memory.ts';
import { countsOf, objectCompliances, worstObjectFirst } from '../../drift/clusterBaseline/objectCompliance.ts';
import { TemplateEvaluator } from '../../drift/clusterBaseline/templateEvaluator.ts';
import { Turn } from '../../drift/clusterBaseline/turn.ts';
import { sleep } from '../../runtime/clock.ts';
import type { AccountReader } from '../../runtime/feature.ts';
import type { Cluster } from '../command.ts';
import type { Effect } from './effect.ts';
import { clusterEffectOf } from './clusterFacts.ts';

export interface ClusterPlanning {
  readonly cluster: Cluster;
  readonly account: AccountReader;
  readonly conceal: (text: string) => string;
  readonly waivers: readonly PolicyWaiver[];
  readonly window: MaintenanceWindow | undefined;
  readonly unread: readonly string[];
  readonly now: Date;
  readonly isWide: boolean;
}

/** The operator takes its passes one after the other, so that others have their turn; here the next follows at once. */
const mostMilliseconds = 60_000;

export async function clusterEffect(declared: ClusterBaseline, planning: ClusterPlanning): Promise<Effect> {
  // Its uid tells who created an object; one that is new has none.
  const baseline = { ...declared, metadata: { ...declared.metadata, uid: declared.metadata.uid ?? 'planned' } };
  const evaluations = await evaluated(baseline, planning);
  const about = { before: [], waivers: planning.waivers, now: planning.now };
  const results = evaluations.flatMap((evaluation) => objectCompliances(baseline, evaluation, about));
  const failing = results
    .filter(({ is }) => is === 'drifted')
    .sort((a, b) => worstObjectFirst(a.findings[0]!, b.findings[0]!));
  return clusterEffectOf({
    baseline,
    evaluations,
    results,
    failing,
    counts: countsOf(evaluations, results),
    ...planning,
  });
}

async function evaluated(baseline: ClusterBaseline, planning: ClusterPlanning): Promise<readonly ItemEvaluation[]> {
  const { cluster, account, conceal } = planning;
  const { clock } = cluster;
  const { objects = [], checks = [] } = baseline.spec;
  const elapsed = (): number => clock.elapsed();
  const [memory, means] = [new Memory(elapsed), new Means(elapsed)];
  const templates = new TemplateEvaluator(memory, conceal);
  const expressions = new ExpressionEvaluator(memory);
  const limit = AbortSignal.timeout(mostMilliseconds);
  const begun = elapsed();
  for (;;) {
    const turn = new Turn(baseline, means, account, limit);
    const items = [...objects, ...checks];
    const attempts = await Promise.allSettled([
      ...objects.map(async (item) => templates.evaluate(item, turn)),
      ...checks.map(async (item) => expressions.evaluate(item, turn)),
    ]);
    const found = attempts.map((one, at) =>
      one.status === 'fulfilled'
        ? one.value
        : unreadItem(items[at]!, `it could not be evaluated: ${(one.reason as Error).message}`),
    );
    const { continuesAfter } = turn;
    if (continuesAfter === undefined || elapsed() - begun > mostMilliseconds) return found;
    await sleep(clock, Math.min(continuesAfter * 1000, 2000), limit);
  }
}
