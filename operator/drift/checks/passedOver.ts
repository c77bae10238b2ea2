/** Files of folders whose readers take only names of one form: any other is read by nobody. Pure. */

/** Folder, the form of names, and who reads it: augenrules(8), modprobe.d(5), sysctl.d(5), limits.conf(5), bash, ld.so.conf and rsyslog.conf of RHEL, dnf.conf(5), … */
const folders: readonly (readonly [folder: string, names: RegExp, reader: string])[] = [
  ...['coredump', 'journald', 'logind', 'resolved', 'sleep', 'system', 'timesyncd', 'user'].map(
    (name) => [`/etc/systemd/${name}.conf.d/`, /[.]conf$/, 'systemd'] as const,
  ),
  ['/etc/NetworkManager/conf.d/', /[.]conf$/, 'NetworkManager'],
  ['/etc/dracut.conf.d/', /[.]conf$/, 'dracut'],
  ['/etc/ld.so.conf.d/', /[.]conf$/, 'ldconfig'],
  ['/etc/polkit-1/rules.d/', /[.]rules$/, 'polkit'],
  ['/etc/rsyslog.d/', /[.]conf$/, 'rsyslog'],
  ['/etc/audit/rules.d/', /[.]rules$/, 'augenrules'],
  ['/etc/modprobe.d/', /[.]conf$/, 'modprobe'],
  ['/etc/modules-load.d/', /[.]conf$/, 'systemd'],
  ['/etc/profile.d/', /[.]c?sh([.]local)?$/, 'shells'],
  ['/etc/security/limits.d/', /[.]conf$/, 'pam_limits'],
  ['/etc/security/pwquality.conf.d/', /[.]conf$/, 'libpwquality'],
  ['/etc/ssh/sshd_config.d/', /[.]conf$/, 'sshd'],
  ['/etc/sysctl.d/', /[.]conf$/, 'systemd-sysctl'],
  ['/etc/tmpfiles.d/', /[.]conf$/, 'systemd-tmpfiles'],
  ['/etc/udev/rules.d/', /[.]rules$/, 'udev'],
  ['/etc/yum.repos.d/', /[.]repo$/, 'dnf'],
];

/** Why it is not read, as words that follow `is`; nothing when it may be. */
export function whyPassedOver(path: string): string | undefined {
  const found = folders.find(([folder]) => path.startsWith(folder));
  if (!found) return undefined;
  const [folder, names, reader] = found;
  const name = path.slice(folder.length);
  return names.test(name) && !name.includes('/') ? undefined : `ignored by ${reader} because of its name`;
}

/** Why a line that is there may not count, though its file is read. */
export function whyUncertain(path: string, line: string): string | undefined {
  if (path.startsWith('/etc/audit/rules.d/') && /^\s*-e(\s|$)/.test(line))
    return 'augenrules uses only the last `-e` line below /etc/audit/rules.d: check the value of `enabled` in the output of `auditctl -s`';
  return undefined;
}
