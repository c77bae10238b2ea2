/** Situations of `setting` in which the program that reads the file reads something else than people see in it. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';
const inactive: HostCase['declare'] = {
  setting: { path: '/etc/default/useradd', key: 'INACTIVE', value: '30', compare: 'AtMost' },
};
const options: HostCase['declare'] = { setting: { path: '/etc/sysconfig/hf', key: 'OPTIONS', value: '-x' } };
const faillock = (key: string, value: string, compare: 'AtMost' | 'AtLeast'): HostCase['declare'] => ({
  setting: { path: '/etc/security/faillock.conf', key, value, compare },
});
const opt: HostCase['declare'] = {
  setting: { path: '/etc/hf.ini', format: 'Ini', section: 'a', key: 'opt', value: '1' },
};
const net: HostCase['declare'] = { setting: { path: '/etc/hf.conf', format: 'KeyValue', key: 'net', value: '1' } };

const ofUseradd: readonly HostCase[] = [
  ...(
    [
      ['INACTIVE=-1', '-1 (line 1 of /etc/default/useradd)'],
      ['INACTIVE="30"', '"30" (line 1 of /etc/default/useradd)'],
      ['INACTIVE=30 # days', '30 # days (line 1 of /etc/default/useradd)'],
      [' INACTIVE=30', 'not set'],
      ['export INACTIVE=30', 'not set'],
    ] as const
  ).map(([text, found]): HostCase => ({
    name: `useradd never lets an account lapse by ${text}`,
    source: `${github}/awailly/cis-ubuntu-ansible/pull/118`,
    declare: inactive,
    given: `echo '${text}' >/etc/default/useradd; useradd -D 2>/dev/null | grep -qx INACTIVE=-1`,
    found: [`value is ${found}, not at most 30`],
    corrected: 'useradd -D | grep -qx INACTIVE=30',
  })),
  {
    name: 'a number of useradd may be octal',
    source: `${github}/wazuh/wazuh/issues/16860`,
    declare: inactive,
    given: 'echo INACTIVE=036 >/etc/default/useradd; useradd -D | grep -qx INACTIVE=30',
    found: [],
    cleared: 'rm /etc/default/useradd',
  },
];

const ofModules: readonly HostCase[] = [
  ...(
    [
      ['deny', '-1', '5', 'AtMost'],
      ['unlock_time', '604801', '900', 'AtLeast'],
    ] as const
  ).map(([key, found, value, compare]): HostCase => ({
    name: `pam_faillock takes another number than ${found} for ${key}`,
    source: `${github}/ghoneycutt/puppet-module-pam/pull/270`,
    declare: faillock(key, value, compare),
    given: `echo '${key} = ${found}' >/etc/security/faillock.conf`,
    found: [/^value is .* \(line 1 of \/etc\/security\/faillock\.conf\), not at (most|least) /],
    corrected: `grep -qx '${key} = ${value}' /etc/security/faillock.conf`,
  })),
  ...(
    [
      ['conf=/etc/hf', /has pam_faillock\.so read \/etc\/hf instead: remove that argument/],
      ['[deny=9]', /has arguments in brackets, which Holdfast does not read/],
    ] as const
  ).map(([argument, why]): HostCase => ({
    name: `the argument ${argument} leaves nothing known`,
    source: `${github}/ComplianceAsCode/content/issues/304`,
    declare: faillock('deny', '5', 'AtMost'),
    given: `echo deny=3 >/etc/security/faillock.conf; echo 'auth required pam_faillock.so ${argument}' >/etc/pam.d/system-auth`,
    found: [new RegExp(`^unknown: line 1 of /etc/pam\\.d/system-auth ${why.source}`)],
    cleared: 'rm /etc/pam.d/system-auth',
  })),
  {
    name: 'limits may be read from another file',
    source: `${github}/ComplianceAsCode/content/issues/1329`,
    declare: { setting: { path: '/etc/security/limits.conf', key: '* hard core', value: '0' } },
    given:
      "echo '* hard core 0' >/etc/security/limits.conf; echo 'session required pam_limits.so conf=/etc/hf' >/etc/pam.d/system-auth",
    found: [/^unknown: line 1 of \/etc\/pam\.d\/system-auth has pam_limits\.so read \/etc\/hf instead/],
    cleared: 'rm /etc/pam.d/system-auth',
  },
  ...['nonsense = 1', 'minclass = four'].map((line): HostCase => ({
    name: `libpwquality reads nothing below ${line}`,
    source: `${github}/ComplianceAsCode/content/issues/446`,
    declare: { setting: { path: '/etc/security/pwquality.conf', key: 'minlen', value: '15', compare: 'AtLeast' } },
    given: `rm -rf /etc/security/pwquality.conf.d; printf 'badwords = a b\\n${line}\\nminlen = 15\\n' >/etc/security/pwquality.conf`,
    found: ['unknown: libpwquality does not understand line 2 of /etc/security/pwquality.conf; fix it first'],
    cleared: 'rm /etc/security/pwquality.conf',
  })),
  {
    name: 'no time at all is no limit of an idle session',
    source: `${github}/systemd/systemd/pull/24242`,
    declare: {
      setting: { path: '/etc/systemd/logind.conf', key: 'StopIdleSessionSec', value: '900', compare: 'AtMost' },
    },
    given: "printf '[Login]\\nStopIdleSessionSec=0s\\n' >/etc/systemd/logind.conf",
    found: ['value is 0s (line 2 of /etc/systemd/logind.conf), not at most 900'],
    corrected: "printf '[Login]\\nStopIdleSessionSec=900\\n' | cmp - /etc/systemd/logind.conf",
  },
  {
    name: 'addresses for commands add up',
    declare: { setting: { path: '/etc/chrony.conf', key: 'bindcmdaddress', value: '127.0.0.1' } },
    given: "printf 'bindcmdaddress 127.0.0.1\\nbindcmdaddress ::1\\n' >/etc/chrony.conf",
    found: [],
  },
  {
    name: 'a source that is there is one, whatever other files add',
    source: `${github}/ComplianceAsCode/content/issues/7693`,
    declare: { setting: { path: '/etc/chrony.conf', key: 'pool', value: 'a.example' } },
    given: "printf 'pool a.example\\nsourcedir /run/chrony-dhcp\\nconfdir /etc/chrony.d\\n' >/etc/chrony.conf",
    found: [],
  },
  {
    name: 'that there is no source is not known where a directory may have some',
    source: `${github}/ComplianceAsCode/content/pull/14241`,
    declare: { setting: { path: '/etc/chrony.conf', key: 'server', state: 'Absent' } },
    given: 'echo sourcedir /run/chrony-dhcp >/etc/chrony.conf',
    found: ['unknown: line 1 of /etc/chrony.conf includes other files, which Holdfast does not read'],
    cleared: 'rm /etc/chrony.conf',
  },
];

/** What a shell then has, which is not what the line says. */
const ofShells: readonly HostCase[] = [
  ...(
    [
      ['a string over several lines', 'TEXT="\\nOPTIONS=-x\\n"\\n', 1],
      ['a condition', 'if false; then\\n OPTIONS=-x\\nfi\\n', 1],
      ['a here document', 'cat >/dev/null <<E\\nOPTIONS=-x\\nE\\n', 1],
      ['a file that is sourced below', 'OPTIONS=-x\\n. /etc/hf.sh\\n', 2],
      ['unset below', 'OPTIONS=-x\\nunset OPTIONS\\n', 2],
      ['another assignment on a line below', 'OPTIONS=-x\\nA=1 OPTIONS=-y\\n', 2],
      ['more that is added', 'OPTIONS=-x\\nOPTIONS+=-y\\n', 2],
    ] as const
  ).map(([where, text, line]): HostCase => ({
    name: `a variable in a file with ${where} is not known`,
    source: `${github}/ComplianceAsCode/content/pull/1086`,
    declare: options,
    given: `mkdir -p /etc/sysconfig; echo OPTIONS=-y >/etc/hf.sh; printf '${text}' >/etc/sysconfig/hf; test "$(bash -c '. /etc/sysconfig/hf; echo "$OPTIONS"')" != -x`,
    found: [new RegExp(`^unknown: line ${line} of /etc/sysconfig/hf is more than KEY="value", and only a shell can`)],
    cleared: 'rm /etc/sysconfig/hf /etc/hf.sh',
  })),
  {
    name: 'what other variables have between quotes does not matter',
    source: `${github}/ansible-lockdown/RHEL8-CIS/issues/84`,
    declare: options,
    given: `mkdir -p /etc/sysconfig; cat >/etc/sysconfig/hf <<'E'
# don't
A="$(sed 's, release .*$,,g' /etc/os-release)" # it's
B=\`lsb_release -i -s 2>/dev/null || echo Debian\`
export OPTIONS='-x'
export A B
E`,
    found: [],
    cleared: 'rm /etc/sysconfig/hf',
  },
];

