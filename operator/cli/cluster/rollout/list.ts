/** The rollouts of a namespace as a table. Pure. */
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import { fitted, type Column } from '../../table.ts';
import { plain } from '../lines.ts';
import { conditionOf, disbelieved } from './standing.ts';
import { age } from './tree.ts';

/** Dropped, where a terminal is too narrow: the baseline, the revision, since when, the hosts, the step. Name and state stay. */
export function rolloutTable(rollouts: readonly CanaryRollout[], now: Date, width: number | undefined): string {
  const columns: readonly Column<CanaryRollout>[] = [
    { title: 'NAME', cell: ({ metadata }) => plain(metadata.name) },
    { title: 'STATE', cell: (rollout) => believed(rollout, 'state', 'Unknown') },
    { title: 'STEP', cell: (rollout) => believed(rollout, 'step'), drop: 5 },
    { title: 'HOSTS', cell: (rollout) => believed(rollout, 'hosts'), drop: 4 },
    { title: 'SINCE', cell: (rollout) => since(rollout, now), drop: 3 },
    { title: 'REVISION', cell: (rollout) => believed(rollout, 'revision'), drop: 2 },
    { title: 'BASELINE', cell: ({ spec }) => plain(spec.target.deviceBaselineRef.name), drop: 1 },
  ];
  return fitted(columns, rollouts, width);
}

/** Of a status that Holdfast did not write, nothing is shown. */
function believed(rollout: CanaryRollout, field: 'state' | 'step' | 'hosts' | 'revision', otherwise = '-'): string {
  return disbelieved(rollout) === undefined ? plain(rollout.status?.summary?.[field] ?? '-') : otherwise;
}

function since(rollout: CanaryRollout, now: Date): string {
  const progressing = disbelieved(rollout) === undefined ? conditionOf(rollout, 'Progressing') : undefined;
  return progressing ? age(progressing.lastTransitionTime, now) : '-';
}
