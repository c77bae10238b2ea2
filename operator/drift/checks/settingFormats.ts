/** How the readers of configuration files read them: one row a format, each with where that is written. Pure data. */
import type { SettingFormat } from '../../api/v1alpha1/settingCheck.ts';
import type { Seen } from './change.ts';
import { foldersBeside, foldersOfSystemd, including, ofChrony, refusedByAuditd } from './settingFolders.ts';
import * as forms from './settingForms.ts';
import { otherTypeFor } from './settingPaths.ts';

export interface Format {
  /** Who reads it, for people. */
  readonly reader: string;
  /** Files that are known to have it. */
  readonly paths: RegExp;
  /**
   * How a line sets something, with groups `key` and `value`; a line that does not match sets nothing. What comes after `value` is a
   * comment or a quote.
   */
  readonly line: RegExp;
  /** Between key and value, as people write it. */
  readonly separator: string;
  /** Keys, or values, that differ in case alone are the same. */
  readonly caseless?: readonly ('keys' | 'values')[];
  /** Lines belong to sections, and these are the headers. */
  readonly header?: RegExp;
  /** What is indented below a line is more of its value; or a line that ends in a backslash goes on in the next. */
  readonly goesOn?: 'indented' | 'backslash';
  /** The form without which the reader gives the whole file up, for awk. */
  readonly form?: string;
  /** It gives up too at an indented line that is not right below a setting. */
  readonly onlyBelow?: true;
  /** What is said of a line without that form, as words that follow its number and path; else that the reader does not understand it. */
  readonly oddly?: string;
  /** Folders whose `*.conf` are read too, those of most weight first: of files of one name only the first counts. */
  readonly folders?: (path: string) => readonly string[];
  /** Folders of which it is not known whether they are read too. */
  readonly perhaps?: (path: string) => readonly string[];
  /** Why its reader does not take a file of such attributes, as words that follow its path; nothing where it does. */
  readonly refuses?: (seen: Seen) => string | undefined;
  /** The keys that its reader knows; it does not start with any other. */
  readonly known?: RegExp;
  /** A number that must be larger than another, or the reader gives up. */
  readonly larger?: readonly [key: string, than: string];
  /** Files of packages, of which the first is read where there is no main file. */
  readonly vendors?: (path: string) => readonly string[];
  /** Whether what the main file sets counts for more than what files of the folders set. */
  readonly mainWins?: true;
  /** Files that may be missing: one is then made. Of all others the package that brings them is missing. */
  readonly made?: RegExp;
  /** A file of this name in the first folder can be added where there is no other place to write to. */
  readonly dropIn?: string;
  /** Readers differ on which of several lines counts: all must say the same. */
  readonly isStrict?: true;
  /** Values are quoted as in a shell. */
  readonly isQuoted?: true;
  /** Keys that may be set several times, each adding to the others. */
  readonly addsUp?: RegExp;
  /** Lines by which it reads other files, by their first word, and the keys that those may set. */
  readonly includes?: readonly (readonly [word: string, keys: RegExp])[];
  /** A module of PAM that takes the same settings as arguments, which count for more than any file. */
  readonly module?: string;
  /** Words for true and false. */
  readonly truth?: readonly [RegExp, RegExp];
  /** How numbers are written: `c` has 027 in octal and 0x1f, as strtol(3) with base 0. */
  readonly numbers?: 'c';
  /** Numbers with units of size or time: `10M`, `5min`. */
  readonly hasUnits?: true;
  /** What is no number where one is wanted is passed over or fails, so that it never holds. */
  readonly refusesOddNumbers?: true;
  /** Numbers beyond which it takes another one than is written. */
  readonly ranges?: readonly (readonly [key: RegExp, least: number, most: number])[];
  /** Values that stand for no limit, by key. */
  readonly endless?: readonly (readonly [key: RegExp, value: RegExp])[];
  /** Keys that hold bits of a mode: more bits of a mask are stricter, fewer of a mode. */
  readonly bits?: RegExp;
  /** Comments in front of an example: `#Storage=auto`. */
  readonly comment: string;
}

const yes = /^(1|yes|y|true|t|on)$/i;
const no = /^(0|no|n|false|f|off)$/i;
const anything = /^/;

