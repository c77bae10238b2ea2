/** What the files of sysctl.d(5) make of a kernel parameter at the next boot, and how to have it otherwise. Pure. */
import { fitsPathGlob } from '../../lib/wildcards.ts';
import type { FileChange } from './change.ts';

/** One line of the files, in the order in which they are read. */
export interface Setting {
  /** The file in sysctl.d, and the number of the line in it. */
  readonly file: string;
  readonly line: number;
  /** Its path below /proc/sys, or a pattern of such; and as the file has it, where a parameter has two names. */
  readonly key: string;
  readonly spelling: string;
  /** Whether a `-` stands before it: that it cannot be set is no failure then. */
  readonly isLenient: boolean;
  /** Absent where the line only takes the parameter out of patterns, as `-key` does. */
  readonly value?: string;
}

/** A file of sysctl.d that could be changed: what it is once links are followed, and what the probe saw there. */
export interface SettingsFile {
  readonly path: string;
  readonly seen: string;
}

/** `net.ipv4.conf.eth0/1.rp_filter` lies at `net/ipv4/conf/eth0.1/rp_filter` below /proc/sys. */
export function pathOf(name: string): string {
  return name
    .split('.')
    .map((part) => part.replaceAll('/', '.'))
    .join('/');
}

/**
 * In the order in which systemd-sysctl sets them: files are read by their names, whatever folder they are in, and of the lines for a key, as it is
 * written, the last one counts; but one that repeats the value of before leaves that where it is.
 */
export function inOrder(settings: readonly Setting[]): readonly Setting[] {
  const latest = new Map<string, Setting>();
  return inNames(settings).filter((one) => {
    const before = latest.get(one.spelling);
    if (before && before.value === one.value) return false;
    latest.set(one.spelling, one);
    return true;
  });
}

/** In the order of the names of files. */
export function inNames(settings: readonly Setting[]): readonly Setting[] {
  return [...settings].sort((a, b) => compareBytes(nameOf(a.file), nameOf(b.file)) || a.line - b.line);
}

/** The line that sets it; `undefined` when none does. The last line wins, and the name itself wins over any pattern. */
export function settingAtBoot(path: string, settings: readonly Setting[]): Setting | undefined {
  const byName = settings.findLast(({ key }) => key === path);
  const setting =
    byName ??
    settings.findLast(({ key, value }) => value !== undefined && /[*?[]/.test(key) && fitsPathGlob(key, path));
  return setting?.value === undefined ? undefined : setting;
}

/** Names that are read late, the usual one first. */
const dropIns = ['99-zz-holdfast.conf', 'zz-holdfast.conf', 'zzzz-holdfast.conf'].map(
  (name) => `/etc/sysctl.d/${name}`,
);
/** For values that not everybody may read. */
const secretDropIns = ['99-zz-holdfast-keys.conf', 'zz-holdfast-keys.conf', 'zzzz-holdfast-keys.conf'].map(
  (name) => `/etc/sysctl.d/${name}`,
);
export const allDropIns: readonly string[] = [...dropIns, ...secretDropIns];

/** What sets values at boot. */
export interface SettingsRead {
  /** Lines that may set it, as they are read. */
  readonly settings: readonly Setting[];
  /** By the path in sysctl.d. */
  readonly files: ReadonlyMap<string, SettingsFile>;
}

/** How the next boot is made to set a value; or the file that is read after all that Holdfast could write. */
export function persisted(
  name: string,
  value: string,
  { settings, files }: SettingsRead,
  isSecret: boolean,
): FileChange | { readonly tooLate: string } {
  const path = pathOf(name);
  const named = settings.filter(({ key }) => key === path);
  const last = named.at(-1);
  // The place that decides is changed where it is the administrator's own; no second one beside it could lose some day.
  const own = last && files.get(last.file);
  if (last && own && own.path.startsWith('/etc/') && own.seen.startsWith('f:')) {
    const put = [`${last.isLenient && last.value !== undefined ? '-' : ''}${name} = ${value}`];
    return { do: 'file', path: own.path, seen: own.seen, edits: [{ line: last.line, drop: true, put }] };
  }
  const dropIn = (isSecret ? secretDropIns : dropIns).find(
    (candidate) => !last || compareBytes(nameOf(candidate), nameOf(last.file)) > 0,
  );
  if (!dropIn) return { tooLate: last?.file ?? '' };
  // A line of the other name of the parameter is outdone only by one of that name.
  const key = last && last.spelling !== path ? last.spelling : name;
  const edits = [{ line: -1, put: [`${key} = ${value}`] }];
  const newMode = isSecret ? '600' : '644';
  return { do: 'file', path: dropIn, seen: files.get(dropIn)?.seen ?? 'absent', edits, newMode };
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
