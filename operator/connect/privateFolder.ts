/** Folders of the operator alone on its machine: for keys, sockets and the state of runs. */
import { chmodSync, lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The real path of the folder, which is made when it is not there, readable by its owner only. Throws a sentence when somebody else
 * could have made it what it is: it is a symbolic link, or another user's.
 */
export function privateFolder(folder: string): string {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = directoryAt(path);
  if (!isOwn(stat)) throw new Error(`${path} belongs to user ${stat.uid}; ${advice}`);
  // A volume with an fsGroup is opened to its group with each mount.
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return realpathSync(path);
}

/** The folder that contains private ones: a volume belongs to root, and may be open to all in its container. */
export function assertOwn(folder: string): void {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = directoryAt(path);
  if (!isOwn(stat) && stat.uid !== 0) throw new Error(`${path} belongs to user ${stat.uid}; ${advice}`);
}

const advice = 'delete it, or choose another --state-directory';

function directoryAt(path: string): Stats {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink())
    throw new Error(`${path} is a symbolic link; set --state-directory to the directory itself`);
  return stat;
}

/** Systems without users have no owners. */
function isOwn({ uid }: Stats): boolean {
  return (process.getuid?.() ?? uid) === uid;
}
