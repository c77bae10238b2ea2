/**
 * What TuneD makes of kernel parameters once the host is up, after systemd-sysctl: it sets what its profile has, and then, unless it is told not to,
 * once more what stands in /run/sysctl.d and /etc/sysctl.d, by name, and in /etc/sysctl.conf, which it reads last (plugin_sysctl.py). Pure.
 */
import type { Setting } from './sysctlSettings.ts';

export interface Tuned {
  /** Whether it sets again what is in these files. */
  readonly reapplies: boolean;
  /** What its profile sets, and where. */
  readonly profile?: { readonly file: string; readonly value: string };
}

export interface SetLate extends Tuned {
  readonly file: string;
  readonly value: string;
}

/** That of /etc/sysctl.conf, which is a link on RHEL. */
const last = '/etc/sysctl.d/99-sysctl.conf';

/** What it sets; nothing where it leaves the parameter as systemd-sysctl has set it. `lines` are all that set it, as they are read. */
export function setLate(tuned: Tuned, path: string, lines: readonly Setting[]): SetLate | undefined {
  const again = lines.filter(
    ({ key, file, value }) => tuned.reapplies && key === path && value !== undefined && /^\/(etc|run)\//.test(file),
  );
  const found = again.findLast(({ file }) => file === last) ?? again.at(-1);
  if (found?.value !== undefined) return { reapplies: true, file: found.file, value: found.value };
  return tuned.profile && { ...tuned, ...tuned.profile };
}

/** Why a change of sysctl.d would not be the last word; nothing where it would. */
export function whyOutdone(late: SetLate | undefined, setting: Setting | undefined): string | undefined {
  if (late?.profile && !late.reapplies)
    return `${late.file} sets it when TuneD starts, and TuneD does not set again what is in sysctl.d (\`reapply_sysctl = 0\`): change the profile`;
  return late?.file === last && setting?.file !== last
    ? 'TuneD sets again what is in /etc/sysctl.conf after all other files: remove the parameter from it'
    : undefined;
}

/** Parameters that only tell something: what they are after the next boot is not for sysctl.d to decide. */
export const onlyTells =
  /^(crypto\.fips_enabled|dev\.cdrom\.info|fs\.(aio-nr|dentry-state|file-nr|inode-nr|inode-state|quota\..*)|kernel\.(arch|bootloader_(type|version)|cap_last_cap|ngroups_max|osrelease|ostype|version|pty\.nr|random\.(boot_id|uuid|entropy_avail|poolsize)|seccomp\.actions_avail)|net\.ipv4\.tcp_available_\w+|net\.netfilter\.nf_conntrack_count)$/;