export const formats: { readonly [F in SettingFormat]: Format } = {
  // login.defs(5) and lib/getdef.c of shadow: leading blanks count for nothing, a comment only begins a line, the last line counts, a value
  // may be quoted, numbers are those of strtol with base 0; a number with anything behind it is an error that leaves the default.
  LoginDefs: {
    reader: 'shadow-utils',
    paths: /^\/etc\/login\.defs$/,
    line: /^[ \t]*(?<key>[^#\s]\S*)[ \t][ \t"]*(?<value>[^"]*?)\s*(?:".*)?$/d,
    separator: ' ',
    truth: [/^yes$/i, /^(?!yes$)/i],
    numbers: 'c',
    refusesOddNumbers: true,
    endless: [
      [/^PASS_MAX_DAYS$/, /^-/],
      [/^LOGIN_TIMEOUT$/, /^0+$/],
    ],
    bits: /^(UMASK|HOME_MODE)$/,
    comment: '#',
  },
  // pwquality.conf(5) and src/settings.c: `#` begins a comment anywhere, `=` may be left out, case of keys counts for nothing, the last line
  // counts, files of pwquality.conf.d are read first. 0 turns the limits of repetition off. Reading ends at what it does not know.
  Pwquality: {
    reader: 'libpwquality',
    module: 'pam_pwquality.so',
    paths: /^\/etc\/security\/pwquality\.conf$/,
    line: /^\s*(?<key>[^\s=#]+)[\s=]*(?<value>(?:[^#\s=][^#]*?)?)\s*(?:#.*)?$/d,
    made: anything,
    separator: ' = ',
    caseless: ['keys'],
    form: forms.pwquality,
    folders: () => ['/etc/security/pwquality.conf.d'],
    mainWins: true,
    refusesOddNumbers: true,
    endless: [[/^(max(repeat|classrepeat|sequence)|usersubstr)$/i, /^0+$/]],
    comment: '#',
  },
  // faillock.conf(5) and faillock_config.c of Linux-PAM: as above, but case counts. deny=0 turns locking off, unlock_time=0 is never.
  Faillock: {
    reader: 'pam_faillock',
    module: 'pam_faillock.so',
    paths: /^\/etc\/security\/faillock\.conf$/,
    line: /^\s*(?<key>[^\s=#]+)[\s=]*(?<value>(?:[^#\s=][^#]*?)?)\s*(?:#.*)?$/d,
    made: anything,
    separator: ' = ',
    refusesOddNumbers: true,
    // deny is a short without a sign; a longer time than a week is refused.
    ranges: [
      [/^deny$/, 0, 65_535],
      [/^(fail_interval|(root_)?unlock_time)$/, 0, 604_800],
    ],
    endless: [
      [/^deny$/, /^0+$/],
      [/^(root_)?unlock_time$/, /^(0+|never)$/],
    ],
    comment: '#',
  },
  // auditd.conf(5) and nv_split() of auditd-config.c: `key = value` with blanks (no tabs) around the sign; with any other line auditd gives up.
  Auditd: {
    reader: 'auditd',
    paths: /^\/etc\/audit\/auditd\.conf$/,
    line: /^ *(?<key>[^ #]\S*) += +(?<value>\S+(?: +\S+)?) *$/d,
    separator: ' = ',
    caseless: ['keys', 'values'],
    form: forms.auditd,
    refuses: refusedByAuditd,
    larger: ['space_left', 'admin_space_left'],
    truth: [/^yes$/i, /^no$/i],
    comment: '#',
  },
  // dnf.conf(5) and iniparser.cpp of libdnf: a comment only begins a line, an indented line is more of the value above, the last line counts,
  // sections of one name are one, and what the parser does not understand ends it.
  Dnf: {
    reader: 'dnf',
    paths: /^\/etc\/(dnf\/dnf\.conf|yum\.conf|yum\.repos\.d\/[^/]+\.repo)$/,
    line: /^(?<key>[^\s=#;[][^=]*?)[ \t]*=[ \t]*(?<value>.*?)[ \t\r]*$/d,
    made: /\/(dnf|yum)\.conf$/,
    separator: '=',
    header: /^[ \t]*\[(?<section>[^\]]+)\][ \t]*(?:[#;].*)?\r?$/,
    goesOn: 'indented',
    form: forms.dnf,
    onlyBelow: true,
    truth: [/^(1|yes|true|on)$/i, /^(0|no|false|off)$/i],
    endless: [
      [/^(installonly_limit|retries)$/, /^0+$/],
      [/^metadata_expire$/, /^(-1|never)$/i],
    ],
    comment: '#',
  },
  // systemd.syntax(7): a comment only begins a line, `\` at the end goes on, case counts, the last line counts, an empty value is the default.
  Systemd: {
    reader: 'systemd',
    paths: /^\/etc\/systemd\/[a-z-]+\.conf$/,
    line: /^\s*(?<key>[^\s=#;[][^=]*?)\s*=\s*(?<value>.*?)\s*$/d,
    separator: '=',
    header: /^\s*\[(?<section>.*)\]\s*$/,
    goesOn: 'backslash',
    folders: foldersOfSystemd,
    vendors: (path) => ['/run', '/usr/local/lib', '/usr/lib'].map((root) => path.replace(/^\/etc/, root)),
    dropIn: '99-holdfast.conf',
    truth: [yes, no],
    hasUnits: true,
    endless: [
      [/^(MaxRetentionSec|MaxFileSec|StopIdleSessionSec|IdleActionSec|.*WatchdogSec)$/, /^0+(\.0+)?\s*[a-z]*$/i],
      [/^RateLimitBurst$/, /^0+$/],
      [anything, /^infinity$/i],
    ],
    comment: '#',
  },
  // bash(1) and EnvironmentFile= of systemd.exec(5), as far as the two agree.
  ShellVariables: {
    reader: 'the shell',
    paths: /^\/etc\/(sysconfig|default)\/(?!useradd$)[^/]+$/,
    line: /^[ \t]*(?:export[ \t]+)?(?<key>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*?)\s*$/d,
    made: anything,
    separator: '=',
    goesOn: 'backslash',
    isQuoted: true,
    form: forms.shell,
    oddly:
      'is more than KEY="value", and only a shell can evaluate it: write each variable on one line of its own, without a carriage return',
    comment: '#',
  },
  // get_defaults() of useradd.c: the line begins with the key, the rest is the value, quotes and blanks included; a number that strtol does not
  // take whole leaves the default, and below 0 nothing expires.
  Useradd: {
    reader: 'useradd',
    paths: /^\/etc\/default\/useradd$/,
    line: /^(?<key>[A-Za-z_]+)=(?<value>.*)$/d,
    made: anything,
    separator: '=',
    numbers: 'c',
    refusesOddNumbers: true,
    endless: [[/^INACTIVE$/, /^-/]],
    comment: '#',
  },
  // chrony.conf(5): comments begin a line with one of !;#%, case of directives counts for nothing, the last one counts but for those that add up.
  Chrony: {
    reader: 'chronyd',
    paths: /^\/etc\/(chrony\.conf|chrony\/chrony\.conf)$/,
    line: /^\s*(?<key>[^\s!;#%]+)(?:\s+(?<value>\S.*?))?\s*$/d,
    separator: ' ',
    caseless: ['keys'],
    known: ofChrony,
    addsUp:
      /^(server|pool|peer|refclock|allow|deny|cmdallow|cmddeny|(bind|bindacq|bindcmd)address|hwtimestamp|initstepslew|log|mailonchange|ntstrustedcerts|ntsserver(cert|key)|sourcedir|broadcast|ratelimit)$/i,
    includes: [
      ['include', anything],
      ['confdir', anything],
      ['sourcedir', /^(server|pool|peer)$/i],
    ],
    comment: '#',
  },
  // limits.conf(5): four fields, the first three of which are the key, `-` is soft and hard, then limits.d is read by name; the last counts.
  Limits: {
    reader: 'pam_limits',
    module: 'pam_limits.so',
    paths: /^\/etc\/security\/limits\.conf$/,
    line: /^\s*(?<key>[^\s#]+\s+\S+\s+\S+)\s+(?<value>[^\s#]+)\s*(?:[#\s].*)?$/d,
    made: anything,
    separator: ' ',
    caseless: ['values'],
    folders: () => ['/etc/security/limits.d'],
    endless: [[anything, /^(-1|unlimited|infinity)$/i]],
    comment: '#',
  },
  // sudoers(5), as cvtsudoers reads it: see sudoSaid.ts.
  Sudoers: {
    reader: 'sudo',
    paths: /^\/etc\/sudoers(\.d\/[^/]+)?$/,
    line: /(?!)/,
    separator: ' ',
    endless: [
      [/^timestamp_timeout$/, /^-/],
      [/^(passwd|command)_timeout$/, /^(-.*|0+)$/],
    ],
    comment: '#',
  },
  KeyValue: {
    reader: 'the program that reads it',
    paths: /^$/,
    line: /^\s*(?<key>[^\s=#;[][^\s=]*)(?:(?:\s*=\s*|\s+)(?<value>.*?))?\s*$/d,
    separator: ' = ',
    isStrict: true,
    perhaps: foldersBeside,
    form: forms.withoutBlocks,
    oddly:
      'begins a block, and Holdfast does not read files with blocks: check it with a check of type `line` or `file`',
    includes: including,
    comment: '#',
  },
  Ini: {
    reader: 'the program that reads it',
    paths: /^$/,
    line: /^\s*(?<key>[^\s=#;[][^=]*?)\s*(?:=\s*(?<value>.*?)\s*)?$/d,
    separator: ' = ',
    header: /^\s*\[(?<section>[^\]]*)\]\s*$/,
    goesOn: 'indented',
    isStrict: true,
    perhaps: foldersBeside,
    form: forms.withoutBlocks,
    oddly:
      'begins a block, and Holdfast does not read files with blocks: check it with a check of type `line` or `file`',
    includes: including,
    truth: [yes, no],
    comment: '#',
  },
};

export function formatOf(path: string): SettingFormat | undefined {
  if (otherTypeFor(path)) return undefined;
  return (Object.keys(formats) as SettingFormat[]).find((format) => formats[format].paths.test(path));
}
