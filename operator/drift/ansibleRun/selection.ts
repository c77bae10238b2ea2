/** Which pairs of host and check a run sets out to change, and which it leaves alone. Pure. */
import type { CheckFailure } from '../../api/v1alpha1/ansibleRunStatus.ts';
import { shortened } from '../../lib/text.ts';
import { remedyOf } from '../checks/remedy.ts';
import { compareCheck } from '../probe/compare.ts';
import { linesBefore, type Before } from './before.ts';
import type { RunMeans } from './needs.ts';
import { inWords, stateOf } from './results.ts';
import { checksOn, type Repair } from './work.ts';
import type { RunWork } from './world.ts';

export interface Selection {
  readonly before: readonly Before[];
  readonly repairs: readonly Repair[];
  /** What is not even tried, and why. */
  readonly failures: readonly CheckFailure[];
}

export function selectionOf(world: RunWork, means: Pick<RunMeans, 'conceal'>): Selection {
  return world.reverted ? selectedToUndo(world) : selected(world, means);
}

/** Pairs of host and check that differ now: what no longer differs is left alone, what cannot be read is not touched. */
function selected(world: RunWork, { conceal }: Pick<RunMeans, 'conceal'>): Selection {
  const all = world.hosts.flatMap(({ name, observation }) => {
    if (observation?.is !== 'seen') return [];
    return checksOn(name, world.blocks).flatMap((check, index) => {
      const answer = observation.observed[index];
      const comparison = answer && compareCheck(check, answer, conceal);
      if (!answer || comparison?.is !== 'known' || !comparison.differences.length) return [];
      const pair = { device: name, check: check.name };
      const state = {
        ...pair,
        found: shortened(inWords(comparison.differences), 1000),
        state: stateOf(comparison, conceal),
      };
      // A playbook of its author's own is not held to what Holdfast itself would do.
      return [{ ...pair, state, remedy: world.playbook ? undefined : remedyOf(check, answer) }];
    });
  });
  return {
    before: all.flatMap(({ state, remedy }) => (remedy?.is === 'manual' ? [] : [state])),
    repairs: all.flatMap(({ device, check, remedy }) =>
      remedy?.is === 'changes' ? [{ device, check, changes: remedy.changes }] : [],
    ),
    failures: all.flatMap(({ device, check, remedy }) =>
      remedy?.is === 'manual' ? [{ device, check, refused: true, message: shortened(remedy.message, 1000) }] : [],
    ),
  };
}

/** All that the other run set out to change, whatever is there now: what it left is known on the host alone. */
function selectedToUndo({ hosts, reverted }: RunWork): Selection {
  const seen = hosts.flatMap(({ name, observation }) => (observation?.is === 'seen' ? [name] : []));
  const before = linesBefore(reverted?.status?.before).filter(({ device }) => seen.includes(device));
  return { before, repairs: [], failures: [] };
}

/** Those that a run leaves alone are verified no more. */
export function withoutThose(blocks: RunWork['blocks'], failures: readonly CheckFailure[]): RunWork['blocks'] {
  const left = new Set(failures.map(({ device, check }) => `${device}/${check}`));
  return blocks.map((block) => ({
    ...block,
    devices: block.devices.filter((device) => !left.has(`${device}/${block.check.name}`)),
  }));
}
