/** Which files sudo passes over, as sudoers(5) says. What is written to files that it reads goes through visudo, on the host. Pure. */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { LinesAsked, ToldFile } from './toldLines.ts';

const main = '/etc/sudoers';
const folder = '/etc/sudoers.d/';

/** What the host must tell besides, to know whether sudo reads the file. */
export function sudoersAsked(path: string): Pick<LinesAsked, 'also' | 'text'> {
  return path.startsWith(folder) ? { also: { paths: [main] }, text: 'includedir' } : {};
}

/** Whether it is a line of settings that sudo is to have: then sudo itself is asked what comes of it. */
export function isDefaults({ path, line, state }: LineCheck): boolean {
  return state !== 'Absent' && (path === main || path.startsWith(folder)) && /^\s*Defaults([@:!>\s]|$)/.test(line);
}

/** Why sudo does not read the file, as words that follow `is`; nothing when it does, or the file is none of sudo. */
export function whySkipped({ path, seen }: ToldFile, others: readonly ToldFile[]): string | undefined {
  const isInFolder = path.startsWith(folder);
  if (path !== main && !isInFolder) return undefined;
  if (isInFolder && /[.]|~$|\//.test(path.slice(folder.length)))
    return 'ignored by sudo because its name has a dot or a slash in it, or a ~ at the end';
  // A hash before the word, as of old, is no comment; a blank between the two makes it one.
  const includes = /^\s*[@#]includedir\s+"?(\/etc\/)?sudoers\.d\/?"?\s*(#.*)?$/;
  if (isInFolder && !others.some((one) => one.path === main && one.lines.some(({ text }) => includes.test(text))))
    return 'ignored by sudo because /etc/sudoers does not include its directory';
  const [type, mode = '', uid, gid] = seen.split(':');
  const bits = Number.parseInt(mode, 8);
  if (type !== 'f') return undefined;
  if (uid !== '0') return 'ignored by sudo because it is not owned by root';
  if (bits & 0o002 || (bits & 0o020 && gid !== '0'))
    return 'ignored by sudo because users other than root can write to it';
  return undefined;
}
