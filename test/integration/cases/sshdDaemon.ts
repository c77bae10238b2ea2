/** Situations of `sshd` that are about the daemon: what it runs with, whether it answers, and that Holdfast is not locked out. */
import type { HostCase } from './case.ts';
import { cleared, effective, given, include, instead, restart, running, toolBack } from './sshdBed.ts';

const github = 'https://github.com/';
const unit = (options: string) =>
  `mkdir -p /etc/systemd/system/sshd.service.d /etc/sysconfig; printf '[Service]\\nEnvironmentFile=-/etc/sysconfig/sshd\\nExecStart=\\nExecStart=/usr/sbin/sshd -D $OPTIONS\\n' >/etc/systemd/system/sshd.service.d/rhel.conf; echo 'OPTIONS="${options}"' >/etc/sysconfig/sshd; systemctl daemon-reload`;
const unitCleared = `rm -rf /etc/systemd/system/sshd.service.d /etc/sysconfig/sshd; systemctl daemon-reload; ${cleared}`;
const no = { sshd: { option: 'PermitRootLogin', value: 'no' } };

function hostile(path: string, text: string, found: RegExp, name: string): HostCase {
  return {
    name: `${path} ${name}`,
    declare: no,
    given: `${given('PermitRootLogin no\\n')}; ${text === 'missing' ? `mkdir -p /root/real; mv ${path} /root/real/` : instead(path, text)}`,
    found: [found],
    cleared: `${toolBack(path)}; ${cleared}`,
  };
}

