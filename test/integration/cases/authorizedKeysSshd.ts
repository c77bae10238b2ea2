/** Situations of `authorizedKeys` that are about what sshd looks at: which files, what else, and whether it is known. */
import type { HostCase } from './case.ts';
import { a, alice, aliceGone, b, file, print, rsa } from './keyBed.ts';
import { cleared, given, instead, restart, toolBack } from './sshdBed.ts';

const github = 'https://github.com/';
const gone = `${aliceGone}; ${cleared}`;
const only = { authorizedKeys: { user: 'alice', keys: [a] } };
const some = { authorizedKeys: { user: 'alice', keys: [a], exclusive: false } };
const withA = alice(`${a} a\n`);
const second = `echo '${b} b' >${file}2; chown alice: ${file}2; chmod 600 ${file}2`;
const central = `mkdir -p /etc/ssh/ak; chmod 755 /etc/ssh/ak; echo '${b} b' >/etc/ssh/ak/alice; chmod 644 /etc/ssh/ak/alice`;
const centralGone = `rm -rf /etc/ssh/ak; ${gone}`;

const files: readonly HostCase[] = [
  {
    name: 'by default sshd looks into two files',
    source: `${github}prologin/sadm/issues/146`,
    declare: only,
    given: `${given('\\n')}; ${withA}; ${second}`,
    found: [`keys is 1 other line: ${print(b)}, not no other key`],
    corrected: `test ! -s ${file}2 && test "$(cat ${file})" = '${a} a'`,
    cleared: gone,
  },
  {
    name: 'a file into which sshd does not look is nobody’s concern',
    declare: only,
    given: `${given('AuthorizedKeysFile .ssh/authorized_keys\\n')}; ${withA}; ${second}`,
    found: [],
    cleared: gone,
  },
  {
    name: 'a file of another place is looked at, and its folder stays that of root',
    source: `${github}canonical/cloud-init/issues/948`,
    declare: only,
    given: `${given('AuthorizedKeysFile /etc/ssh/ak/%u\\n')}; useradd -m alice; ${central}; cp /home/holdfast/.ssh/authorized_keys /etc/ssh/ak/holdfast; chmod 644 /etc/ssh/ak/holdfast`,
    found: [`keys is absent, not ${print(a)}`, `keys is 1 other line: ${print(b)}, not no other key`],
    corrected: `test "$(cat /etc/ssh/ak/alice)" = '${a}' && test "$(stat -c %U:%G:%a /etc/ssh/ak /etc/ssh/ak/alice | tr '\\n' ' ')" = 'root:root:755 root:root:644 ' && test ! -e /home/alice/.ssh`,
    cleared: centralGone,
  },
  {
    name: 'a file that is missing in another place is made for root',
    source: `${github}ansible/ansible/issues/54789`,
    declare: only,
    given: `${given('Match User alice\\n  AuthorizedKeysFile /etc/ssh/ak/%u/%U%%\\n')}; useradd -m alice; mkdir -p /etc/ssh/ak/alice`,
    found: [`keys is absent, not ${print(a)}`],
    corrected: 'test "$(stat -c %U:%a /etc/ssh/ak/alice/$(id -u alice)%)" = root:644',
    cleared: centralGone,
  },
  {
    name: 'the home may be named',
    declare: only,
    given: `${given('AuthorizedKeysFile %h/.ssh/authorized_keys none\\n')}; ${withA}`,
    found: [],
    cleared: gone,
  },
  {
    name: 'of two places both count',
    declare: only,
    given: `${given('AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/ak/%u\\n')}; ${withA}; ${central}`,
    found: [`keys is 1 other line: ${print(b)}, not no other key`],
    corrected: 'test ! -s /etc/ssh/ak/alice',
    cleared: centralGone,
  },
  {
    name: 'a Match sends an account elsewhere',
    source: `${github}saltstack/salt/issues/64442`,
    declare: only,
    given: `${given('AuthorizedKeysFile .ssh/authorized_keys\\nMatch User alice\\n  AuthorizedKeysFile /etc/ssh/ak/%u\\n')}; ${withA}; ${central}`,
    found: [`keys is absent, not ${print(a)}`, `keys is 1 other line: ${print(b)}, not no other key`],
    corrected: `test "$(cat /etc/ssh/ak/alice)" = '${a}' && test "$(cat ${file})" = '${a} a'`,
    cleared: centralGone,
  },
  {
    name: 'a Match of another account is not about this one',
    declare: only,
    given: `${given('Match User bob\\n  AuthorizedKeysFile /etc/ssh/ak/%u\\n')}; ${withA}; ${central}`,
    found: [],
    cleared: centralGone,
  },
  {
    name: 'a Match by address is why nothing is known',
    declare: only,
    given: `${given('Match Address 10.0.0.0/8\\n  AuthorizedKeysFile /etc/ssh/ak/%u\\n')}; ${withA}`,
    found: [
      /^unknown: \/etc\/ssh\/sshd_config:1 \(Match Address 10\.0\.0\.0\/8\) sets the location of keys for only some connections/,
    ],
    cleared: gone,
  },
  {
    name: 'options on the command line count',
    declare: only,
    given: `${given('\\n', 'true', 'systemctl stop sshd; /usr/sbin/sshd -oAuthorizedKeysFile=.ssh/authorized_keys')}; ${withA}`,
    found: ['unknown: sshd runs with different arguments than its unit passes now: restart it'],
    cleared: `kill "$(cat /run/sshd.pid)"; ${gone}`,
  },
  {
    name: 'files that sshd has not read yet are why nothing is known',
    declare: only,
    given: `${given('AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/ak/%u\\n')}; ${withA}; echo 'AuthorizedKeysFile .ssh/authorized_keys' >/etc/ssh/sshd_config`,
    found: [/^unknown: sshd may read keys from other files, because it runs as it was before/],
    cleared: gone,
  },
  {
    name: 'without a file for keys none can be added',
    source: `${github}hashbang/shell-etc/issues/176`,
    declare: some,
    given: `${given('Match User alice\\n  AuthorizedKeysFile none\\n')}; useradd -m alice`,
    found: [`keys is absent, not ${print(a)}`],
    manual: /^sshd reads keys from no file/,
    cleared: gone,
  },
];

