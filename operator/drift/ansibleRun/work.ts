/** What a run is to do on which host: checks and their hosts, and the playbook that follows from what was found of them. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { PlaybookSource, ProjectFile } from '../../connect/ansible/types.ts';
import { expression } from '../../lib/ansibleTask.ts';
import type { Change, Seen } from '../checks/change.ts';
import { correctionsOf } from '../corrections.ts';
import { linesBefore, type Before } from './before.ts';

/** One check and the hosts on which it shall hold, or, in a run that undoes another, on which it is put back. */
export interface Block {
  readonly check: DeviceCheck;
  readonly devices: readonly string[];
}

/** The blocks of a run by its declaration; of a run that undoes another, by what that one set out to change: it must have been read in full. */
export function blocksOf(run: AnsibleRun, reverted?: AnsibleRun): Block[] {
  if (reverted) {
    if (!reverted.spec.checks) throw new Error(`AnsibleRun ${reverted.metadata.name} was not read in full`);
    return selectedBlocks(blocksOf(reverted), linesBefore(reverted.status?.before));
  }
  const { checks = [], deviceNames = [] } = run.spec;
  const corrections = correctionsOf(run);
  return checks.map((check) => ({
    check,
    devices: corrections
      ? corrections.filter((one) => one.check === check.name).map(({ device }) => device)
      : deviceNames,
  }));
}

/** The blocks cut down to the pairs of host and check that the run selected when it started. */
export function selectedBlocks(
  blocks: readonly Block[],
  selected: readonly Pick<Before, 'device' | 'check'>[],
): Block[] {
  const pairs = new Set(selected.map(({ device, check }) => `${device}/${check}`));
  return blocks
    .map(({ check, devices }) => ({
      check,
      devices: devices.filter((device) => pairs.has(`${device}/${check.name}`)),
    }))
    .filter(({ devices }) => devices.length);
}

/** The checks of a host, in the order in which they are asked, answered and corrected. */
export function checksOn(device: string, blocks: readonly Block[]): DeviceCheck[] {
  return blocks.filter(({ devices }) => devices.includes(device)).map(({ check }) => check);
}

/** What is to be changed for one check on one host. */
export interface Repair {
  readonly device: string;
  readonly check: string;
  readonly changes: readonly Change[];
}

/** A playbook of our own, and the variables of each host that it needs. */
export interface Generated {
  readonly playbook: PlaybookSource;
  readonly variablesOf: (device: string) => Readonly<Record<string, unknown>>;
}

/**
 * One task for all checks of a host: changes that are alike stand in the playbook once, and each host brings what was seen on it. `files` are
 * the module. The run's uid names what is kept on the hosts.
 */
export function repairing(repairs: readonly Repair[], runUid: string, files: readonly ProjectFile[]): Generated {
  const ids = new Map<string, string>();
  const alike: Record<string, readonly object[]> = {};
  const work = new Map<string, { check: string; id: string; seen: readonly Seen[] }[]>();
  for (const { device, check, changes } of repairs) {
    const bare = changes.map(({ seen: _, ...rest }) => rest);
    const key = JSON.stringify(bare);
    const id = ids.get(key) ?? `c${ids.size}`;
    ids.set(key, id);
    alike[id] = bare;
    work.set(device, [...(work.get(device) ?? []), { check, id, seen: changes.map(({ seen }) => seen) }]);
  }
  const task = {
    name: 'Correct',
    holdfast_change: {
      run: runUid,
      checks: expression('{{ holdfast_work }}'),
      changes: expression('{{ dict(holdfast_ids | zip(holdfast_ids | map("extract", holdfast_changes))) }}'),
    },
    vars: {
      holdfast_ids: expression('{{ holdfast_work | map(attribute="id") | unique | list }}'),
      holdfast_changes: alike as never,
    },
  };
  return {
    playbook: { is: 'tasks', tasks: [task], files },
    variablesOf: (device) => ({ holdfast_work: work.get(device) ?? [] }),
  };
}

/** Puts back what a run changed: the check that was corrected last comes first. */
export function undoing(blocks: readonly Block[], revertedUid: string, files: readonly ProjectFile[]): Generated {
  const task = {
    name: 'Undo',
    holdfast_change: { run: revertedUid, undo: expression('{{ holdfast_undo }}') },
  };
  return {
    playbook: { is: 'tasks', tasks: [task], files },
    variablesOf: (device) => ({
      holdfast_undo: checksOn(device, blocks)
        .map(({ name }) => name)
        .reverse(),
    }),
  };
}
