/** Situations of `setting` in files with sections. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';
const dnf: HostCase['declare'] = { setting: { path: '/etc/dnf/dnf.conf', key: 'gpgcheck', value: '1' } };
const ofDnf = (text: string): string => `printf '${text}' >/etc/dnf/dnf.conf`;
const checks = `python3 -c 'import dnf; b = dnf.Base(); b.conf.read(); assert b.conf.gpgcheck'`;
const journal: HostCase['declare'] = {
  setting: {
    path: '/etc/systemd/journald.conf',
    section: 'Journal',
    key: 'Storage',
    value: 'persistent',
  },
};
const etc = '/etc/systemd/journald.conf.d';
const run = '/run/systemd/journald.conf.d';
const ofJournal = (main: string, more = ''): string =>
  `rm -rf ${etc} ${run}; mkdir -p ${etc} ${run}; printf '${main}' >/etc/systemd/journald.conf; ${more}`;
const inEffect =
  'test "$(systemd-analyze cat-config systemd/journald.conf | grep "^Storage=" | tail -n 1)" = Storage=persistent';

export const iniSettings: readonly HostCase[] = [
  ...(
    [
      ['in another section', '[main]\\nbest=1\\n[foo]\\ngpgcheck=1\\n', 'not set'],
      ['below another setting, indented', '[main]\\ninstallonly_limit=3\\n gpgcheck=1\\n', 'not set'],
      ['with a comment behind it', '[main]\\ngpgcheck=1 # c\\n', '1 # c (line 2 of /etc/dnf/dnf.conf)'],
      ['twice', '[main]\\ngpgcheck=1\\ngpgcheck=0\\n', '0 (line 3 of /etc/dnf/dnf.conf)'],
      ['in a section of other case', '[MAIN]\\ngpgcheck=1\\n', 'not set'],
      ['in other case', '[main]\\nGPGCHECK=1\\n', 'not set'],
      ['with more below it', '[main]\\ngpgcheck=1\\n  2\\n', '1 | 2 (line 2 of /etc/dnf/dnf.conf)'],
      [
        'in the same section again',
        '[main]\\ngpgcheck=1\\n[foo]\\n[main]\\ngpgcheck = no\\n',
        'no (line 5 of /etc/dnf/dnf.conf)',
      ],
    ] as const
  ).map(([where, text, value]): HostCase => ({
    name: `dnf does not read gpgcheck ${where}`,
    source: `${github}/ComplianceAsCode/content/issues/1727`,
    declare: dnf,
    given: ofDnf(text),
    found: [`value is ${value}, not 1`],
    corrected: checks,
  })),
  ...['gpgcheck=True', 'gpgcheck = yes', 'gpgcheck=ON'].map((text): HostCase => ({
    name: `dnf reads true in ${text}`,
    source: `${github}/cli/cli/issues/9960`,
    declare: dnf,
    given: ofDnf(`[main]\\n${text}\\n`),
    found: [],
  })),
  {
    name: 'dnf gives up without a section',
    declare: dnf,
    given: ofDnf('gpgcheck=1\\n'),
    found: [/^unknown: line 1 of \/etc\/dnf\/dnf\.conf is outside of any section, and dnf stops reading there/],
  },
  {
    name: 'dnf gives up at a line without a sign',
    declare: dnf,
    given: ofDnf('[main]\\ngpgcheck=1\\nnonsense\\n'),
    found: ['unknown: dnf does not understand line 3 of /etc/dnf/dnf.conf; fix it first'],
    cleared: 'printf "[main]\\ngpgcheck=1\\n" >/etc/dnf/dnf.conf',
  },
  ...['[main]\\n gpgcheck=1\\n', '[main]\\n# c\\n best=1\\ngpgcheck=1\\n', '[main]\\ngpgcheck=1\\n# c\\n  2\\n'].map(
    (text): HostCase => ({
      name: `dnf gives up at an indented line that is below no setting: ${text}`,
      declare: dnf,
      given: `${ofDnf(text)}; ! ${checks} 2>/dev/null`,
      found: [/^unknown: dnf does not understand line [234] of \/etc\/dnf\/dnf\.conf; fix it first$/],
      cleared: 'printf "[main]\\ngpgcheck=1\\n" >/etc/dnf/dnf.conf',
    }),
  ),
  {
    name: 'a repository has its own section, which must be named',
    declare: { setting: { path: '/etc/yum.repos.d/hf.repo', key: 'gpgcheck', value: '1' } },
    found: ['unknown: set `section` to the section of the file that it is in, without brackets'],
  },
  {
    name: 'a set is the same in any order',
    declare: { setting: { path: '/etc/dnf/dnf.conf', key: 'excludepkgs', value: 'a,b*', compare: 'SameWords' } },
    given: ofDnf('[main]\\ngpgcheck=1\\nexcludepkgs = b* a\\n'),
    found: [],
  },
  {
    name: 'a file of /run wins over the main file, and a drop-in that comes after it is added',
    source: `${github}/ComplianceAsCode/content/issues/9907`,
    declare: journal,
    given: ofJournal(
      '[Journal]\\nStorage=persistent\\n',
      `printf '[Journal]\\nStorage=volatile\\n' >${run}/50-x.conf; rmdir ${etc}`,
    ),
    found: [`value is volatile (line 2 of ${run}/50-x.conf), not persistent`],
    corrected: inEffect,
  },
  {
    name: 'a file that is masked does not count',
    declare: journal,
    given: ofJournal(
      '[Journal]\\nStorage=persistent\\n',
      `printf '[Journal]\\nStorage=volatile\\n' >${run}/50-x.conf; ln -s /dev/null ${etc}/50-x.conf`,
    ),
    found: [],
  },
  {
    name: 'a drop-in of the administrator is edited where it decides',
    declare: journal,
    given: ofJournal(
      '[Journal]\\n#Storage=auto\\n',
      `printf '# x\\n[Journal]\\n  Storage = none\\nSystemMaxUse=1G\\n' >${etc}/50-x.conf`,
    ),
    found: [`value is none (line 3 of ${etc}/50-x.conf), not persistent`],
    corrected: `grep -qx '  Storage = persistent' ${etc}/50-x.conf`,
  },
  {
    name: 'nothing that could be added comes after this one',
    declare: journal,
    given: ofJournal('[Journal]\\n', `printf '[Journal]\\nStorage=none\\n' >${run}/zz.conf`),
    found: [`value is none (line 2 of ${run}/zz.conf), not persistent`],
    manual: /it is set in .*zz\.conf, which is read after any file that Holdfast would add/,
  },
  {
    name: 'a setting of another section or of other case is none, and stands below its example then',
    declare: journal,
    given: ofJournal(
      'Storage=persistent\\n[journal]\\nStorage=persistent\\n[Journal]\\n#Compress=yes\\n#Storage=auto\\nstorage=persistent\\n',
    ),
    found: ['value is not set, not persistent'],
    corrected: `sed -n 7p /etc/systemd/journald.conf | grep -qx Storage=persistent`,
  },
  {
    name: 'a line that belongs to the one before is no setting',
    declare: journal,
    given: ofJournal('[Journal]\\nForwardToWall=\\\\\\nStorage=persistent\\n'),
    found: ['value is not set, not persistent'],
    corrected: inEffect,
  },
  {
    name: 'an empty value takes it back',
    declare: journal,
    given: ofJournal('[Journal]\\nStorage=persistent\\n', `printf '[Journal]\\nStorage=\\n' >${etc}/1.conf`),
    found: ['value is not set, not persistent'],
    corrected: inEffect,
  },
  {
    name: 'without a main file that of packages is read, and a drop-in is made',
    source: `${github}/ComplianceAsCode/content/issues/12171`,
    declare: journal,
    given: `rm -rf ${etc} ${run} /etc/systemd/journald.conf; printf '[Journal]\\nStorage=volatile\\n' >/usr/lib/systemd/journald.conf`,
    found: ['value is volatile (line 2 of /usr/lib/systemd/journald.conf), not persistent'],
    corrected: `printf '[Journal]\\nStorage=persistent\\n' | cmp - ${etc}/99-holdfast.conf`,
  },
  {
    name: 'but not beside one',
    source: `${github}/systemd/systemd/issues/32199`,
    declare: { setting: { path: '/etc/systemd/journald.conf', key: 'Storage', state: 'Absent' } },
    given: ofJournal('[Journal]\\n', "printf '[Journal]\\nStorage=volatile\\n' >/usr/lib/systemd/journald.conf"),
    found: [],
    cleared: 'rm /usr/lib/systemd/journald.conf',
  },
  {
    name: 'without a main file a drop-in is made',
    declare: journal,
    given: `rm -rf ${etc} ${run} /etc/systemd/journald.conf`,
    found: ['value is not set, not persistent'],
    corrected: `test "$(stat -c %a ${etc}/99-holdfast.conf)" = 644 && ${inEffect}`,
  },
  ...(
    [
      ['SystemMaxUse', '500M', '1073741824', 'AtMost'],
      ['MaxRetentionSec', '1month', '604800', 'AtLeast'],
      ['Compress', 'on', 'yes', undefined],
    ] as const
  ).map(([key, found, value, compare]): HostCase => ({
    name: `${found} of ${key} holds for ${value}`,
    declare: { setting: { path: '/etc/systemd/journald.conf', key, value, ...(compare && { compare }) } },
    given: `printf '[Journal]\\n${key}=${found}\\n' >/etc/systemd/journald.conf`,
    found: [],
  })),
  {
    name: 'a value that is no number is not compared',
    declare: { setting: { path: '/etc/systemd/journald.conf', key: 'SystemMaxUse', value: '1', compare: 'AtMost' } },
    given: "printf '[Journal]\\nSystemMaxUse=some\\n' >/etc/systemd/journald.conf",
    found: [/^unknown: line 2 of \/etc\/systemd\/journald\.conf gives SystemMaxUse a value that cannot be compared/],
  },
  {
    name: 'only the line itself changes: comments, lists and other sections stay',
    source: `${github}/ansible/ansible/issues/81742`,
    declare: { setting: { path: '/etc/hf.ini', format: 'Ini', section: 'a', key: 'opt', value: 'val' } },
    given: `printf '# Set this value\\n# opt = val\\n\\n[a]\\nopt =\\nlist[] = X "/y/"\\nmulti = 1\\n  2\\n[b]\\nopt = 3\\n' >/etc/hf.ini`,
    found: ['value is empty (line 5 of /etc/hf.ini), not val'],
    corrected: `printf '# Set this value\\n# opt = val\\n\\n[a]\\nopt = val\\nlist[] = X "/y/"\\nmulti = 1\\n  2\\n[b]\\nopt = 3\\n' | cmp - /etc/hf.ini`,
  },
  {
    name: 'a section that is missing is made at the end',
    declare: { setting: { path: '/etc/hf.ini', format: 'Ini', section: 'c', key: 'opt', value: 'val' } },
    given: "printf '[a]\\nopt = 1' >/etc/hf.ini",
    found: ['value is not set, not val'],
    corrected: "printf '[a]\\nopt = 1\\n[c]\\nopt = val\\n' | cmp - /etc/hf.ini",
    cleared: 'rm /etc/hf.ini',
  },
];
