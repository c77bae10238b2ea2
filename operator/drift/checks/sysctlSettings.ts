/** What the files of sysctl.d(5) make of a kernel parameter at the next boot. Pure. */

/** One line of the files, in the order in which they are read. */
export interface Setting {
  /** Its path below /proc/sys, or a pattern of such. */
  readonly key: string;
  /** Absent where the line only takes the parameter out of patterns, as `-key` does. */
  readonly value?: string;
}

/** `net.ipv4.conf.eth0/1.rp_filter` lies at `net/ipv4/conf/eth0.1/rp_filter` below /proc/sys. */
export function pathOf(name: string): string {
  return name
    .split('.')
    .map((part) => part.replaceAll('/', '.'))
    .join('/');
}

/** The value that is set; `undefined` when none is. The last line wins, and the name itself wins over any pattern. */
export function valueAtBoot(path: string, settings: readonly Setting[]): string | undefined {
  const byName = settings.findLast(({ key }) => key === path);
  const setting = byName ?? settings.findLast(({ key, value }) => value !== undefined && matches(key, path));
  return setting?.value;
}

/** Whether a pattern of glob(7) matches: its wildcards match no slash. */
function matches(pattern: string, path: string): boolean {
  const expression = pattern
    .replace(/[\\^$.|+(){}]/g, '\\$&')
    .replaceAll('[!', '[^')
    .replaceAll('?', '[^/]')
    .replaceAll('*', '[^/]*');
  try {
    return new RegExp(`^${expression}$`).test(path);
  } catch {
    return false;
  }
}
