/**
 * Processes of this machine as Linux shows them under /proc: known again after a restart of the operator, and found by a mark in
 * their environment or by the folder in which they work.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A process for all time: its number alone is given to others later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in clock ticks since boot. */
  readonly start: string;
  /** The boot of the machine in which it started. */
  readonly boot: string;
}

/** Whether the process still runs; one that has ended and was not yet waited for does not. */
export async function isRunning({ pid, start, boot }: ProcessIdentity): Promise<boolean> {
  if ((await textOf('/proc/sys/kernel/random/boot_id')).trim() !== boot) return false;
  const stat = await textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[19] === start && fields[0] !== 'Z' && fields[0] !== 'X';
}

/** Waits until the process has ended; false when it has not within `seconds`. */
export async function hasEnded(identity: ProcessIdentity, seconds: number): Promise<boolean> {
  for (let checks = seconds * 20; checks > 0; checks--) {
    if (!(await isRunning(identity))) return true;
    await delay(50);
  }
  return !(await isRunning(identity));
}

/** Ends every process that has this variable in its environment or works in the folder, and waits until none is left. */
export async function endProcesses(assignment: string, folder: string): Promise<void> {
  for (let tries = 600; tries > 0; tries--) {
    const processes = await processesOf(assignment, folder);
    if (processes.length === 0) return;
    processes.forEach((pid) => signal(pid, 'SIGKILL'));
    await delay(50);
  }
  throw new Error(
    `Processes in ${folder} are still running although they were killed; check them on the machine where the operator runs.`,
  );
}

/** Does nothing when the process has gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A master of ssh writes its title over its environment, but stays in the folder where it began. */
async function processesOf(assignment: string, folder: string): Promise<readonly number[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    processes.map(async (pid) => {
      const environment = (await textOf(`/proc/${pid}/environ`)).split('\0');
      return environment.includes(assignment) || isWithin(await readlink(`/proc/${pid}/cwd`).catch(() => ''), folder);
    }),
  );
  return processes.filter((_, index) => found[index]).map(Number);
}

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}

/** Empty when the process has gone or is another user's. */
function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
