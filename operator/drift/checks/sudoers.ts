/** Which files sudo passes over, as sudoers(5) says. What is written to files that it reads goes through visudo, on the host. Pure. */
import type { Seen } from './change.ts';

const folder = '/etc/sudoers.d/';

/** Why sudo does not read the file, as words that follow `is`; nothing when it does, or the file is none of sudo. */
export function whySkipped(path: string, seen: Seen): string | undefined {
  if (path !== '/etc/sudoers' && !path.startsWith(folder)) return undefined;
  const name = path.slice(folder.length);
  if (path.startsWith(folder) && /[.]|~$|\//.test(name))
    return 'passed over by sudo for its name, which has a dot, a slash or a ~ at its end';
  const [, mode = '', uid, gid] = seen.split(':');
  const bits = Number.parseInt(mode, 8);
  if (!seen.startsWith('f:')) return undefined;
  if (uid !== '0') return 'passed over by sudo, since it does not belong to root';
  if (bits & 0o002 || (bits & 0o020 && gid !== '0'))
    return 'passed over by sudo, since others than root can write to it';
  return undefined;
}
