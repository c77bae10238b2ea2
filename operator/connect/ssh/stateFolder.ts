/**
 * A folder of this process alone, in which its SSH clients run: their keys, sockets and lists of host keys lie in it under relative
 * names. Folders of processes that are gone are removed, and what still runs in them is ended.
 *
 * A process is known to live by a pipe in its folder, which it has open for reading: the kernel knows, whatever became of the number
 * of the process, whether it is a zombie, and in whichever container it runs.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { privateFolder } from '../privateFolder.ts';

const pipe = 'in-use';
/** A folder has the first name until its pipe is open. */
const [unfinished, finished] = ['new-', 'ssh-'];

export class StateFolder {
  readonly path: string;
  #reader: number | undefined;

  /** Makes the folder, within `parent`, after removing what is stale there. Throws a sentence when it cannot be made. */
  constructor(parent: string) {
    const place = privateFolder(parent);
    removeStale(place);
    const draft = mkdtempSync(join(place, `${unfinished}${process.pid}-`));
    execFileSync('mkfifo', ['-m', '600', join(draft, pipe)]);
    this.#reader = openSync(join(draft, pipe), constants.O_RDONLY | constants.O_NONBLOCK);
    this.path = join(place, basename(draft).replace(unfinished, finished));
    renameSync(draft, this.path);
  }

  /** Ends the client, if there is one, that keeps the connection of a socket in the folder. */
  endConnection(socket: string): void {
    for (const pid of processesIn(this.path)) {
      const words = wordsOf(pid);
      // Only a moment after it has left its shell it is given its title.
      if (words[0] === `ssh: ${socket} [mux]` || words.includes(`ControlPath=${socket}`)) kill(pid);
    }
    rmSync(join(this.path, socket), { force: true });
  }

  /** Ends what runs in the folder, and removes it with all that it contains. */
  remove(): void {
    removeFolder(this.path);
    if (this.#reader !== undefined) closeSync(this.#reader);
    this.#reader = undefined;
  }
}

/** A process may run in a folder that was removed already. */
function removeStale(place: string): void {
  const working = workingFolders().filter(({ folder }) => dirname(folder) === place);
  const names = new Set([...readdirSync(place), ...working.map(({ folder }) => basename(folder))]);
  for (const name of names) {
    const isOurs = name.startsWith(unfinished) || name.startsWith(finished);
    if (isOurs && !isInUse(join(place, name))) removeFolder(join(place, name));
  }
}

function isInUse(folder: string): boolean {
  try {
    closeSync(openSync(join(folder, pipe), constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    // Nobody reads it, or it is not there; whatever else prevents it says nothing about the process.
    return !['ENXIO', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** More often than a kill may miss a process that another has just started. */
const mostScans = 100;

function removeFolder(folder: string): void {
  for (let scans = 0; scans < mostScans; scans++) {
    const processes = processesIn(folder);
    if (processes.length === 0) break;
    processes.forEach(kill);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function processesIn(folder: string): number[] {
  return workingFolders().flatMap((one) => (one.folder === folder && one.pid !== process.pid ? [one.pid] : []));
}

/**
 * Where the processes of this user work, as Linux says; a folder that was removed is named as it was. Systems without /proc have none
 * to show: there, connections end by themselves when they are idle.
 */
function workingFolders(): { pid: number; folder: string }[] {
  return entriesOf('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [{ pid: Number(name), folder: readlinkSync(`/proc/${name}/cwd`).replace(/ \(deleted\)$/, '') }];
    } catch {
      return [];
    }
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The words of its command line; a title is one. None when the process is gone. */
function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
