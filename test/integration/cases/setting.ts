/** Situations of `setting`. */
import type { HostCase } from './case.ts';
import { put } from './texts.ts';
import { hostileTools } from './hostileTools.ts';
import { sudoSettings } from './settingSudo.ts';
import { foreignSettings } from './settingForeign.ts';
import { settingValues } from './settingValues.ts';
import { iniSettings } from './settingIni.ts';
import { loginSettings } from './settingLogin.ts';
import { settingNotices } from './settingNotify.ts';
import { settingReaders } from './settingReaders.ts';
import { unreadSettings } from './settingUnread.ts';

const github = 'https://github.com';
const pwquality = (text: string, dropIn?: string): string =>
  `mkdir -p /etc/security/pwquality.conf.d; rm -f /etc/security/pwquality.conf.d/*; printf '${text}' >/etc/security/pwquality.conf` +
  (dropIn === undefined ? '' : `; printf '${dropIn}' >/etc/security/pwquality.conf.d/50-cis.conf`);
const minlen: HostCase['declare'] = {
  setting: { path: '/etc/security/pwquality.conf', key: 'minlen', value: '15', compare: 'AtLeast' },
};
const faillock = (key: string, value: string, compare: 'AtMost' | 'AtLeast'): HostCase['declare'] => ({
  setting: { path: '/etc/security/faillock.conf', key, value, compare },
});
const auditd = (key: string, value: string): HostCase['declare'] => ({
  setting: { path: '/etc/audit/auditd.conf', key, value },
});

const pam: readonly HostCase[] = [
  {
    name: 'the main file beats the drop-ins of pwquality',
    source: `${github}/libpwquality/libpwquality/issues/60`,
    declare: minlen,
    given: pwquality('minlen = 8\\n', 'minlen = 15\\n'),
    found: ['value is 8 (line 1 of /etc/security/pwquality.conf), not at least 15'],
    corrected: 'grep -qx "minlen = 15" /etc/security/pwquality.conf',
  },
  {
    name: 'and so it holds in the mirror image',
    declare: minlen,
    given: pwquality('minlen = 15\\n', 'minlen = 8\\n'),
    found: [],
  },
  {
    name: 'the drop-in is edited where it decides',
    declare: minlen,
    given: pwquality('# minlen = 8\\n', 'minlen 8 # short\\n'),
    found: ['value is 8 (line 1 of /etc/security/pwquality.conf.d/50-cis.conf), not at least 15'],
    corrected: 'grep -qx "minlen 15 # short" /etc/security/pwquality.conf.d/50-cis.conf',
  },
  ...['minlen=15', 'minlen 15', 'MINLEN = 15', '  minlen = 15 # c', 'minlen = 15\\r', 'minlen = 8\\nminlen = 15'].map(
    (text): HostCase => ({
      name: `pwquality reads 15 in ${text}`,
      declare: minlen,
      given: pwquality(`${text}\\n`),
      found: [],
    }),
  ),
  {
    name: 'a limit of repetition that is off is larger than any',
    declare: { setting: { path: '/etc/security/pwquality.conf', key: 'maxrepeat', value: '3', compare: 'AtMost' } },
    given: pwquality('maxrepeat = 0\\n'),
    found: ['value is 0 (line 1 of /etc/security/pwquality.conf), not at most 3'],
  },
  {
    name: 'a file that is not there is made, for everybody to read',
    declare: minlen,
    given: 'rm -rf /etc/security/pwquality.conf /etc/security/pwquality.conf.d; mkdir -p /etc/security',
    found: ['value is not set, not at least 15'],
    corrected:
      'test "$(stat -c %a /etc/security/pwquality.conf):$(cat /etc/security/pwquality.conf)" = "644:minlen = 15"',
  },
  {
    name: 'deny = 0 switches locking off',
    source: `${github}/linux-pam/linux-pam/issues/413`,
    declare: faillock('deny', '5', 'AtMost'),
    given: 'printf "deny = 0\\nunlock_time = 0\\n" >/etc/security/faillock.conf',
    found: ['value is 0 (line 1 of /etc/security/faillock.conf), not at most 5'],
  },
  {
    name: 'never is longer than 900 seconds',
    source: `${github}/ComplianceAsCode/content/issues/5544`,
    declare: faillock('unlock_time', '900', 'AtLeast'),
    given: 'printf "unlock_time = never\\n" >/etc/security/faillock.conf',
    found: [],
  },
  {
    name: 'a flag is set by its name alone',
    declare: { setting: { path: '/etc/security/faillock.conf', key: 'even_deny_root' } },
    given: 'printf "# even_deny_root\\ndeny=3\\n" >/etc/security/faillock.conf',
    found: ['value is not set, not present'],
    corrected: 'sed -n 2p /etc/security/faillock.conf | grep -qx even_deny_root',
  },
  {
    name: 'an argument of the module counts for more than the file',
    source: `${github}/linux-pam/linux-pam/issues/413`,
    declare: faillock('deny', '5', 'AtMost'),
    given:
      "echo deny=3 >/etc/security/faillock.conf; printf '# auth pam_faillock.so deny=9\\nauth required pam_faillock.so preauth silent deny=10 # pam_faillock.so deny=1\\n' >/etc/pam.d/system-auth",
    found: ['value is 10 (line 2 of /etc/pam.d/system-auth), not at most 5'],
    manual: /line 2 of \/etc\/pam\.d\/system-auth passes it to the module as an argument/,
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'an argument that holds is one, and the file is mended',
    declare: faillock('deny', '5', 'AtMost'),
    given:
      "echo deny=30 >/etc/security/faillock.conf; echo 'auth required pam_faillock.so deny=4' >/etc/pam.d/system-auth",
    found: ['value is 30 (line 1 of /etc/security/faillock.conf), not at most 5'],
    corrected: 'grep -qx deny=5 /etc/security/faillock.conf',
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'arguments on several lines are not known',
    declare: faillock('deny', '5', 'AtMost'),
    given:
      "echo deny=3 >/etc/security/faillock.conf; printf 'auth required \\\\\\n pam_faillock.so deny=10\\n' >/etc/pam.d/system-auth",
    found: [/^unknown: line 2 of \/etc\/pam\.d\/system-auth is part of a continued line/],
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'limits have three fields of key, and `-` sets both',
    declare: { setting: { path: '/etc/security/limits.conf', key: '* hard core', value: '0' } },
    given:
      'mkdir -p /etc/security/limits.d; printf "*\\thard\\tcore 0\\n" >/etc/security/limits.conf; printf "* - core unlimited\\n@x hard core 9\\n" >/etc/security/limits.d/90-x.conf',
    found: ['value is unlimited (line 1 of /etc/security/limits.d/90-x.conf), not 0'],
    corrected:
      'sed -n 1,2p /etc/security/limits.d/90-x.conf | tr "\\n" , | grep -qxF "* - core unlimited,* hard core 0,"',
    cleared: 'rm /etc/security/limits.d/90-x.conf',
  },
];