const sources: readonly HostCase[] = [
  {
    name: 'a command that tells keys keeps an exclusive check from passing',
    declare: only,
    given: `${given('AuthorizedKeysCommand /usr/bin/true\\nAuthorizedKeysCommandUser nobody\\n')}; ${withA}`,
    found: [/^unknown: AuthorizedKeysCommand \(\/usr\/bin\/true\) may accept other keys/],
    cleared: gone,
  },
  {
    name: 'an authority of certificates keeps an exclusive check from passing',
    source: `${github}wintermeyer/heinzel/issues/30`,
    declare: only,
    given: `${given('TrustedUserCAKeys /etc/ssh/ca.pub\\n', `echo '${b}' >/etc/ssh/ca.pub`)}; ${withA}`,
    found: [/^unknown: TrustedUserCAKeys \(\/etc\/ssh\/ca\.pub\) may accept other keys/],
    cleared: `rm /etc/ssh/ca.pub; ${gone}`,
  },
  {
    name: 'another key is drift all the same',
    declare: { authorizedKeys: { user: 'holdfast', keys: [a] } },
    given: given('AuthorizedKeysCommand /usr/bin/true\\nAuthorizedKeysCommandUser nobody\\n'),
    found: [`keys is absent, not ${print(a)}`, /^keys is 1 other line: SHA256:/],
    manual: /may be its own/,
    cleared,
  },
  {
    name: 'a key is there, whatever tells others',
    declare: some,
    given: `${given('AuthorizedKeysCommand /usr/bin/true\\nAuthorizedKeysCommandUser nobody\\n')}; ${withA}`,
    found: [],
    cleared: gone,
  },
  {
    name: 'a list of revoked keys is not looked at',
    source: `${github}digitalocean/marketplace-partners/issues/85`,
    declare: some,
    given: `${given('RevokedKeys /etc/ssh/revoked\\n', `echo '${a}' >/etc/ssh/revoked`)}; ${withA}`,
    found: ['unknown: Holdfast does not check whether /etc/ssh/revoked (RevokedKeys) revokes these keys'],
    cleared: `rm /etc/ssh/revoked; ${gone}`,
  },
  {
    name: 'keys that are switched off let nobody in',
    declare: some,
    given: `${given('Match User alice\\n  PubkeyAuthentication no\\n')}; ${withA}`,
    found: ['used is not used: PubkeyAuthentication is off, not by sshd'],
    manual: /sshd does not accept them: fix its options/,
    cleared: gone,
  },
  {
    name: 'keys of a type that is switched off let nobody in',
    declare: some,
    given: `${given('Match User alice\\n  PubkeyAcceptedAlgorithms ecdsa-sha2-nistp256\\n')}; ${withA}`,
    found: ['used is not used: PubkeyAcceptedAlgorithms does not include ssh-ed25519, not by sshd'],
    manual: /sshd does not accept them/,
    cleared: gone,
  },
  {
    name: 'keys that are too short let nobody in',
    source: `${github}IBM/packer-plugin-ibmcloud/issues/116`,
    declare: { authorizedKeys: { user: 'alice', keys: [rsa] } },
    given: `${given('RequiredRSASize 4096\\n')}; ${alice(`${rsa}\n`)}`,
    found: ['used is not used: RequiredRSASize is 4096, and a key has 2048 bits, not by sshd'],
    manual: /sshd does not accept them/,
    cleared: gone,
  },
  {
    name: 'an open home is no matter where sshd does not look at modes',
    declare: only,
    given: `${given('StrictModes no\\n')}; ${withA}; chmod 777 /home/alice`,
    found: [],
    cleared: gone,
  },
  {
    name: 'where there is no sshd the question makes no sense',
    declare: only,
    given: 'mv /usr/sbin/sshd /root/sshd; useradd -m alice',
    found: ['not applicable: sshd is not installed on this host'],
    cleared: `mv /root/sshd /usr/sbin/sshd; ${aliceGone}`,
  },
];

