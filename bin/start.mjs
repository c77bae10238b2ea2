/**
 * Starts the plugin with what Node compiled the last time, which takes a third of the time. What is kept is executed: it is read only from a directory
 * that nobody else can write to, so that root, who may have the home directory of another user, executes nothing of that user.
 */
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Whether only this user and root can change what is there: neither the directory, nor one above it, is writable by others. */
function isOwn(directory) {
  const { uid, mode } = statSync(directory);
  if ((uid !== process.geteuid() && uid !== 0) || (mode & 0o022) !== 0) return false;
  return dirname(directory) === directory || isOwn(dirname(directory));
}

try {
  const { XDG_CACHE_HOME: given = '' } = process.env;
  const directory = join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'kubectl-holdfast');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const real = realpathSync(directory);
  const { uid, mode } = statSync(real);
  // Without access for others, because Node makes what is in it by the umask.
  if (uid === process.geteuid() && (mode & 0o077) === 0 && isOwn(real)) enableCompileCache(real);
} catch {
  // It starts without.
}

await import('../operator/cli/main.ts');
