/**
 * Files that are there, and that their readers do not take as they are: because of their mode or owner, or because they read what another program
 * makes of them, and that is older. Pure.
 */
import type { ToldFile } from './toldLines.ts';

interface Attributes {
  readonly mode: number;
  readonly uid: string;
}

/** What is wrong with the attributes; nothing where the reader takes them. */
type Fault = (file: Attributes) => string | undefined;

const notOfRoot: Fault = ({ uid }) => (uid === '0' ? undefined : 'because it does not belong to root');
const writable: Fault = ({ mode }) => (mode & 0o022 ? 'because others than root can write to it' : undefined);
const open: Fault = ({ mode }) => (mode & 0o077 ? 'because others than root have access to it' : undefined);
const notExecutable: Fault = ({ mode }) => (mode & 0o111 ? undefined : 'because it is not executable');
const unreadable: Fault = ({ mode }) =>
  mode & 0o004 ? undefined : 'for accounts other than root, which cannot read it';
/** process_crontab() of cronie. */
const modeOfCron: Fault = ({ mode }) =>
  (mode & 0o7533) === 0o400 ? undefined : 'because of its mode: it must be writable by root alone, and not executable';

/** cronie, crontabs(4), logrotate's config.c, nm-keyfile, NetworkManager-dispatcher(8), rc-local.service, usbguard-daemon(8), /etc/profile of RHEL, ssh. */
const readers: readonly (readonly [paths: RegExp, reader: string, faults: readonly Fault[]])[] = [
  [/^\/etc\/(crontab|cron[.]d\/.*)$/, 'cron', [notOfRoot, modeOfCron]],
  [/^\/etc\/cron[.](hourly|daily|weekly|monthly)\//, 'run-parts', [notExecutable]],
  [/^\/etc\/logrotate[.](conf|d\/.*)$/, 'logrotate', [notOfRoot, writable]],
  [/^\/etc\/NetworkManager\/system-connections\//, 'NetworkManager', [notOfRoot, open]],
  [/^\/etc\/NetworkManager\/dispatcher[.]d\//, 'NetworkManager', [notOfRoot, writable, notExecutable]],
  [/^\/etc\/rc([.]d\/rc)?[.]local$/, 'systemd', [notExecutable]],
  [/^\/etc\/usbguard\/(usbguard-daemon|rules)[.]conf$/, 'usbguard', [open]],
  [/^\/etc\/(profile|bashrc|csh[.](cshrc|login)|profile[.]d\/.*)$/, 'shells', [unreadable]],
  [/^\/etc\/ssh\/ssh_config(|[.]d\/.*)$/, 'ssh', [unreadable]],
];

/** Why its reader does not take it, as words that follow `is`; nothing where it does. */
export function whyRefused({ path, seen }: Pick<ToldFile, 'path' | 'seen'>): string | undefined {
  const [kind, mode = '', uid = ''] = seen.split(':');
  if (kind !== 'f') return undefined;
  const [, reader, faults = []] = readers.find(([paths]) => paths.test(path)) ?? [];
  for (const fault of faults) {
    const why = fault({ mode: Number.parseInt(mode, 8), uid });
    if (why !== undefined) return `ignored by ${reader ?? ''} ${why}`;
  }
  return undefined;
}

/** What makes of a file that which programs read: dconf(7), newaliases(1), postmap(1), ldconfig(8). The host tells whether that is older. */
const makers: readonly (readonly [paths: RegExp, command: string])[] = [
  [/^\/etc\/dconf\/db\//, 'dconf update'],
  [/^\/etc\/aliases$/, 'newaliases'],
  [/^\/etc\/ld[.]so[.]conf/, 'ldconfig'],
  [/^\/etc\/(postfix|mail)\//, 'postmap'],
];

/** Why what it says is not in effect yet; nothing where it may be. */
export function whyStale({ path, isNewer }: Pick<ToldFile, 'path' | 'isNewer'>): string | undefined {
  const command = isNewer && makers.find(([paths]) => paths.test(path))?.[1];
  if (!command) return undefined;
  const whole = command === 'postmap' ? `${command} ${path}` : command;
  return `programs read what \`${whole}\` makes of ${path}, and it was not run since the file changed: run it`;
}
