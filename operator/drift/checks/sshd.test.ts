import { describe, expect, test } from '@jest/globals';
import { conceal, inWords } from '../../../test/builders/observeHere.ts';
import type { SshdCheck } from '../../api/v1alpha1/systemChecks.ts';
import { sshd } from './sshd.ts';
import { lockOut } from './sshdAccess.ts';
import { occurrences, parseSshd, type SshdFound } from './sshdConfig.ts';
import { canonical, fits } from './sshdWords.ts';

const main = '/etc/ssh/sshd_config';
/** What a host answers whose sshd reads one file of these lines, and says these lines of the option. */
function answer(values: readonly string[], lines: readonly string[] = [], option = 'permitrootlogin'): string {
  return [
    'W|next||sshd.service|||/run/sshd.pid||22',
    'W|live|47|sshd.service|no||/run/sshd.pid|100.5|22',
    'M|no|holdfast|holdfast wheel',
    `F|${main}|100.000000001|90|regular file`,
    'F|/proc/self|200|200|directory',
    `S|${main}|f:600:0:0:${'ab'.repeat(32)}`,
    ...values.flatMap((value) => [`V|0|${option}|${value}`, `V|1|${option}|${value}`]),
    ...lines.map((line, at) => `L|${main}|${at + 1}|${line.trim().split(/[ =]/)[0]?.toLowerCase()}|${line}`),
    'E',
  ]
    .join('\n')
    .replaceAll('|', '\x1f');
}
const no: SshdCheck = { option: 'PermitRootLogin', value: 'no' };
const compared = (declared: SshdCheck, text: string) =>
  inWords(sshd.compare(declared, sshd.parse(text, declared), conceal));

describe('comparing', () => {
  test.each<[string, SshdCheck, string, string]>([
    ['the value in effect passes', no, answer(['no']), 'pass'],
    ['another value is told', no, answer(['yes']), 'value is yes, not no'],
    [
      'an option that sshd does not print is not known',
      no,
      answer([]),
      'unknown: `sshd -T` does not list PermitRootLogin: this release of sshd does not have that option',
    ],
    [
      'one that adds up is not set then',
      { option: 'AllowUsers', value: 'alice' },
      answer([]),
      'value is not set, not alice',
    ],
    [
      'a Match counts',
      no,
      answer(['no'], ['Match User root', '  PermitRootLogin yes']),
      `value is yes under ${main}:1 (Match User root), not no`,
    ],
    [
      'a file that changed since the daemon read it counts',
      no,
      answer(['no']).replace('100.000000001', '100.500000001'),
      `live is as it was before ${main} changed: sshd has not read it since then, not no`,
    ],
    ['no sshd is no pass', no, 'absent', 'not applicable: sshd is not installed on this host'],
  ])('%s', (_, declared, text, expected) => {
    expect(compared(declared, text)).toBe(expected);
  });
  test('a time to come says nothing of what the daemon has read', () => {
    const since = answer(['no']).replace('/proc/self\x1f200\x1f200', '/proc/self\x1f100.4\x1f100.4');
    expect(() => parseSshd(since)).toThrow(/^\/run\/sshd\.pid has a time in the future.*check the clock of the host/);
    expect(() => parseSshd(since.replace('100.5', '50'))).not.toThrow();
    expect(() => parseSshd(answer(['no']).replace('100.000000001', '300'))).toThrow(
      /\/etc\/ssh\/sshd_config has a time/,
    );
  });
  test.each(['', 'present', answer(['no']).replace(/E$/, ''), answer(['no']).replace(/^W.*\n/, '')])(
    'half an answer makes no sense',
    (text) => {
      expect(() => parseSshd(text)).toThrow(/^the host /);
    },
  );
});