const audit =
  'space_left = 75\\nspace_left_action = email\\nadmin_space_left = 50\\nadmin_space_left_action = single\\n';
const daemons: readonly HostCase[] = [
  {
    name: 'a longer key is another, and a file that is not public shows what is declared',
    source: `${github}/ComplianceAsCode/content/issues/2553`,
    declare: auditd('space_left', '100'),
    given: `${put('/etc/audit/auditd.conf', audit)}; chmod 640 /etc/audit/auditd.conf`,
    found: [/^value is hmac:[0-9a-f]+ \(line 1 of \/etc\/audit\/auditd\.conf\), not 100$/],
    corrected: `printf '${audit.replace('75', '100')}' | cmp - /etc/audit/auditd.conf`,
  },
  {
    name: 'a file that its package brings is not made',
    declare: auditd('space_left', '100'),
    given: 'rm -rf /etc/audit',
    found: ['value is not set, not 100'],
    manual: /does not exist: install the package that provides it/,
  },
  {
    name: 'values of auditd have no case',
    source: `${github}/ComplianceAsCode/content/issues/982`,
    declare: auditd('space_left_action', 'syslog'),
    given: put('/etc/audit/auditd.conf', 'SPACE_LEFT_ACTION = SYSLOG\\n'),
    found: [],
  },
  {
    name: 'a line with which auditd gives up leaves nothing known',
    declare: auditd('max_log_file', '8'),
    given: put('/etc/audit/auditd.conf', 'max_log_file = 8\\nmax_log_file_action=ROTATE\\n'),
    found: ['unknown: auditd does not understand line 2 of /etc/audit/auditd.conf; fix it first'],
    cleared: 'rm -r /etc/audit',
  },
  {
    name: 'a source of time is there, whatever others are',
    declare: { setting: { path: '/etc/chrony.conf', key: 'server', value: 'a.example iburst' } },
    given: "printf 'pool p.example\\n  SERVER a.example   iburst\\nserver b.example\\n' >/etc/chrony.conf",
    found: [],
  },
  {
    name: 'a source of time is added beside others, and a comment behind it is none',
    source: `${github}/ComplianceAsCode/content/issues/4964`,
    declare: { setting: { path: '/etc/chrony.conf', key: 'server', value: 'a.example iburst' } },
    given: "printf '! server a.example iburst\\nserver a.example iburst # main\\n' >/etc/chrony.conf",
    found: ['value is a.example iburst # main (line 2 of /etc/chrony.conf), not a.example iburst'],
    corrected: 'test "$(grep -c . /etc/chrony.conf)" = 3',
  },
  {
    name: 'what other files add to chrony is not known',
    declare: { setting: { path: '/etc/chrony.conf', key: 'cmdport', value: '0' } },
    given: "printf 'cmdport 0\\nconfdir /etc/chrony.d\\n' >/etc/chrony.conf",
    found: ['unknown: line 2 of /etc/chrony.conf includes other files, which Holdfast does not read'],
    cleared: 'rm /etc/chrony.conf',
  },
  {
    name: 'a variable is read without its quotes',
    declare: { setting: { path: '/etc/sysconfig/hf', key: 'OPTIONS', value: '-x 1' } },
    given: `mkdir -p /etc/sysconfig; echo "OPTIONS='-x 1'" >/etc/sysconfig/hf`,
    found: [],
  },
  {
    name: 'a variable is written with quotes, and tells its unit',
    declare: {
      setting: { path: '/etc/sysconfig/hf', key: 'OPTIONS', value: '-x 1', notify: { unit: 'sshd', action: 'reload' } },
    },
    given: "printf '# OPTIONS=\\nOPTIONS=-y\\n' >/etc/sysconfig/hf",
    found: ['value is -y (line 2 of /etc/sysconfig/hf), not -x 1'],
    corrected: `grep -qxF 'OPTIONS="-x 1"' /etc/sysconfig/hf`,
  },
  {
    name: 'what only a shell could tell is unknown',
    declare: { setting: { path: '/etc/sysconfig/hf', key: 'OPTIONS', value: '-x' } },
    given: 'printf \'OPTIONS="$MORE -x"\\n\' >/etc/sysconfig/hf',
    found: [/^unknown: only a shell can evaluate line 1 of \/etc\/sysconfig\/hf/],
    cleared: 'rm /etc/sysconfig/hf',
  },
  {
    name: 'a file that Holdfast does not know needs a format',
    declare: { setting: { path: '/etc/hf.conf', key: 'a', value: '1' } },
    found: ['unknown: the format of /etc/hf.conf is unknown: set `format`'],
  },
  {
    name: 'what another type knows better is said',
    declare: { setting: { path: '/etc/ssh/sshd_config', key: 'UsePAM', value: 'yes' } },
    found: ['unknown: declare this with a check of type `sshd`, which is made for this file'],
  },
  {
    name: 'a key that is set twice holds for none where readers differ',
    source: `${github}/puppetlabs/puppetlabs-stdlib/issues/794`,
    declare: { setting: { path: '/etc/hf.conf', format: 'KeyValue', key: 'net', value: 'a' } },
    given: "printf 'net = a\\nnet = b\\n#net = a\\nnetmask = c\\n' >/etc/hf.conf",
    found: ['value is b (line 2 of /etc/hf.conf), not a'],
    corrected: "printf 'net = a\\n#net = a\\nnetmask = c\\n' | cmp - /etc/hf.conf",
    cleared: 'rm /etc/hf.conf',
  },
  ...hostileTools(['stat', 'sha256sum', 'awk', 'find'], {
    declare: minlen,
    given: pwquality('minlen = 15\\n', 'minlen = 8\\n'),
    unknown: /^unknown: /,
  }),
  {
    name: 'bytes that are no text elsewhere in the file stay as they are',
    source: `${github}/ansible/ansible/issues/84999`,
    declare: { setting: { path: '/etc/hf.conf', format: 'KeyValue', key: 'key', value: 'new' } },
    given: "printf 'caf\\351 = 1\\nkey = old\\nx\\000y\\n' >/etc/hf.conf",
    found: ['value is old (line 2 of /etc/hf.conf), not new'],
    corrected: "printf 'caf\\351 = 1\\nkey = new\\nx\\000y\\n' | cmp - /etc/hf.conf",
    cleared: 'rm /etc/hf.conf',
  },
];

export const setting: readonly HostCase[] = [
  ...loginSettings,
  ...pam,
  ...daemons,
  ...iniSettings,
  ...sudoSettings,
  ...settingReaders,
  ...foreignSettings,
  ...settingValues,
  ...unreadSettings,
  ...settingNotices,
];