const daemons: readonly HostCase[] = [
  {
    name: 'an option on the command line beats every file',
    source: `${github}rhinstaller/anaconda/pull/2042`,
    declare: no,
    given: given('PermitRootLogin no\\n', unit('-oPermitRootLogin=yes')),
    found: ['value is yes, not no'],
    manual: /sshd\.service gives sshd the option on its command line \(-oPermitRootLogin=yes\)/,
    cleared: unitCleared,
  },
  {
    name: 'an option on the command line may be the right one',
    declare: no,
    given: given('PermitRootLogin yes\\n', unit('-o PermitRootLogin=no -q')),
    found: [],
    cleared: unitCleared,
  },
  {
    name: 'options that the next start brings, but the daemon has not, are no pass',
    declare: no,
    given: given('PermitRootLogin yes\\n', `${unit('')}; ${restart}; ${unit('-oPermitRootLogin=no')}`, 'true'),
    found: ['live is yes, not no'],
    manual: /sshd runs with different arguments than its unit passes now: run `systemctl restart sshd\.service`/,
    cleared: unitCleared,
  },
  {
    name: 'options that the daemon has, but the next start brings no more, are no pass',
    declare: no,
    given: given('PermitRootLogin yes\\n', `${unit('-oPermitRootLogin=no')}; ${restart}; ${unit('')}`, 'true'),
    found: ['value is yes, not no'],
    manual: /different arguments/,
    cleared: unitCleared,
  },
  {
    name: 'another file on the command line is the one that counts',
    declare: no,
    given: given('PermitRootLogin no\\n', `echo 'PermitRootLogin yes' >/etc/ssh/other; ${unit('-f /etc/ssh/other')}`),
    found: ['value is yes, not no'],
    corrected:
      'test "$(cat /etc/ssh/other)" = "PermitRootLogin no" && sshd -T -f /etc/ssh/other | grep -qx "permitrootlogin no"',
    cleared: `rm /etc/ssh/other; ${unitCleared}`,
  },
  {
    name: 'arguments that cannot be read are why nothing is known',
    declare: no,
    given: given(
      'PermitRootLogin no\\n',
      `${unit('')}; sed -i 's/sshd -D .*/sshd -D "-oPermitRootLogin yes"/' /etc/systemd/system/sshd.service.d/rhel.conf; systemctl daemon-reload`,
    ),
    found: [/^unknown: sshd(\.service starts sshd| runs) with arguments that Holdfast does not understand/],
    cleared: unitCleared,
  },
  {
    name: 'a unit that systemd has not read again is why nothing is known',
    declare: no,
    given: `${given('PermitRootLogin no\\n')}; mkdir -p /etc/systemd/system/sshd.service.d; printf '[Service]\\nExecStart=\\nExecStart=/usr/sbin/sshd -D -oPermitRootLogin=yes\\n' >/etc/systemd/system/sshd.service.d/x.conf`,
    found: [/^unknown: systemd has not read \/etc\/systemd\/system\/sshd\.service\.d\/x\.conf/],
    cleared: unitCleared,
  },
  {
    name: 'a daemon that has not read its files since they changed is no pass, and is told to',
    source: `${github}ansible-lockdown/RHEL9-CIS/issues/230`,
    declare: { sshd: { option: 'MaxAuthTries', value: '3' } },
    given: `${given('MaxAuthTries 6\\n')}; echo 'MaxAuthTries 3' >/etc/ssh/sshd_config`,
    found: ['live is as it was before /etc/ssh/sshd_config changed: sshd has not read it since then, not 3'],
    corrected: running,
    lost: /sshd\.service has read its files, and its previous configuration is not recorded/,
    cleared,
  },
  {
    name: 'a file put in place with an old date is still a change',
    declare: { sshd: { option: 'MaxAuthTries', value: '3' } },
    given: `${given('MaxAuthTries 6\\n')}; echo 'MaxAuthTries 3' >/root/new; touch -d 2001-02-03 /root/new; mv /root/new /etc/ssh/sshd_config`,
    found: [/^live is as it was before \/etc\/ssh\/sshd_config changed/],
    corrected: 'sshd -T | grep -qx "maxauthtries 3"',
    lost: /has read its files/,
    cleared,
  },
  {
    name: 'where the clock was set back since, nothing is known of what the daemon has read',
    source: 'https://github.com/openssh/openssh-portable/blob/V_9_2_P1/sshd.c',
    declare: { sshd: { option: 'MaxAuthTries', value: '3' } },
    given: `${given('MaxAuthTries 6\\n')}; touch -d '+1 day' /run/sshd.pid; echo 'MaxAuthTries 3' >/etc/ssh/sshd_config`,
    found: [/^unknown: \/run\/sshd\.pid has a time in the future.*check the clock of the host/],
    cleared,
  },
  {
    name: 'a drop-in taken away since the daemon started is a change',
    declare: { sshd: { option: 'MaxAuthTries', value: '6' } },
    given: `${given(include, 'echo "MaxAuthTries 9" >/etc/ssh/sshd_config.d/x.conf')}; rm /etc/ssh/sshd_config.d/x.conf`,
    found: [/^live is as it was before \/etc\/ssh\/sshd_config\.d changed/],
    corrected: 'test /run/sshd.pid -nt /etc/ssh/sshd_config.d',
    lost: /has read its files/,
    cleared,
  },
  {
    name: 'a reload that would let in AllowUsers without Holdfast is left to a person',
    declare: { sshd: { option: 'MaxAuthTries', value: '3' } },
    given: `${given('MaxAuthTries 6\\n')}; printf 'MaxAuthTries 3\\nAllowUsers alice\\n' >/etc/ssh/sshd_config`,
    found: [/^live is as it was before/],
    manual: /sshd has not read its files yet, and must not be reloaded: AllowUsers would not allow holdfast/,
    cleared,
  },
  {
    name: 'an sshd that does not run is not started',
    declare: no,
    given: given('PermitRootLogin yes\\n', 'true', 'systemctl disable --now sshd'),
    found: ['value is yes, not no'],
    corrected: `${effective('permitrootlogin no')} && ! systemctl is-active sshd`,
    cleared: `systemctl enable sshd; ${cleared}`,
  },
  {
    name: 'an sshd started by hand with options of its own is seen',
    declare: no,
    given: given('PermitRootLogin no\\n', 'true', 'systemctl stop sshd; /usr/sbin/sshd -oPermitRootLogin=yes'),
    found: ['live is yes, not no'],
    manual: /runs as process [0-9]+ without a systemd unit/,
    cleared: `kill "$(cat /run/sshd.pid)"; ${cleared}`,
  },
  {
    name: 'where two run, neither speaks for both',
    declare: no,
    given: `${given('PermitRootLogin no\\n')}; /usr/sbin/sshd -p 2222 -oPidFile=/run/other.pid`,
    found: ['unknown: several sshd daemons run on this host: check which of them should be running'],
    cleared: `kill "$(cat /run/other.pid)"; ${cleared}`,
  },
  {
    name: 'a daemon without a PidFile does not tell what it has read',
    declare: no,
    given: given('PermitRootLogin no\\nPidFile none\\n'),
    found: [/^unknown: it is unknown when sshd last read its configuration/],
    cleared,
  },
];