/** Where readers of such files differ, nothing is known. */
const ofStrangers: readonly HostCase[] = [
  ...(
    [
      ['[a]\\nopt = 1\\nOpt = 2\\n', 'line 3 of /etc/hf.ini sets Opt', 'saz/puppet-ssh/issues/16'],
      [
        '[a]\\nopt = 1\\nopt: 2\\n',
        'line 3 of /etc/hf.ini has a colon',
        'ansible-collections/community.general/issues/273',
      ],
      ['[a]\\nopt = 1\\n[A]\\nopt = 2\\n', 'line 4 of /etc/hf.ini is in a section', 'aisamanra/config-ini/issues/51'],
      [
        '[DEFAULT]\\nopt = 1\\n[a]\\n',
        'line 2 of /etc/hf.ini sets it in [DEFAULT]',
        'ansible/ansible-modules-core/issues/2618',
      ],
      ['[a]\\nx = \\\\\\nopt = 1\\n', 'line 3 of /etc/hf.ini is below a line', 'puppetlabs/puppetlabs-inifile/pull/51'],
      [
        'includedir /etc/krb5.conf.d/\\n[a]\\nopt = 1\\n',
        'line 1 of /etc/hf.ini includes',
        'ansible-collections/community.general/issues/273',
      ],
      [
        '[include]\\nfiles = x\\n[a]\\nopt = 1\\n',
        'line 1 of /etc/hf.ini includes',
        'ansible-collections/community.general/issues/273',
      ],
    ] as const
  ).map(([text, why, report]): HostCase => ({
    name: `whether opt is 1 is not known in ${text}`,
    source: `${github}/${report}`,
    declare: opt,
    given: `printf '${text}' >/etc/hf.ini`,
    found: [new RegExp(`^unknown: ${why.replace(/[[\]]/g, '\\$&')}`)],
    cleared: 'rm /etc/hf.ini',
  })),
  {
    name: 'a name without a value is set',
    declare: { setting: { path: '/etc/hf.ini', format: 'Ini', section: 'mysqld', key: 'skip-networking' } },
    given: "printf '[mysqld]\\nskip-networking\\n' >/etc/hf.ini",
    found: [],
    cleared: 'rm /etc/hf.ini',
  },
  ...(
    [
      ['net = 1\\nNET = 2\\n', 'line 2 of /etc/hf.conf sets NET'],
      ['/var/log/x {\\n net 1\\n}\\n', 'line 1 of /etc/hf.conf begins a block'],
      ['[a]\\nnet = 1\\n', 'line 1 of /etc/hf.conf begins a section'],
      ['net = 1\\n@include x\\n', 'line 2 of /etc/hf.conf includes other files'],
    ] as const
  ).map(([text, why]): HostCase => ({
    name: `whether net is 1 is not known in ${text}`,
    declare: net,
    given: `printf '${text}' >/etc/hf.conf`,
    found: [new RegExp(`^unknown: ${why}`)],
    cleared: 'rm /etc/hf.conf',
  })),
];

export const settingReaders: readonly HostCase[] = [...ofUseradd, ...ofModules, ...ofShells, ...ofStrangers];
