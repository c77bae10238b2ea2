/** What a run is to do on which host: blocks of checks, and the request to Ansible that follows from them. Pure. */
import type { AnsibleRun, StateBefore } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import { digestOf } from '../../lib/digest.ts';
import { expression, type Task } from '../../lib/ansibleTask.ts';
import { keepTasks, correctTasks, restoreTasks } from '../checks/tasks.ts';

/** One check and the hosts on which it shall hold. */
export interface Block {
  /** Names the block in the playbook: lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly check: DeviceCheck;
  readonly devices: readonly string[];
}

/** The blocks of a run by its declaration; of a run that undoes another, what was found before that one. */
export function blocksOf(run: AnsibleRun, reverted: AnsibleRun | undefined): Block[] {
  if (reverted) return blocksBefore(reverted.status?.before ?? []);
  const { checks = [], corrections, deviceNames = [] } = run.spec;
  return checks.map((check) => ({
    id: check.name,
    check,
    devices: corrections
      ? corrections.filter((one) => one.check === check.name).map(({ device }) => device)
      : deviceNames,
  }));
}

function blocksBefore(before: readonly StateBefore[]): Block[] {
  // The last first: of two checks on one file, each kept what the one before it had left.
  const known = before
    .toReversed()
    .flatMap(({ device, found }) => (found ? [{ device, found: found as unknown as DeviceCheck }] : []));
  const alike = Map.groupBy(known, ({ found }) => digestOf(found));
  return [...alike.values()].flatMap((group, index) => {
    const check = group[0]?.found;
    return check ? [{ id: `${check.name}-${index}`, check, devices: group.map(({ device }) => device) }] : [];
  });
}

/** The blocks cut down to the pairs of host and check that the run selected when it started. */
export function selectedBlocks(blocks: readonly Block[], selected: readonly StateBefore[]): Block[] {
  const pairs = new Set(selected.map(({ device, check }) => `${device}/${check}`));
  return blocks
    .map((block) => ({
      ...block,
      devices: block.devices.filter((device) => pairs.has(`${device}/${block.check.name}`)),
    }))
    .filter(({ devices }) => devices.length);
}

/** Where a run keeps on the host what is needed to undo it: only root can read it. */
export function undoFolder(runUid: string, check: string): string {
  return `/var/lib/holdfast/undo/${runUid}/${check}`;
}

/** A block for each check. One that fails leaves the others on that host to go on; the host has failed all the same. */
export function playbookTasks(blocks: readonly Block[], runUid: string, revertedUid: string | undefined): Task[] {
  const remember: Task = { name: 'Remember the failure', 'ansible.builtin.set_fact': { holdfast_failed: true } };
  const fail: Task = {
    name: 'Fail when a check could not be corrected',
    'ansible.builtin.fail': { msg: 'a check could not be corrected' },
    when: expression('holdfast_failed | default(false)'),
  };
  const corrections = blocks.map((block) => ({
    name: block.id,
    block: tasksOf(block, runUid, revertedUid),
    rescue: [remember],
    when: expression(`'${block.id}' in holdfast_checks`),
  }));
  return [...corrections.filter(({ block }) => block.length), fail];
}

/** Tasks by block. A correction first keeps what it is about to change; an undoing takes from what the reverted run kept. */
function tasksOf(block: Block, runUid: string, revertedUid: string | undefined): Task[] {
  if (revertedUid !== undefined) return [...restoreTasks(block.check, undoFolder(revertedUid, block.check.name))];
  return [...keepTasks(block.check, undoFolder(runUid, block.check.name)), ...correctTasks(block.check)];
}

/** The checks of a host, in the order in which they are asked and answered. */
export function checksOn(device: string, blocks: readonly Block[]): DeviceCheck[] {
  return blocks.filter(({ devices }) => devices.includes(device)).map(({ check }) => check);
}