const answers: readonly HostCase[] = [
  {
    name: 'without a host key sshd says nothing',
    source: `${github}usnistgov/macos_security/issues/245`,
    declare: no,
    given: 'mkdir /root/hk; mv /etc/ssh/ssh_host_* /root/hk',
    found: ['unknown: sshd -T failed: sshd: no hostkeys available -- exiting.'],
    cleared: 'mv /root/hk/* /etc/ssh/; rmdir /root/hk',
  },
  {
    name: 'without its folder sshd says nothing',
    source: `${github}dev-sec/ansible-collection-hardening/issues/752`,
    declare: no,
    given: 'rmdir /run/sshd',
    found: ['unknown: sshd -T failed: Missing privilege separation directory: /run/sshd'],
    cleared: 'mkdir /run/sshd',
  },
  ...(
    [
      ['an option that it does not know', 'PermitRootLogon no\\n'],
      ['a value that it does not know', 'PermitRootLogin nope\\n'],
      ['a comment without a blank', 'PermitRootLogin no#x\\n'],
      ['a mark of the order of bytes', '\\357\\273\\277PermitRootLogin no\\n'],
    ] as const
  ).map(([what, text]): HostCase => ({
    name: `a configuration that sshd does not take says nothing: ${what}`,
    source: `${github}wazuh/wazuh/issues/10139`,
    declare: no,
    given: given(text, 'true', 'true'),
    found: [/^unknown: sshd -T failed: /],
    cleared,
  })),
  {
    name: 'where there is no sshd the question makes no sense',
    declare: no,
    given: 'mv /usr/sbin/sshd /root/sshd',
    found: ['not applicable: sshd is not installed on this host'],
    cleared: 'mv /root/sshd /usr/sbin/sshd',
  },
  {
    name: 'an option that this release does not have is not set right',
    source: `${github}microsoft/WSL/issues/3621`,
    declare: { sshd: { option: 'UsePrivilegeSeparation', value: 'yes' } },
    given: given('UsePrivilegeSeparation yes\\n'),
    found: ['unknown: `sshd -T` does not list UsePrivilegeSeparation: this release of sshd does not have that option'],
    cleared,
  },
  {
    name: 'what is added to a default cannot be told',
    declare: { sshd: { option: 'Ciphers', value: '-*cbc*' } },
    found: [/^unknown: declare the full list, or `excludes`/],
  },
  {
    name: 'Match is no option',
    declare: { sshd: { option: 'Match', value: 'all' } },
    found: [/^unknown: Match and Include are not options/],
  },
  {
    name: 'options in mixed case are found',
    source: `${github}wintermeyer/heinzel/issues/48`,
    declare: no,
    given: `${given('PermitRootLogin no\\n')}; ${instead('/usr/sbin/sshd', '$TOOL "$@" | sed "s/^permitrootlogin/PermitRootLogin/"')}`,
    found: [],
    cleared: `${toolBack('/usr/sbin/sshd')}; ${cleared}`,
  },
  hostile(
    '/usr/sbin/sshd',
    'case "$*" in *-T*) exit 127 ;; esac; exec $TOOL "$@"',
    /^unknown: sshd -T failed/,
    'that fails says nothing',
  ),
  hostile(
    '/usr/sbin/sshd',
    'case "$*" in *-T*) $TOOL -T | head -40; exit 0 ;; esac; exec $TOOL "$@"',
    /^unknown: sshd -T printed only part/,
    'that says half says nothing',
  ),
  hostile(
    '/usr/sbin/sshd',
    'case "$*" in *-T*) kill -9 $$ ;; esac; exec $TOOL "$@"',
    /^unknown: sshd -T failed: it gives no reason|Killed/,
    'that is killed says nothing',
  ),
  hostile('/usr/bin/awk', 'exit 127', /^unknown: .*awk failed/, 'that fails says nothing'),
  hostile('/usr/bin/awk', '$TOOL "$@" | head -1', /^unknown: .*awk failed/, 'that says half says nothing'),
  hostile(
    '/usr/bin/systemctl',
    'case $1 in show) exit 1 ;; esac; exec $TOOL "$@"',
    /^unknown: systemctl show failed/,
    'that fails says nothing',
  ),
  hostile(
    '/usr/bin/systemctl',
    'case $1 in show) exit 0 ;; esac; exec $TOOL "$@"',
    /^unknown: systemctl show reported no units/,
    'that prints nothing says nothing',
  ),
  hostile('/usr/bin/find', 'exit 127', /^unknown: find did not report/, 'that fails says nothing'),
  hostile('/usr/bin/find', 'missing', /^unknown: find did not report/, 'that is missing says nothing'),
  hostile('/usr/bin/sed', 'exit 127', /^unknown: the command line of sshd cannot be read/, 'that fails says nothing'),
  hostile(
    '/usr/bin/sed',
    'kill -9 $$',
    /^unknown: the command line of sshd cannot be read/,
    'that is killed says nothing',
  ),
  hostile(
    '/usr/bin/sed',
    '$TOOL "$@" | head -2',
    /^unknown: the command line of sshd cannot be read/,
    'that says half says nothing',
  ),
  hostile('/usr/bin/stat', 'exit 127', /^unknown: stat did not report/, 'that fails says nothing'),
  hostile('/usr/bin/stat', '$TOOL "$@" | head -1', /^unknown: stat did not report/, 'that says half says nothing'),
];

