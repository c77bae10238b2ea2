/**
 * A folder of this process alone, in which its SSH clients run: their keys, sockets and lists of host keys lie in it under relative
 * names. Folders of processes that are gone are removed, and the connections that they left behind are ended.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';

/** Makes the folder, within `parent`, after removing what is stale there. */
export function makeStateFolder(parent: string): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const place = realpathSync(parent);
  for (const name of readdirSync(place)) {
    const owner = /^ssh-(\d+)-(\d+)-[A-Za-z0-9]{6}$/.exec(name);
    if (owner && (startOf(Number(owner[1])) ?? '0') !== owner[2]) removeStateFolder(join(place, name));
  }
  const folder = mkdtempSync(join(place, `ssh-${process.pid}-${startOf(process.pid) ?? 0}-`));
  chmodSync(folder, 0o700);
  return folder;
}

/** Ends the clients that run in the folder, with all that it holds. */
export function removeStateFolder(folder: string): void {
  for (const pid of clientsIn(folder)) kill(pid);
  rmSync(folder, { recursive: true, force: true });
}

/** Ends the client, if there is one, that keeps the connection of a socket in the folder. */
export function killMaster(folder: string, socket: string): void {
  for (const pid of clientsIn(folder)) if (readProcess(pid, 'cmdline').includes(`ssh: ${socket} [mux]`)) kill(pid);
  rmSync(join(folder, socket), { force: true });
}

/**
 * Processes of OpenSSH's client whose working folder this is. Not another process by the same number, since that does not run here.
 * Systems without /proc have none to show: there, connections end by themselves when they are idle.
 */
function clientsIn(folder: string): number[] {
  const processes = entriesOf('/proc').filter((name) => /^\d+$/.test(name));
  return processes
    .map(Number)
    .filter((pid) => workingFolderOf(pid) === folder && readProcess(pid, 'comm').trim() === 'ssh');
}

/** Tells processes that had the same number one after the other apart: when it started, in clock ticks since boot. */
function startOf(pid: number): string | undefined {
  const stat = readProcess(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty when the process is gone or somebody else's. */
function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function workingFolderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
