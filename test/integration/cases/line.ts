/** Situations of `line`. */
import type { HostCase } from './case.ts';
import { hostileTools } from './hostileTools.ts';
import { foreignLines } from './lineForeign.ts';
import { linesElsewhere } from './lineElsewhere.ts';
import { placedLines } from './linePlaced.ts';
import { reachedLines } from './lineReached.ts';
import { sudoersLines } from './lineSudoers.ts';
import { unreadLines } from './lineUnread.ts';

const github = 'https://github.com';
/** Text that must never be evaluated by a shell or by Ansible. */
const nasty = `{{ lookup('pipe', 'touch /tmp/evaluated') }} $(touch /tmp/evaluated) \`id\` "'; \\n %s {% if %}`;
const maxDays: HostCase['declare'] = {
  line: { path: '/etc/login.defs', line: 'PASS_MAX_DAYS 365', startsWith: 'PASS_MAX_DAYS' },
};
const logins = (text: string): string =>
  `sed -i '/^[[:blank:]]*PASS_MAX_DAYS/d' /etc/login.defs; printf '${text}' >>/etc/login.defs`;
const one = 'test "$(grep "^[[:blank:]]*PASS_MAX_DAYS" /etc/login.defs)" = "PASS_MAX_DAYS 365"';
const net: HostCase['declare'] = { line: { path: '/etc/hf.conf', line: 'net = a', startsWith: 'net =' } };
const ofNet = (text: string): string => `printf '${text}' >/etc/hf.conf`;
const isNow = (text: string): string => `printf '${text}' | cmp - /etc/hf.conf`;
const dnf: HostCase['declare'] = { line: { path: '/etc/dnf/dnf.conf', line: 'gpgcheck=1' } };
const ofDnf = (text: string): string => `printf '${text}' >/etc/dnf/dnf.conf`;
const audit = 'space_left = 75\\nspace_left_action = email\\nadmin_space_left = 50\\n';

