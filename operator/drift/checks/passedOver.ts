/** Files that are read by nobody: in folders whose readers take only names of one form, or with a mode or owner that they refuse. Pure. */
import { whyRefused } from './refused.ts';
import type { ToldFile, ToldLine } from './toldLines.ts';

/** Folder, or what matches it, the form of names, and who reads it: augenrules(8), systemd.unit(5), krb5.conf(5), logrotate(8), modprobe.d(5), sysctl.d(5), limits.conf(5), bash, ld.so.conf and rsyslog.conf of RHEL, dnf.conf(5), … */
const folders: readonly (readonly [folder: string | RegExp, names: RegExp, reader: string])[] = [
  [/^\/etc\/systemd\/(system|user)\/[^/]+[.]d\//, /[.]conf$/, 'systemd'],
  ...'coredump homed journal-remote journal-upload journald logind networkd oomd pstore resolved sleep system timesyncd user'
    .split(' ')
    .map((name) => [`/etc/systemd/${name}.conf.d/`, /[.]conf$/, 'systemd'] as const),
  ['/etc/NetworkManager/conf.d/', /[.]conf$/, 'NetworkManager'],
  ['/etc/dracut.conf.d/', /[.]conf$/, 'dracut'],
  ...['binfmt', 'environment', 'sysusers'].map((name) => [`/etc/${name}.d/`, /[.]conf$/, 'systemd'] as const),
  ['/etc/cloud/cloud.cfg.d/', /[.]cfg$/, 'cloud-init'],
  ['/etc/fapolicyd/rules.d/', /[.]rules$/, 'fagenrules'],
  ['/etc/krb5.conf.d/', /^([A-Za-z0-9_-]+|[^.].*[.]conf)$/, 'Kerberos'],
  [
    '/etc/logrotate.d/',
    /^(?!.*(,v|~|[.](bak|disabled|rpmorig|rpmsave|rpmnew|swp|cfsaved|dpkg-[a-z]+|ucf-[a-z]+))$)/,
    'logrotate',
  ],
  ['/etc/cron.d/', /^(?![.#])(?!.*(~|[.]rpm(save|orig|new))$)/, 'cron'],
  ['/etc/ssh/ssh_config.d/', /[.]conf$/, 'ssh'],
  ['/etc/sssd/conf.d/', /^[^.].*[.]conf$/, 'sssd'],
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

const crontabs = /^\/etc\/(crontab|cron[.]d\/.*)$/;

/** Why it is not read, as words that follow `is`; nothing when it may be. */
export function whyPassedOver({ path, seen }: Pick<ToldFile, 'path' | 'seen'>): string | undefined {
  for (const [folder, names, reader] of folders) {
    const inside = typeof folder === 'string' ? path.startsWith(folder) && folder : folder.exec(path)?.[0];
    if (!inside) continue;
    const name = path.slice(inside.length);
    if (!names.test(name) || name.includes('/')) return `ignored by ${reader} because of its name`;
    break;
  }
  return whyRefused({ path, seen });
}

/** Whether the last line, which does not end, is one that its reader leaves out: crontab(5). */
export function isLeftOut({ path, endsOpen, total }: ToldFile, { number }: ToldLine): boolean {
  return Boolean(endsOpen) && number === total && crontabs.test(path);
}

/** Files of which the reader takes a carriage return at the end of a line for a part of its last word. */
const takeReturns: readonly (readonly [paths: RegExp, reader: string])[] = [
  [/^\/etc\/pam[.]d\//, 'PAM'],
  [/^\/etc\/(profile|bashrc|csh[.](cshrc|login)|profile[.]d\/.*|default\/.*|sysconfig\/.*)$/, 'a shell'],
  [/^\/etc\/modprobe[.]d\//, 'modprobe'],
  [/^\/etc\/audit\/(audit[.]rules|rules[.]d\/.*)$/, 'auditctl'],
  [/^\/etc\/(crontab|cron[.]d\/.*)$/, 'the command that cron starts'],
];

/** Who reads a carriage return at the end of a line as text; nobody where that is not known. */
export function whoTakesReturns(path: string): string | undefined {
  return takeReturns.find(([paths]) => paths.test(path))?.[1];
}

const ofAuthselect =
  /^\/etc\/(pam[.]d|authselect)\/(system-auth|password-auth|fingerprint-auth|smartcard-auth|postlogin)$|^\/etc\/(authselect\/)?nsswitch[.]conf$|^\/etc\/authselect\/dconf-(db|locks)$/;

/** Whether authselect writes the file anew, and refuses to where somebody else has changed it. */
export function isOfAuthselect(path: string, isLink: boolean): boolean {
  return ofAuthselect.test(path) && (isLink || path.startsWith('/etc/authselect/'));
}

/** Why a line that is there may not count, though its file is read. */
export function whyUncertain(path: string, line: string): string | undefined {
  if (path.startsWith('/etc/audit/rules.d/') && /^\s*-e(\s|$)/.test(line))
    return 'augenrules uses only the last `-e` line below /etc/audit/rules.d: check the value of `enabled` in the output of `auditctl -s`';
  return undefined;
}
