/** What the values of options of sshd mean: which are the same in other words. Pure. */
import { fitsWildcards } from '../../lib/wildcards.ts';

/** Names that releases of OpenSSH have for the same option: they print one and accept all. The first is today's. */
const sameOptions = [
  ['kbdinteractiveauthentication', 'challengeresponseauthentication', 'skeyauthentication'],
  ['pubkeyacceptedalgorithms', 'pubkeyacceptedkeytypes'],
  ['hostbasedacceptedalgorithms', 'hostbasedacceptedkeytypes'],
  ['requiredrsasize', 'rsaminsize'],
];
/** Every line of them adds up with the others, in any order. `sshd -T` says nothing of them where they are not set. */
const addingUp = new Set([
  'acceptenv',
  'allowgroups',
  'allowusers',
  'denygroups',
  'denyusers',
  'hostcertificate',
  'hostkey',
  'listenaddress',
  'logverbose',
  'port',
  'setenv',
  'subsystem',
]);
/** One line counts, whose words may stand in any order. */
const sets = new Set(['authenticationmethods', 'authorizedkeysfile', 'permitlisten', 'permitopen']);
/** Values are names or paths, which differ by case. */
const namesAndPaths = new Set([
  ...addingUp,
  ...sets,
  'authorizedkeyscommand',
  'authorizedkeyscommanduser',
  'authorizedprincipalscommand',
  'authorizedprincipalscommanduser',
  'authorizedprincipalsfile',
  'chrootdirectory',
  'forcecommand',
  'versionaddendum',
  'xauthlocation',
]);
/** Words that sshd takes in any case. */
const words = new Set(
  'yes no none any all local remote without-password prohibit-password forced-commands-only clientspecified delayed inet inet6 shosts-only point-to-point ethernet quiet fatal error info verbose debug debug1 debug2 debug3 daemon user auth authpriv local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  ),
);
/** What sshd prints for words that it takes as the same, by option. */
const sameWords: Record<string, Record<string, string>> = {
  permitrootlogin: { 'prohibit-password': 'without-password' },
  compression: { delayed: 'yes' },
  allowtcpforwarding: { all: 'yes', none: 'no' },
  allowstreamlocalforwarding: { all: 'yes', none: 'no' },
  loglevel: { debug: 'debug1' },
};
const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const times = new Set(['logingracetime', 'clientaliveinterval', 'unusedconnectiontimeout']);
/** Their 0 means that there is no bound at all. */
const endless = new Set(['logingracetime', 'clientaliveinterval', 'clientalivecountmax']);

/** All names of the option in lower case, today's first. */
export function namesOf(option: string): readonly string[] {
  const name = option.toLowerCase();
  return sameOptions.find((same) => same.includes(name)) ?? [name];
}

export function nameOf(option: string): string {
  return namesOf(option)[0] ?? '';
}

export function addsUp(option: string): boolean {
  return addingUp.has(nameOf(option));
}

/** They change what the lines after them mean. */
export function isStructural(option: string): boolean {
  return ['match', 'include'].includes(nameOf(option));
}

export function isEndless(option: string, value: number): boolean {
  return value === 0 && endless.has(nameOf(option));
}

/** The words of a value as it is written, without quotes and a comment behind it. */
export function wordsOf(value: string): readonly string[] {
  const found = value.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  const end = found.findIndex((word) => word.startsWith('#'));
  return (end < 0 ? found : found.slice(0, end)).map((word) => word.replaceAll('"', ''));
}

/** The value, or the values of all lines, as text that is equal where sshd does the same. `ports` are those of addresses without one. */
export function canonical(option: string, values: readonly string[], ports: readonly string[] = ['22']): string {
  const name = nameOf(option);
  if (name === 'rekeylimit') return rekeyLimit(values);
  if (name === 'subsystem' || name === 'setenv')
    return values
      .map((value) => wordsOf(value).join(' '))
      .sort()
      .join('\n');
  const all = values.flatMap(wordsOf).flatMap((word) => canonicalWord(name, word, ports));
  if (addingUp.has(name) || sets.has(name)) return [...new Set(all)].sort().join(' ');
  if (name === 'maxstartups' && all.length === 1 && /^[0-9]+$/.test(all[0] ?? '')) return `${all[0]}:30:${all[0]}`;
  if (name === 'ipqos' && all.length === 1) return `${all[0]} ${all[0]}`;
  return all.join(' ');
}

function canonicalWord(name: string, word: string, ports: readonly string[]): readonly string[] {
  if (name === 'listenaddress' && !/^(\[.*\]|[^:]*):[0-9]+$/.test(word))
    return ports.map((port) => `${word.includes(':') && !word.startsWith('[') ? `[${word}]` : word}:${port}`);
  const folded = !namesAndPaths.has(name) && words.has(word.toLowerCase()) ? word.toLowerCase() : word;
  const same = sameWords[name]?.[folded] ?? folded;
  if (times.has(name) && /^([0-9]+[smhdw])*[0-9]*$/i.test(same)) return [seconds(same)];
  if (/^0[0-9]+$/.test(same) && !name.endsWith('mask')) return [`${Number(same)}`];
  return [same];
}

/** `1h30m` in seconds. */
function seconds(word: string): string {
  const parts = word.toLowerCase().match(/[0-9]+[smhdw]?/g) ?? [];
  return `${parts.reduce((sum, part) => sum + Number.parseInt(part, 10) * (unitSeconds[part.slice(-1)] ?? 1), 0)}`;
}

/** `512M 1h` in bytes and seconds. */
function rekeyLimit(values: readonly string[]): string {
  const [size = '', time = ''] = values.flatMap(wordsOf).map((word) => word.toLowerCase());
  const inSeconds = /^([0-9]+[smhdw])*[0-9]+[smhdw]?$/.test(time) ? seconds(time) : time;
  return [/^[0-9]+[kmg]$/.test(size) ? bytes(size) : size, inSeconds]
    .map((word) => (['', 'default', 'none'].includes(word) ? '0' : word))
    .join(' ');
}

function bytes(word: string): string {
  const power = 'kmg'.indexOf(word.slice(-1).toLowerCase()) + 1;
  return `${Number.parseInt(word, 10) * 1024 ** power}`;
}

/** The members of a value that is a list: separated by blanks and commas. */
export function membersOf(values: readonly string[]): readonly string[] {
  return values
    .flatMap(wordsOf)
    .flatMap((word) => word.split(','))
    .filter(Boolean);
}

/** Whether sshd's pattern, with `*` and `?`, fits. */
export function fits(pattern: string, text: string): boolean {
  return fitsWildcards(pattern, text);
}