describe('correcting', () => {
  const remedy = (declared: SshdCheck, text: string) => sshd.remedy(declared, sshd.parse(text, declared));
  test.each<[string, SshdCheck, string, object[]]>([
    [
      'where it stands',
      no,
      answer(['yes'], ['PermitRootLogin yes']),
      [{ line: 1, drop: true, put: ['PermitRootLogin no'] }],
    ],
    ['above all where it does not', no, answer(['yes']), [{ line: 0, put: ['PermitRootLogin no'] }]],
    [
      'of a list only what is to go',
      { option: 'MACs', excludes: ['*-md5'] },
      answer(['a,hmac-md5,hmac-sha2-256'], [], 'macs'),
      [{ line: 0, put: ['MACs a,hmac-sha2-256'] }],
    ],
    [
      'to the nearest bound',
      { option: 'MaxAuthTries', atLeast: 2, atMost: 4 },
      answer(['1'], [], 'maxauthtries'),
      [{ line: 0, put: ['MaxAuthTries 2'] }],
    ],
  ])('changes it %s', (_, declared, text, edits) => {
    expect(remedy(declared, text)).toMatchObject({
      is: 'changes',
      changes: [
        {
          do: 'file',
          path: main,
          edits,
          validate: ['sshd', '-t', '-f', '%s'],
          notify: [{ unit: 'sshd.service', action: 'reload', rewrites: '/run/sshd.pid' }],
        },
      ],
    });
  });
});

test('lines are found in the order in which sshd reads them', () => {
  const found: Pick<SshdFound, 'lines' | 'includes' | 'main'> = {
    main: { path: '/a', seen: '' },
    lines: [
      { file: '/a', number: 1, name: 'include', text: 'Include x' },
      { file: '/a', number: 2, name: 'match', text: 'Match User u' },
      { file: '/a', number: 3, name: 'include', text: 'Include x' },
      { file: '/b', number: 7, name: 'port', text: '\tPort="1" ' },
      { file: '/b', number: 8, name: 'match', text: 'Match all' },
    ],
    includes: [1, 3].map((number) => ({ file: '/a', number, path: '/b' })),
  };
  expect(occurrences(found, ['port'])).toEqual([
    { file: '/b', number: 7, value: '"1"' },
    { file: '/b', number: 7, value: '"1"', under: '/a:2 (Match User u)' },
  ]);
  const circle = { ...found, includes: [{ file: '/a', number: 1, path: '/a' }] };
  expect(() => occurrences(circle, ['port'])).toThrow('/a includes itself');
});

test.each([
  ['LoginGraceTime', '1h30m5', '5405'],
  ['RekeyLimit', 'default none', '0 0'],
  ['RekeyLimit', '1G', '1073741824 0'],
  ['AllowUsers', 'b a b', 'a b'],
  ['Banner', '"/etc/issue net" # c', '/etc/issue net'],
  ['PermitRootLogin', 'Prohibit-Password', 'without-password'],
  ['ForceCommand', 'No', 'No'],
  ['ListenAddress', '::', '[::]:22'],
])('%s %s is %s', (option, value, expected) => {
  expect(canonical(option, [value])).toBe(expected);
});

test('patterns fit as those of sshd do', () => {
  expect([fits('*-cbc', 'aes128-cbc'), fits('a?c', 'abc'), fits('a.c', 'abc'), fits('*', '')]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

describe('locking out', () => {
  const login = { name: 'holdfast', groups: ['wheel'], options: new Map() };
  test.each<[string, string[], string[], boolean]>([
    ['AllowUsers', ['alice', 'holdfast'], [], false],
    ['AllowUsers', ['alice'], [], true],
    ['AllowUsers', ['*', '!holdfast'], [], true],
    ['AllowUsers', ['holdfast@10.0.0.1'], [], true],
    ['DenyUsers', ['hold*@10.0.0.1'], [], true],
    ['DenyUsers', ['alice'], [], false],
    ['AllowGroups', ['wheel'], [], false],
    ['PermitRootLogin', ['no'], [], false],
    ['PubkeyAuthentication', ['no'], ['yes'], true],
    ['AuthenticationMethods', ['publickey'], ['any'], false],
    ['AuthorizedKeysFile', ['b a'], ['a'], false],
    ['AuthorizedKeysFile', ['b'], ['a'], true],
    ['Port', ['22', '23'], ['22'], true],
    ['MaxSessions', ['0'], ['10'], true],
    ['Banner', ['/etc/issue'], ['none'], false],
  ])('by %s %j in the place of %j: %s', (option, wanted, found, expected) => {
    expect(lockOut(option, wanted, found, login) !== undefined).toBe(expected);
  });
  test('does not happen to root either', () => {
    expect(lockOut('PermitRootLogin', ['no'], ['yes'], { ...login, name: 'root' })).toMatch(/would refuse root/);
  });
});

test('what is decided is compared in the same words', () => {
  expect(sshd.claims({ option: 'ChallengeResponseAuthentication', value: 'NO' })).toEqual(
    sshd.claims({ option: 'KbdInteractiveAuthentication', value: 'no' }),
  );
});
