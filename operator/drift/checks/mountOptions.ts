/** Options of mounts: how they are declared, how fstab has them and how the kernel shows them. Pure. */
import { differs } from './comparison.ts';
import type { Difference } from './checkType.ts';
import { visible } from './shown.ts';

/** Options that the kernel shows only by not showing another. */
const opposites: Readonly<Record<string, readonly string[]>> = {
  rw: ['ro'],
  exec: ['noexec'],
  dev: ['nodev'],
  suid: ['nosuid'],
  async: ['sync'],
  atime: ['noatime'],
  diratime: ['nodiratime'],
  strictatime: ['noatime', 'relatime'],
  symfollow: ['nosymfollow'],
  acl: ['noacl'],
  user_xattr: ['nouser_xattr'],
  barrier: ['nobarrier'],
};
/** Flags of a mount itself: of times there is one at most. */
const times = ['noatime', 'relatime', 'strictatime'];
const flags = ['ro', 'nosuid', 'nodev', 'noexec', 'nosymfollow', 'nodiratime', ...times];
/** What the kernel takes for every file system, and what those of each type take. */
const ofEveryType =
  /^(rw|ro|a?sync|dirsync|(no)?(suid|dev|exec|symfollow|atime|diratime|relatime|lazytime|strictatime))$/;
const ofType: Readonly<Record<string, RegExp>> = {
  tmpfs: /^((size|nr_blocks|nr_inodes)=[0-9]+[kmgtpe%]?|mode=[0-7]+|[ug]id=[0-9]+|inode(32|64))$/i,
  xfs: /^([ugp](quota|qnoenforce)|(usr|grp|prj|no)?quota|inode(32|64)|(no)?discard|logbufs=[2-8]|logbsize=(16|32|64|128|256)k|largeio|swalloc|wsync)$/,
  ext4: /^((usr|grp|prj|no)?quota|(no)?(discard|acl|user_xattr|barrier|delalloc)|errors=(continue|remount-ro|panic)|data=(ordered|journal|writeback)|commit=[0-9]+)$/,
  proc: /^(hidepid=([0-4]|off|noaccess|invisible|ptraceable)|gid=[0-9]+)$/,
};
/** Without these the boot does not go on, but for an emergency. */
const isNotNeeded = /^(nofail|noauto|_netdev)$/;
const ofNetwork = /^(nfs4?|cifs|smb3|ceph|gluster|glusterfs|fuse[.]?.*)$/;
/** Options of fstab that say when and how to mount, of which the kernel knows nothing: mount(8), nfs(5), mount.cifs(8). */
const onlyInFstab =
  /^(defaults|auto|noauto|user|nouser|users|nousers|owner|noowner|group|nogroup|nofail|_netdev|bind|rbind|comment=.*|x-.*|bg|fg|intr|nointr|retry=.*|loop|nonempty|(cred|credentials|secretfile|pass|password)=.*)$/;
/** What options of fstab bring along. */
const implied: Readonly<Record<string, readonly string[]>> = {
  user: ['noexec', 'nosuid', 'nodev'],
  users: ['noexec', 'nosuid', 'nodev'],
  owner: ['nosuid', 'nodev'],
  group: ['nosuid', 'nodev'],
};
const ofFstab: Readonly<Record<string, string>> = {
  auto: 'noauto',
  nouser: 'user',
  nousers: 'users',
  noowner: 'owner',
  nogroup: 'group',
};
/** Values that the kernel does not show. */
const unshown = /^(mode=0*1777|uid=0|gid=0|hidepid=(0|off)|size=50%|acregmin=3|acregmax=60|acdirmin=30|acdirmax=60)$/;
/** Other names of the same, as the kernel has them. */
const names: Readonly<Record<string, string>> = {
  usrquota: 'usrquota',
  uquota: 'usrquota',
  quota: 'usrquota',
  gquota: 'grpquota',
  pquota: 'prjquota',
  tcp: 'proto=tcp',
  udp: 'proto=udp',
};
const hidepids = ['off', 'noaccess', 'invisible', '', 'ptraceable'];
const bytesOf: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const page = 4096;