function hostile(path: string, text: string, found: RegExp): HostCase {
  return {
    name: `nothing is known where ${path} does: ${text}`,
    declare: only,
    given: `${withA}; ${instead(path, text)}`,
    found: [found],
    cleared: `${toolBack(path)}; ${aliceGone}; ${restart}`,
  };
}

const tools: readonly HostCase[] = [
  hostile('/usr/sbin/sshd', 'case "$*" in *-T*) exit 127 ;; esac; exec $TOOL "$@"', /^unknown: sshd -T failed/),
  hostile('/usr/bin/getent', 'exit 127', /^unknown: getent failed/),
  hostile('/usr/bin/getent', 'kill -9 $$', /^unknown: getent failed/),
  hostile('/usr/bin/getent', 'exit 0', /^unknown: getent returns the account alice under another name/),
  hostile('/usr/bin/realpath', 'exit 127', /^unknown: realpath did not report the location of keys/),
  hostile('/usr/bin/realpath', '$TOOL "$@" | head -1', /^unknown: realpath did not report the location of keys/),
  hostile('/usr/bin/dd', 'exit 127', /^unknown: .*authorized_keys could not be read in full/),
  hostile('/usr/bin/dd', '$TOOL "$@" | head -c 10', /^unknown: .*authorized_keys could not be read in full/),
  hostile('/usr/bin/base64', 'kill -9 $$', /^unknown: .*authorized_keys could not be read in full/),
  hostile(
    '/usr/bin/find',
    'case "$*" in *proc*) exec $TOOL "$@" ;; esac; exit 127',
    /^unknown: .* cannot be accessed: find did not report/,
  ),
];

export const authorizedKeysSshd: readonly HostCase[] = [...files, ...sources, ...tools];
