/** Situations of `setting` in login.defs. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';
const login = (value: string, key = 'PASS_MAX_DAYS', compare?: 'AtMost' | 'AtLeast'): HostCase['declare'] => ({
  setting: { path: '/etc/login.defs', key, value, ...(compare && { compare }) },
});
const logins = (text: string, key = 'PASS_MAX_DAYS'): string =>
  `sed -i '/^[[:blank:]]*${key}[[:blank:]]/d' /etc/login.defs; printf '${text}' >>/etc/login.defs`;
const at = (text: string): RegExp => new RegExp(`^value is ${text} \\(line [0-9]+ of /etc/login\\.defs\\)`);

/** Where what is tried leaves no trace. */
const inCopy = (script: string): string =>
  `unshare -m sh -c 'rm -rf /tmp/etc /tmp/home; cp -a /etc /home /tmp && mount --bind /tmp/etc /etc && mount --bind /tmp/home /home && ${script}'`;

export const loginSettings: readonly HostCase[] = [
  {
    name: 'a comment behind the value switches it off, and one line is right afterwards',
    source: `${github}/mondoohq/mql/issues/5536`,
    declare: login('365'),
    given: logins('PASS_MAX_DAYS 365 # sec policy\\n'),
    found: [at('365 # sec policy')],
    corrected:
      'test "$(grep PASS_MAX_DAYS /etc/login.defs | grep -v "^#")" = "PASS_MAX_DAYS 365" && ' +
      inCopy('useradd -M t && chage -l t | grep -q "Maximum.*365$"'),
  },
  {
    name: 'an indented line later wins',
    source: `${github}/ComplianceAsCode/content/issues/438`,
    declare: login('365'),
    given: logins('PASS_MAX_DAYS 365\\n   PASS_MAX_DAYS\\t99999\\n'),
    found: [at('99999')],
    corrected: 'test "$(grep -c "^[[:blank:]]*PASS_MAX_DAYS" /etc/login.defs)" = 1',
  },
  {
    name: 'the last line wins, whatever is above',
    declare: login('365'),
    given: logins('  PASS_MAX_DAYS\\t99999\\nPASS_MAX_DAYS 365\\n'),
    found: [],
  },
  {
    name: 'tabs and blanks at the end do not matter',
    declare: login('365'),
    given: logins('\\tPASS_MAX_DAYS\\t\\t365  \\n'),
    found: [],
  },
  { name: 'quotes do not matter', declare: login('365'), given: logins('PASS_MAX_DAYS "365"\\n'), found: [] },
  {
    name: 'an end of line of DOS does not matter',
    declare: login('365'),
    given: logins('PASS_MAX_DAYS 365\\r\\n'),
    found: [],
  },
  {
    name: 'a sign between key and value is none',
    declare: login('365'),
    given: logins('PASS_MAX_DAYS=365\\n'),
    found: ['value is not set, not 365'],
    cleared: "sed -i '/^PASS_MAX_DAYS=/d' /etc/login.defs",
  },
  {
    name: 'case of the key matters',
    declare: login('365'),
    given: logins('pass_max_days 365\\n'),
    found: ['value is not set, not 365'],
    cleared: "sed -i '/^pass_max/d' /etc/login.defs",
  },
  {
    name: 'a mask without its 0 is no octal number',
    source: `${github}/ComplianceAsCode/content/issues/9456`,
    declare: login('027', 'UMASK'),
    given: logins('UMASK 27\\n', 'UMASK'),
    found: [at('27')],
  },
  {
    name: 'a mask with another 0 is the same',
    declare: login('027', 'UMASK'),
    given: logins('UMASK\\t0027\\n', 'UMASK'),
    found: [],
  },
  {
    name: 'what stands behind the value goes',
    source: `${github}/ComplianceAsCode/content/issues/1787`,
    declare: login('027', 'UMASK'),
    given: `sed -i '/^HOME_MODE/d' /etc/login.defs; ${logins('UMASK\\t\\t077       022\\n', 'UMASK')}`,
    found: [at('077       022')],
    corrected: inCopy('useradd -m t && test "$(stat -c %a /home/t)" = 750'),
  },
  {
    name: 'a stricter mask is more of its bits',
    declare: login('027', 'UMASK', 'AtLeast'),
    given: logins('UMASK 077\\n', 'UMASK'),
    found: [],
  },
  {
    name: 'a larger number is no stricter mask',
    declare: login('027', 'UMASK', 'AtLeast'),
    given: logins('UMASK 070\\n', 'UMASK'),
    found: [at('070')],
  },
  {
    name: 'less is at most',
    declare: login('365', 'PASS_MAX_DAYS', 'AtMost'),
    given: logins('PASS_MAX_DAYS 90\\n'),
    found: [],
  },
  {
    name: 'no limit is never at most',
    declare: login('365', 'PASS_MAX_DAYS', 'AtMost'),
    given: logins('PASS_MAX_DAYS -1\\n'),
    found: [at('-1')],
  },
  {
    name: 'what is no number is never at most',
    declare: login('365', 'PASS_MAX_DAYS', 'AtMost'),
    given: logins('PASS_MAX_DAYS 90 days\\n'),
    found: [at('90 days')],
  },
  {
    name: 'a last line that does not end stays one, and ends',
    source: `${github}/ansible/ansible/issues/6881`,
    declare: login('365'),
    given: `${logins('')}; sed -i '/^ENCRYPT_METHOD/d' /etc/login.defs; printf 'ENCRYPT_METHOD SHA512' >>/etc/login.defs`,
    found: ['value is not set, not 365'],
    corrected: 'tail -n 2 /etc/login.defs | tr "\\n" , | grep -qx "ENCRYPT_METHOD SHA512,PASS_MAX_DAYS 365,"',
    cleared: "sed -i '/^ENCRYPT_METHOD/d' /etc/login.defs",
  },
  {
    name: 'a commented example has the setting below it',
    declare: login('0', 'HF_EXAMPLE'),
    given: "printf '#HF_EXAMPLE\\t7\\n# and more\\n' >>/etc/login.defs",
    found: ['value is not set, not 0'],
    corrected: 'grep -A1 "^#HF_EXAMPLE" /etc/login.defs | tail -n 1 | grep -qx "HF_EXAMPLE 0"',
  },
  {
    name: 'what must not be set is taken out wherever it is',
    declare: { setting: { path: '/etc/login.defs', key: 'HF_OLD', state: 'Absent' } },
    given: "printf 'HF_OLD 1\\n\\tHF_OLD\\t2\\n#HF_OLD 3\\nHF_OLDER 4\\n' >>/etc/login.defs",
    found: [/^value is 2 \(line [0-9]+ of \/etc\/login\.defs\), not not set$/],
    corrected: 'test "$(grep -c HF_OLD /etc/login.defs)" = 2',
  },
  {
    name: 'a colleague who edits it in between is not overwritten',
    declare: login('365'),
    given: logins('PASS_MAX_DAYS 1\\n'),
    found: [at('1')],
    between: "sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 9/' /etc/login.defs",
    refused: /has changed since Holdfast evaluated it/,
  },
  {
    name: 'and one who edits it later is not either',
    declare: login('365'),
    given: logins('PASS_MAX_DAYS 1\\n'),
    found: [at('1')],
    meanwhile: "sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 60/' /etc/login.defs",
    lost: /since been changed by someone else/,
  },
  {
    name: 'a link is read through, and never written through',
    declare: login('365'),
    given: `${logins('PASS_MAX_DAYS 1\\n')}; mv /etc/login.defs /etc/login.real; ln -s login.real /etc/login.defs`,
    found: [/^value is hmac:[0-9a-f]+ \(line [0-9]+ of \/etc\/login\.defs\), not 365$/],
    manual: /symbolic link/,
    cleared: 'rm /etc/login.defs; mv /etc/login.real /etc/login.defs',
  },
];