/** A daemon for each connection. */
const sockets = (options: string) =>
  `cd /etc/systemd/system; printf '[Socket]\\nListenStream=22\\nAccept=yes\\n' >sshd.socket; printf '[Service]\\nEnvironmentFile=-/etc/sysconfig/sshd\\nExecStart=-/usr/sbin/sshd -i $OPTIONS\\nStandardInput=socket\\n' >sshd@.service; mkdir -p /etc/sysconfig; echo 'OPTIONS=${options}' >/etc/sysconfig/sshd; systemctl daemon-reload; systemctl stop sshd; systemctl start sshd.socket`;
const socketsCleared = `systemctl stop sshd.socket; rm -f /etc/systemd/system/sshd.socket /etc/systemd/system/sshd@.service; ${unitCleared}`;
const perConnection: readonly HostCase[] = [
  {
    name: 'a daemon for each connection reads its files each time, and needs no reload',
    declare: no,
    given: given('PermitRootLogin yes\\n', 'true', sockets('')),
    found: ['value is yes, not no'],
    corrected: `${effective('permitrootlogin no')} && ! systemctl is-active sshd`,
    cleared: socketsCleared,
  },
  {
    name: 'a daemon for each connection has arguments too',
    declare: no,
    given: given('PermitRootLogin no\\n', 'true', sockets('-oPermitRootLogin=yes')),
    found: ['value is yes, not no'],
    manual: /sshd@holdfast\.service gives sshd the option on its command line/,
    cleared: socketsCleared,
  },
];

const updated: HostCase = {
  name: 'a daemon of a release that was updated since is no pass, and takes the new one by a reload',
  declare: no,
  given: `${given('PermitRootLogin no\\n')}; cp -a /usr/sbin/sshd /usr/sbin/sshd.new; mv /usr/sbin/sshd.new /usr/sbin/sshd`,
  found: ['live is that of an older release: sshd was updated after it started, not no'],
  corrected: 'test "$(readlink /proc/$(cat /run/sshd.pid)/exe)" = /usr/sbin/sshd',
  lost: /has read its files/,
  cleared,
};