export function isOnlyInFstab(option: string): boolean {
  return onlyInFstab.test(option);
}

/** Of options of which nobody has seen that a file system of this type takes them, one with which the host might not boot. */
export function unproven(coming: readonly string[], all: readonly string[], type: string): string | undefined {
  if (ofNetwork.test(type) || all.some((option) => isNotNeeded.test(option))) return undefined;
  return coming.find((option) => !onlyInFstab.test(option) && !ofEveryType.test(option) && !ofType[type]?.test(option));
}

/** Whether a declared option is in effect among those that the kernel shows; `memory` in KiB is what percentages are of. */
export function holds(option: string, found: readonly string[], memory: number): boolean {
  if (onlyInFstab.test(option)) return true;
  const contrary = opposites[option];
  if (contrary) return !contrary.some((opposite) => found.includes(opposite));
  const name = names[option] ?? option;
  if (found.includes(name)) return true;
  const masks = masksOf(name);
  if (masks.length && !found.some((one) => keyOf(one) === keyOf(name)))
    return masks.every((mask) => holds(mask, found, memory));
  const key = keyOf(name);
  const shown = found.findLast((one) => keyOf(one) === key && one.includes('='));
  if (shown === undefined) return unshown.test(name);
  // nfs(5): of several, the first that the server offers.
  if (key === 'sec') return name.slice('sec='.length).split(':').includes(shown.slice('sec='.length));
  if (/^size=[0-9]+%$/.test(name)) {
    const wanted = (memory * 1024 * Number.parseInt(name.slice('size='.length), 10)) / 100;
    return Math.abs(wanted - Number(plain(shown).slice('size='.length))) <= wanted / 100;
  }
  return plain(shown) === plain(name) || (/^(nfs)?vers=4$/.test(name) && /^vers=4[.]/.test(shown));
}

/** Whether a declared option holds by those of fstab or a unit, of which the later ones count. */
export function holdsAtBoot(option: string, list: readonly string[], memory: number): boolean {
  if (option === 'defaults') return true;
  if (/^(umask|actimeo)=/.test(option)) return masksOf(option).every((mask) => holdsAtBoot(mask, list, memory));
  const effective = list.flatMap((one) => [one, ...(implied[one] ?? []), ...masksOf(one)]);
  const at = (names: readonly string[]) => Math.max(-1, ...names.map((name) => effective.lastIndexOf(name)));
  // The kernel's own default.
  if (option === 'relatime') return at(['noatime', 'strictatime', 'norelatime']) <= at([option]);
  const contrary = opposites[option] ?? (ofFstab[option] ? [ofFstab[option]] : undefined);
  if (contrary) return at(contrary) < 0 || at(contrary) < at([option]);
  if (option.includes('=')) {
    const last = effective.findLast((one) => keyOf(one) === keyOf(option));
    // All that the server may choose from must be declared.
    if (last !== undefined && option.startsWith('sec='))
      return last
        .slice('sec='.length)
        .split(':')
        .every((one) => option.slice('sec='.length).split(':').includes(one));
    return last === undefined
      ? unshown.test(option) && !/^size/.test(option)
      : (!onlyInFstab.test(option) && holds(option, [last], memory)) || last === option;
  }
  const positive = Object.entries({
    ...opposites,
    ...Object.fromEntries(Object.entries(ofFstab).map(([a, b]) => [a, [b]])),
  })
    .filter(([, negatives]) => negatives.includes(option))
    .map(([name]) => name);
  return at([option]) >= 0 && at([option]) > at(positive);
}