const starts: readonly HostCase[] = [
  {
    name: 'an indented line is another that starts alike, and so is one with a tab',
    source: `${github}/ComplianceAsCode/content/issues/438`,
    declare: maxDays,
    given: logins('PASS_MAX_DAYS 365\\n   PASS_MAX_DAYS\\t99999\\n\\tPASS_MAX_DAYS 1\\n'),
    found: [
      'line is    PASS_MAX_DAYS\\u{9}99999 | \\u{9}PASS_MAX_DAYS 1, not no other line that starts with PASS_MAX_DAYS',
    ],
    corrected: one,
  },
  {
    name: 'a comment behind it makes it another line',
    source: `${github}/mondoohq/mql/issues/5536`,
    declare: maxDays,
    given: logins('PASS_MAX_DAYS 365 # sec policy\\n'),
    found: ['line is PASS_MAX_DAYS 365 # sec policy, not PASS_MAX_DAYS 365'],
    corrected: one,
  },
  {
    name: 'without startsWith, a line that counts more is no pass',
    declare: { line: { path: '/etc/login.defs', line: 'PASS_MAX_DAYS 365' } },
    given: logins('PASS_MAX_DAYS 365\\n\\tPASS_MAX_DAYS\\t99999\\n'),
    found: [/^in effect is 99999 \(line [0-9]+ of \/etc\/login\.defs\), not 365$/],
    manual: /declare this with a check of type `setting`/,
  },
  {
    name: 'nor does a line above harm',
    declare: { line: { path: '/etc/login.defs', line: 'PASS_MAX_DAYS 365' } },
    given: logins('\\tPASS_MAX_DAYS\\t99999\\nPASS_MAX_DAYS 365\\n'),
    found: [],
  },
  {
    name: 'only the key is replaced by nothing: the whole line is',
    source: `${github}/ComplianceAsCode/content/issues/9456`,
    declare: { line: { path: '/etc/login.defs', line: 'UMASK 027', startsWith: 'UMASK' } },
    given: "sed -i '/^UMASK/d' /etc/login.defs; printf 'UMASK\\t\\t022\\n' >>/etc/login.defs",
    found: ['line is UMASK\\u{9}\\u{9}022, not UMASK 027'],
    corrected: 'test "$(grep ^UMASK /etc/login.defs)" = "UMASK 027"',
  },
  {
    name: 'a longer word is another',
    source: `${github}/ComplianceAsCode/content/issues/2553`,
    declare: { line: { path: '/etc/audit/auditd.conf', line: 'space_left = 100', startsWith: 'space_left' } },
    given: `mkdir -p /etc/audit; printf '${audit}' >/etc/audit/auditd.conf`,
    found: ['line is space_left = 75, not space_left = 100'],
    corrected: `printf '${audit.replace('75', '100')}' | cmp - /etc/audit/auditd.conf`,
    cleared: 'rm -r /etc/audit',
  },
  ...(
    [
      ['log', 'log-queries\\nlog.level=1\\nlog/x\\nlogs\\nlog@1\\n'],
      ['-w /etc/passwd', '-w /etc/passwd- -p wa\\n-w /etc/passwd.d -p wa\\n'],
      ['a.b (c)', 'aXb (c)\\n'],
      ['net.ipv4', 'net.ipv4.ip_forward=1\\n'],
    ] as const
  ).map(([start, text]): HostCase => ({
    name: `what starts with ${start} is a whole word, literally`,
    declare: { line: { path: '/etc/hf.conf', line: 'x', startsWith: start } },
    given: ofNet(`x\\n${text}`),
    found: [],
  })),
  {
    name: 'a contradicting line goes, and its comment and its neighbour stay',
    source: `${github}/puppetlabs/puppetlabs-stdlib/issues/794`,
    declare: net,
    given: ofNet('net = a\\nnet = b\\n#net = a\\nnetmask = c\\n'),
    found: ['line is net = b, not no other line that starts with net ='],
    corrected: isNow('net = a\\n#net = a\\nnetmask = c\\n'),
  },
  {
    name: 'of several in its place, the first is where it comes',
    declare: net,
    given: ofNet('x\\n  net=b\\nnet  =  c\\nnetmask = c\\n'),
    found: ['line is   net=b | net  =  c, not net = a'],
    corrected: isNow('x\\nnet = a\\nnetmask = c\\n'),
  },
  { name: 'it holds, whatever is above and below', declare: net, given: ofNet('# net\\nnet = a\\nnetmask'), found: [] },
  { name: 'as a last line that does not end it holds', declare: net, given: ofNet('x\\nnet = a'), found: [] },
  { name: 'in a file of DOS it holds', declare: net, given: ofNet('x\\r\\nnet = a\\r\\n'), found: [] },
  {
    name: 'a file of DOS stays one',
    declare: net,
    given: ofNet('net = b\\r\\nother = 1\\r\\n'),
    found: ['line is net = b, not net = a'],
    corrected: isNow('net = a\\r\\nother = 1\\r\\n'),
  },
  {
    name: 'bytes that are no text stay as they are',
    source: `${github}/ansible/ansible/issues/84999`,
    declare: net,
    given: ofNet('caf\\351 = 1\\nnet = b\\nx\\000y\\n'),
    found: ['line is net = b, not net = a'],
    corrected: isNow('caf\\351 = 1\\nnet = a\\nx\\000y\\n'),
  },
  {
    name: 'a line of bytes that are no text is not known',
    declare: net,
    given: ofNet('net = caf\\351\\n'),
    found: ['unknown: the response of the host is not valid UTF-8'],
  },
  {
    name: 'a line of control characters is not known',
    declare: net,
    given: ofNet('net = \\033[2J\\n'),
    found: ['unknown: line 1 of /etc/hf.conf is not plain text'],
  },
  {
    name: 'a line that is missing comes at the end, after one that does not end',
    source: `${github}/ansible/ansible/issues/6881`,
    declare: net,
    given: ofNet('x = 1'),
    found: ['line is absent, not net = a'],
    corrected: isNow('x = 1\\nnet = a\\n'),
  },
  {
    name: 'a line is not joined to a last one that goes on',
    declare: { line: { path: '/etc/hf.conf', line: 'b' } },
    given: ofNet('a \\\\\\n'),
    found: ['line is absent, not b'],
    corrected: isNow('a \\\\\\n\\nb\\n'),
  },
  {
    name: 'a line that the one before goes on to is not known',
    declare: { line: { path: '/etc/hf.conf', line: 'b' } },
    given: ofNet('a \\\\\\nb\\n'),
    found: ['unknown: line 2 of /etc/hf.conf continues the line before it, which ends in a backslash'],
    cleared: 'rm /etc/hf.conf',
  },
];

