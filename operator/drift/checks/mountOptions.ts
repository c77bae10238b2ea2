/** Options of mounts: how they are declared, and how the kernel shows them. Pure. */
import type { Difference } from './checkType.ts';
import { visible } from './shown.ts';

/** Options that the kernel shows only by not showing another. */
const impliedByLackOf: Record<string, readonly string[]> = {
  rw: ['ro'],
  exec: ['noexec'],
  dev: ['nodev'],
  suid: ['nosuid'],
  async: ['sync'],
  atime: ['noatime'],
  diratime: ['nodiratime'],
  strictatime: ['noatime', 'relatime'],
  symfollow: ['nosymfollow'],
};
/** Options of fstab that say when to mount, of which the kernel knows nothing. */
const onlyInFstab = /^(defaults|auto|noauto|user|nouser|users|owner|group|nofail|_netdev|comment=.*|x-.*)$/;
const bytesOf: Record<string, number> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Whether a declared option is in effect among those found. */
export function holds(option: string, found: readonly string[]): boolean {
  if (onlyInFstab.test(option)) return true;
  const opposites = impliedByLackOf[option];
  if (opposites) return !opposites.some((opposite) => found.includes(opposite));
  return (
    found.includes(option) ||
    found.some((one) => plain(one) === plain(option)) ||
    (option === 'mode=1777' && !valueIn(found, 'mode'))
  );
}

/** `size=1G` as the kernel shows it, `size=1048576k`, and modes without leading zeros. */
function plain(option: string): string {
  const size = /^size=([0-9]+)([kmg]?)$/i.exec(option);
  if (size) return `size=${Number(size[1]) * (bytesOf[(size[2] ?? '').toLowerCase()] ?? 1)}`;
  return option.replace(/^mode=0+/, 'mode=');
}

function valueIn(options: readonly string[], name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`));
}

export function optionDifference(option: string, found: readonly string[]): Difference {
  const opposite = impliedByLackOf[option]?.find((one) => found.includes(one));
  const actual = opposite ?? valueIn(found, option.replace(/=.*/, '')) ?? 'not set';
  return { path: 'options', expected: option, actual: visible(actual) };
}

/** The option that undoes another. */
export function oppositeOf(option: string): string | undefined {
  const [without] = Object.entries(impliedByLackOf).find(([, opposites]) => opposites.includes(option)) ?? [];
  return without ?? impliedByLackOf[option]?.[0];
}