const harms: readonly HostCase[] = [
  {
    name: 'a value that sshd refuses is not put in place',
    source: `${github}shunkakinoki/dotfiles/pull/2146`,
    declare: { sshd: { option: 'MaxAuthTries', value: 'many' } },
    given: given('MaxAuthTries 6\\n'),
    found: ['value is 6, not many'],
    refused: /^sshd does not accept the new \/etc\/ssh\/sshd_config, so it was not put in place: .*line 1/,
    cleared,
  },
  ...(
    [
      ['AllowUsers', 'alice', '\\n', 'not set', /AllowUsers would not allow holdfast/],
      ['AllowUsers', 'alice holdfast@10.0.0.1', '\\n', 'not set', /AllowUsers would not allow holdfast/],
      ['AllowGroups', 'admins', '\\n', 'not set', /AllowGroups would not allow holdfast/],
      ['DenyUsers', 'hold*', '\\n', 'not set', /DenyUsers would refuse holdfast/],
      ['DenyGroups', 'wheel', '\\n', 'not set', /DenyGroups would refuse holdfast/],
      ['PubkeyAuthentication', 'no', '\\n', 'yes', /PubkeyAuthentication would refuse the key/],
      [
        'AuthenticationMethods',
        'publickey,password',
        '\\n',
        'any',
        /AuthenticationMethods would require more than a key from Holdfast/,
      ],
      [
        'AuthorizedKeysFile',
        '/etc/ssh/keys/%u',
        '\\n',
        '.ssh/authorized_keys .ssh/authorized_keys2',
        /the key of Holdfast may be in a file/,
      ],
      [
        'AuthorizedKeysFile',
        'none',
        '\\n',
        '.ssh/authorized_keys .ssh/authorized_keys2',
        /the key of Holdfast may be in a file/,
      ],
      ['ForceCommand', '/bin/false', '\\n', 'none', /ForceCommand would run/],
      ['ChrootDirectory', '/srv', '\\n', 'none', /ChrootDirectory would keep/],
      ['Port', '2222', '\\n', '22', /Holdfast uses the port/],
      ['ListenAddress', '127.0.0.1', '\\n', '[::]:22 0.0.0.0:22', /without an address to listen on/],
      ['Ciphers', '3des-cbc', '\\n', /./.source, /no SSH client of Holdfast/],
      ['PubkeyAcceptedAlgorithms', 'ecdsa-sha2-nistp256', '\\n', /./.source, /ssh-ed25519 would be removed/],
      ['HostKeyAlgorithms', 'rsa-sha2-512', '\\n', /./.source, /would be removed, and Holdfast may use it to connect/],
      ['RevokedKeys', '/etc/ssh/revoked', '\\n', 'none', /accepts no keys at all if it cannot read/],
      ['UsePAM', 'yes', '\\n', 'no', /locked password/],
    ] as const
  ).map(([option, value, text, actual, why], at): HostCase => ({
    name: `Holdfast does not lock itself out by ${option} (${at})`,
    declare: { sshd: { option, value } },
    given: given(text),
    found: [actual === '.' ? /^value is / : `value is ${actual}, not ${value}`],
    manual: why,
    cleared,
  })),
  {
    name: 'people are kept out who are not Holdfast',
    declare: { sshd: { option: 'AllowUsers', value: 'alice hold*' } },
    given: given('\\n'),
    found: ['value is not set, not alice hold*'],
    corrected: effective('allowusers hold*'),
    cleared,
  },
  {
    name: 'a groups list that has a group of Holdfast is set',
    declare: { sshd: { option: 'AllowGroups', value: 'wheel' } },
    given: given('\\n'),
    found: ['value is not set, not wheel'],
    corrected: effective('allowgroups wheel'),
    cleared,
  },
  {
    name: 'a configuration that somebody changed since the look stays',
    declare: no,
    given: given('PermitRootLogin yes\\n'),
    found: ['value is yes, not no'],
    between: 'echo "# note" >>/etc/ssh/sshd_config',
    refused: /has changed since Holdfast evaluated it/,
    cleared,
  },
];

export const sshdDaemon: readonly HostCase[] = [...daemons, ...perConnection, updated, ...answers, ...harms];