/** The options of fstab with those that lack, and without what contradicts them. */
export function completed(list: readonly string[], wanted: readonly string[], memory: number): string[] {
  return wanted.reduce<string[]>(
    (options, option) => {
      if (holdsAtBoot(option, options, memory)) return options;
      const contrary = new Set([
        ...(opposites[option] ?? []),
        ...Object.keys(opposites).filter((name) => opposites[name]?.includes(option)),
        ...(ofFstab[option] ? [ofFstab[option]] : []),
        ...Object.keys(ofFstab).filter((name) => ofFstab[name] === option),
        ...(times.includes(option) ? times : []),
      ]);
      const kept = options.filter(
        (one) => !contrary.has(one) && !(option.includes('=') && keyOf(one) === keyOf(option)),
      );
      if (holdsAtBoot(option, kept, memory)) return kept;
      return [...(kept.length === 1 && kept[0] === 'defaults' ? [] : kept), option];
    },
    [...list],
  );
}

/** How the flags of a mount, and what its file system takes while mounted, come to hold; or the option that takes more than that. */
export function liveChange(
  missing: readonly string[],
  type: string,
  isReadOnly: boolean,
): { set: string[]; clear: string[]; data?: string } | { readonly not: string } {
  const set: string[] = [];
  const clear: string[] = [];
  const data: string[] = [];
  for (const option of missing) {
    const contrary = opposites[option]?.filter((one) => flags.includes(one));
    if (option === 'rw' && isReadOnly) return { not: option };
    if (flags.includes(option)) set.push(option);
    else if (contrary?.length) clear.push(...contrary);
    else if (type === 'tmpfs' && /^(size|nr_inodes)=/.test(option)) data.push(option);
    else if (type === 'proc' && /^(hidepid|gid)=/.test(option)) data.push(option);
    else return { not: option };
  }
  return { set, clear, ...(data.length && { data: data.join(',') }) };
}

export function optionDifference(path: string, option: string, found: readonly string[]): Difference | undefined {
  const positive = Object.keys(opposites).find((one) => opposites[one]?.includes(option) && found.includes(one));
  const opposite = opposites[option]?.find((one) => found.includes(one));
  const actual =
    opposite ?? positive ?? found.findLast((one) => one.includes('=') && keyOf(one) === keyOf(option)) ?? 'not set';
  return differs(path, option, visible(actual));
}

/** Flags that a mount has beyond the usual, to be kept when it is written down. */
export function flagsOf(found: readonly string[]): string[] {
  return found.filter((option) => flags.includes(option) && option !== 'relatime');
}

/** Those of files and of folders that an option of FAT, or of nfs(5), stands for. */
const standsFor: Readonly<Record<string, readonly string[]>> = {
  umask: ['fmask', 'dmask'],
  actimeo: ['acregmin', 'acregmax', 'acdirmin', 'acdirmax'],
};
function masksOf(option: string): string[] {
  const key = keyOf(option);
  return (option.includes('=') ? (standsFor[key] ?? []) : []).map((one) => option.replace(key, one));
}

function keyOf(option: string): string {
  return option.replace(/=.*/s, '').replace(/^nfsvers$/, 'vers');
}

/** `size=1G` as the kernel shows it, `size=1048576k`, in whole pages; modes without leading zeros. */
function plain(option: string): string {
  const [, key = '', number = '', unit = ''] = /^(size|nr_inodes|nr_blocks)=([0-9]+)([kmgt]?)$/i.exec(option) ?? [];
  if (key) {
    const value = Number(number) * (bytesOf[unit.toLowerCase()] ?? 1);
    return `${key}=${key === 'size' ? Math.ceil(value / page) * page : value}`;
  }
  const [, level] = /^hidepid=([0-4])$/.exec(option) ?? [];
  if (level) return `hidepid=${hidepids[Number(level)] ?? level}`;
  return option
    .replace(/^((?:u|f|d)mask|mode|(?:file|dir)_mode)=0+(?=.)/, '$1=')
    .replace(/^nfsvers=/, 'vers=')
    .replace(/^subvol=(?!\/)/, 'subvol=/')
    .replace(/^compress(-force)?=zstd$/, 'compress$1=zstd:3');
}