const places: readonly HostCase[] = [
  ...(
    [
      ['in another section', '[main]\\nbest=1\\n[foo]\\ngpgcheck=1\\n', 'not set'],
      [
        'more of another setting',
        '[main]\\ninstallonly_limit=3\\n gpgcheck=0\\ngpgcheck=1\\ngpgcheck=0\\n',
        '0 (line 5 of /etc/dnf/dnf.conf)',
      ],
      ['in a section of another case', '[MAIN]\\ngpgcheck=1\\n', 'not set'],
    ] as const
  ).map(([where, text, value]): HostCase => ({
    name: `a line of dnf that is ${where} is no pass`,
    source: `${github}/ComplianceAsCode/content/issues/1727`,
    declare: dnf,
    given: ofDnf(text),
    found: [`in effect is ${value}, not 1`],
    manual: /declare this with a check of type `setting`/,
  })),
  {
    name: 'a line of dnf in its section is one',
    declare: dnf,
    given: ofDnf('[main]\\ngpgcheck=1\\n[foo]\\ngpgcheck=0\\n'),
    found: [],
    cleared: ofDnf('[main]\\ngpgcheck=1\\n'),
  },
  {
    name: 'which of several sections counts is not known',
    declare: { line: { path: '/etc/hf.ini', line: 'opt = 1', startsWith: 'opt' } },
    given: "printf '[a]\\nopt = 1\\n[b]\\nopt = 2\\n' >/etc/hf.ini",
    found: [/^unknown: \/etc\/hf\.ini has several sections: declare this with a check of type `setting`/],
  },
  {
    name: 'nor where to put it',
    declare: { line: { path: '/etc/hf.ini', line: 'opt = 1' } },
    given: "printf '[a]\\n[b]\\n' >/etc/hf.ini",
    found: ['line is absent, not opt = 1'],
    manual: /has several sections/,
    cleared: 'rm /etc/hf.ini',
  },
  {
    name: 'a drop-in of systemd counts for more than the line in the main file',
    source: `${github}/ComplianceAsCode/content/issues/9907`,
    declare: { line: { path: '/etc/systemd/journald.conf', line: 'Storage=persistent' } },
    given:
      "mkdir -p /etc/systemd/journald.conf.d; printf '[Journal]\\nStorage=persistent\\n' >/etc/systemd/journald.conf; printf '[Journal]\\nStorage=none\\n' >/etc/systemd/journald.conf.d/zz.conf",
    found: ['in effect is none (line 2 of /etc/systemd/journald.conf.d/zz.conf), not persistent'],
    manual: /declare this with a check of type `setting`/,
    cleared: 'rm /etc/systemd/journald.conf.d/zz.conf',
  },
  {
    name: 'of sshd the first line counts, whatever its case',
    declare: { line: { path: '/etc/ssh/sshd_config.d/60-hf.conf', line: 'PermitRootLogin no' } },
    given: "printf 'permitrootlogin yes\\nPermitRootLogin no\\n' >/etc/ssh/sshd_config.d/60-hf.conf",
    found: ['in effect is permitrootlogin yes (line 1 of /etc/ssh/sshd_config.d/60-hf.conf), not PermitRootLogin no'],
    manual: /a check of type `sshd`/,
  },
  {
    name: 'blocks of sshd are not lines',
    declare: { line: { path: '/etc/ssh/sshd_config.d/60-hf.conf', line: 'PermitRootLogin no' } },
    given: "printf 'Match User x\\n  PermitRootLogin yes\\n' >/etc/ssh/sshd_config.d/60-hf.conf",
    found: ['line is absent, not PermitRootLogin no'],
    manual: /has `Match` blocks/,
    cleared: 'rm /etc/ssh/sshd_config.d/60-hf.conf',
  },
  {
    name: 'of lines that make the rules of auditing immutable a later one may count',
    source: `${github}/mondoohq/cnspec/issues/3679`,
    declare: { line: { path: '/etc/audit/rules.d/10-base.rules', line: '-e 2' } },
    given:
      "mkdir -p /etc/audit/rules.d; echo '-e 2' >/etc/audit/rules.d/10-base.rules; echo '-e 1' >/etc/audit/rules.d/99-finalize.rules",
    found: [/^unknown: augenrules uses only the last `-e` line below \/etc\/audit\/rules\.d/],
  },
  ...(
    [
      ['/etc/audit/rules.d/hf-time', '-w /etc/localtime -p wa -k time', 'augenrules'],
      ['/etc/modprobe.d/hf-cramfs', 'install cramfs /bin/false', 'modprobe'],
      ['/etc/profile.d/hf-tmout', 'readonly TMOUT=900', 'shells'],
    ] as const
  ).map(([path, text, reader]): HostCase => ({
    name: `a line of ${path}, whose name ${reader} does not take, is no pass`,
    declare: { line: { path, line: text } },
    given: `mkdir -p ${path.replace(/\/[^/]*$/, '')}; echo '${text}' >${path}`,
    found: [`file is ignored by ${reader} because of its name, not one that is read`],
    manual: /check what it contains before you fix that/,
    cleared: `rm ${path}`,
  })),
  {
    name: 'text stays text, and a file that is not there is made',
    declare: { line: { path: '/etc/hf-lines', line: nasty } },
    found: [/^line is no such file, not \{\{ lookup/],
    corrected: '! test -e /tmp/evaluated && test "$(wc -l </etc/hf-lines):$(stat -c %a /etc/hf-lines)" = 1:644',
  },
  {
    name: 'a secret line makes a file for root alone',
    declare: { line: { path: '/etc/hf-lines', line: 'token', sensitive: true } },
    found: [/^line is no such file, not hmac:/],
    corrected: 'test "$(stat -c %a /etc/hf-lines)" = 600',
  },
  {
    name: 'of a file that not everybody may read the found side is a digest, and the declared one is shown',
    declare: { line: { path: '/etc/hf-lines', line: 'key = 2', startsWith: 'key' } },
    given: 'echo "key = 1" >/etc/hf-lines; chmod 600 /etc/hf-lines',
    found: [/^line is hmac:[0-9a-f]+, not key = 2$/],
    cleared: 'rm /etc/hf-lines',
  },
  {
    name: 'a line that must not be there goes, all of it',
    declare: { line: { path: '/etc/hf-rules', line: 'allow all', state: 'Absent' } },
    given: 'printf "# rules\\nallow all\\nallow all but one\\nallow all\\n" >/etc/hf-rules',
    found: ['line is allow all | allow all, not absent'],
    corrected: 'test "$(cat /etc/hf-rules | tr "\\n" ,)" = "# rules,allow all but one,"',
    cleared: 'rm /etc/hf-rules',
  },
  {
    name: 'a file that is not there has no line, and none is made',
    source: `${github}/ansible-collections/community.general/issues/4745`,
    declare: { line: { path: '/etc/hf-none', line: 'x', state: 'Absent' } },
    found: [],
    cleared: '! test -e /etc/hf-none',
  },
  {
    name: 'a link is read through, and never made a file',
    source: `${github}/ansible/ansible/issues/6986`,
    declare: { line: { path: '/etc/hf.local', line: 'touch /x' } },
    given: 'echo a >/etc/hf.real; ln -s hf.real /etc/hf.local',
    found: ['line is absent, not touch /x'],
    manual: /symbolic link/,
    cleared: 'rm /etc/hf.real /etc/hf.local',
  },
  {
    name: 'a folder is no file',
    declare: { line: { path: '/etc/ssh', line: 'x' } },
    found: ['unknown: /etc/ssh is not a regular file'],
  },
  {
    name: 'a colleague who edits it later is not overwritten',
    declare: net,
    given: ofNet('net = b\\n'),
    found: ['line is net = b, not net = a'],
    meanwhile: 'echo more >>/etc/hf.conf',
    lost: /since been changed by someone else/,
    cleared: 'rm /etc/hf.conf',
  },
  ...hostileTools(['stat', 'sha256sum', 'awk'], {
    declare: { line: { path: '/etc/hf.conf', line: 'net = a', startsWith: 'net =' } },
    given: ofNet('net = a\\n'),
    unknown: /^unknown: /,
  }),
  ...hostileTools(['stat'], {
    declare: { line: { path: '/etc/hf.gone', line: 'a', state: 'Absent' } },
    given: '',
    unknown: /^unknown: /,
  }).map((one) => ({ ...one, name: `${one.name}, of what is not there` })),
];

/** What the cases change: each finds it as the host came, whatever ran before. */
const kept =
  '/etc/login.defs /etc/dnf/dnf.conf /etc/systemd/journald.conf /etc/ssh/sshd_config.d /etc/sudoers /etc/sudoers.d';

function apart(one: HostCase): HostCase {
  const keep = `rm -rf /root/hf-kept; mkdir /root/hf-kept; cp -a --parents ${kept} /root/hf-kept`;
  const putBack = `rm -rf /etc/hf* /etc/audit /etc/sudo.more /etc/systemd/journald.conf.d ${kept}; cp -a /root/hf-kept/. /`;
  return { ...one, given: `${keep}; ${one.given ?? ':'}`, cleared: `${one.cleared ?? ':'}; ${putBack}` };
}

export const line: readonly HostCase[] = [
  ...[...starts, ...places, ...sudoersLines].map(apart),
  ...foreignLines,
  ...placedLines,
  ...reachedLines,
  ...unreadLines,
  ...linesElsewhere,
];
