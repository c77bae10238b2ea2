/** What is known of configuration files by their paths: the section of their settings, and a check type that knows them better. Pure. */

/** The one section in which such a file has its settings. */
const sections: readonly (readonly [RegExp, string])[] = [
  [/^\/etc\/(dnf\/dnf|yum)\.conf$/, 'main'],
  [/^\/etc\/systemd\/journald\.conf$/, 'Journal'],
  [/^\/etc\/systemd\/journal-upload\.conf$/, 'Upload'],
  [/^\/etc\/systemd\/journal-remote\.conf$/, 'Remote'],
  [/^\/etc\/systemd\/pstore\.conf$/, 'PStore'],
  [/^\/etc\/systemd\/logind\.conf$/, 'Login'],
  [/^\/etc\/systemd\/(system|user)\.conf$/, 'Manager'],
  [/^\/etc\/systemd\/resolved\.conf$/, 'Resolve'],
  [/^\/etc\/systemd\/timesyncd\.conf$/, 'Time'],
  [/^\/etc\/systemd\/coredump\.conf$/, 'Coredump'],
  [/^\/etc\/systemd\/sleep\.conf$/, 'Sleep'],
  [/^\/etc\/systemd\/oomd\.conf$/, 'OOM'],
];

/** Other check types that know these better. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^\/etc\/ssh\/sshd_config/, 'sshd'],
  [/^\/etc\/sysctl\.(conf|d\/)/, 'sysctl'],
  [/^\/etc\/selinux\/config$|^\/etc\/sysconfig\/selinux$/, 'selinux'],
  [/^\/etc\/fstab$/, 'mount'],
  [/^\/etc\/modprobe\.d\//, 'kernelModule'],
];

export function sectionOf(path: string): string | undefined {
  return sections.find(([paths]) => paths.test(path))?.[1];
}

export function otherTypeFor(path: string): string | undefined {
  return others.find(([paths]) => paths.test(path))?.[1];
}

/** Where services are told to use the modules: those of RHEL that others include, and of those that do not. */
export const stacks = ['system-auth', 'password-auth', 'sshd', 'login', 'sudo', 'su'].map(
  (name) => `/etc/pam.d/${name}`,
);

/** Files whose readers give up at a line that has no blanks around its sign: nv_split() of audit and of fapolicyd. */
export const needsBlanks = /^\/etc\/(fapolicyd\/fapolicyd|audit\/(audisp-remote|zos-remote|plugins\.d\/[^/]+))\.conf$/;

/** What the running kernel was started with. */
export const commandLine = '/proc/cmdline';

/** Whether the file is no file of settings, but told because of what it says about one. */
export function isBeside({ path }: { readonly path: string }): boolean {
  return isStack({ path }) || path === commandLine;
}

/** Read as a program by a shell, where a line may be all that is between two others; by bash, which can tell whether it is one. */
export function shellOf(path: string): 'bash' | 'another' | undefined {
  if (
    /^\/etc\/(profile|bashrc|bash\.bashrc)$|\.sh$|\/\.(bashrc|bash_profile|bash_login|bash_logout|profile)$/.test(path)
  )
    return 'bash';
  return /^\/etc\/(csh\.(cshrc|login)|zshrc|zprofile|rc\.d\/rc\.local|rc\.local)$|\/\.(cshrc|zshrc|kshrc)$/.test(path)
    ? 'another'
    : undefined;
}

/** What ssh reads, in which a line `Host` or `Match` makes all below it hold for some hosts alone, whether it is indented or not. */
export const ofSsh = /^\/etc\/ssh\/ssh_config(\.d\/[^/]+)?$/;
export const blockOfSsh = /^\s*"?(host|match)[\s="]/i;

export function isStack({ path }: { readonly path: string }): boolean {
  return path.startsWith('/etc/pam.d/');
}
