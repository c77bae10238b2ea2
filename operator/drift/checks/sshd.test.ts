import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import { sshd } from './sshd.ts';

describe('comparing', () => {
  const cases: [name: string, option: string, value: string, values: string[] | undefined, expected: string][] = [
    ['the value in effect passes', 'PermitRootLogin', 'no', ['no'], 'pass'],
    ['words are compared without case', 'LogLevel', 'verbose', ['VERBOSE'], 'pass'],
    ['another value is told', 'PermitRootLogin', 'no', ['yes'], 'value is yes, not no'],
    [
      'an option of which sshd says nothing is not set',
      'AllowUsers',
      'alice',
      undefined,
      'value is not set, not alice',
    ],
    ['lines of one option are taken together', 'AllowUsers', 'alice bob', ['alice', 'bob'], 'pass'],
    ['sshd has an older name for a value', 'PermitRootLogin', 'prohibit-password', ['without-password'], 'pass'],
    ['times are the same in any unit', 'LoginGraceTime', '1m30s', ['90'], 'pass'],
    ['what looks like a time elsewhere is not', 'Banner', '1m', ['60'], 'value is 60, not 1m'],
    [
      'a change of a default cannot be told',
      'Ciphers',
      '-aes128-cbc',
      ['aes256-ctr'],
      'unknown: declare the whole list: sshd -T does not tell what `+`, `-` or `^` made of its default',
    ],
  ];
  test.each(cases)('%s', (_, option, value, values, expected) => {
    expect(inWords(sshd.compare({ option, value }, { values }, conceal))).toBe(expected);
  });
});

test('options that would change the meaning of others are not written', () => {
  expect(sshd.correct({ option: 'Match', value: 'all' })).toEqual([]);
  expect(sshd.correct({ option: 'Include', value: '/etc/motd' })).toEqual([]);
});

describe('asking', () => {
  const asked = [
    { option: 'PermitRootLogin', value: 'no' },
    { option: 'acceptEnv', value: 'LANG LC_*' },
    { option: 'ChallengeResponseAuthentication', value: 'no' },
    { option: 'Permit', value: 'x' },
  ];

  test('sshd is asked once for all, and options are found by either of their names', async () => {
    const instead = `sshd() { echo 'port 22
permitrootlogin yes
acceptenv LANG
acceptenv LC_*
kbdinteractiveauthentication no'; }`;
    expect(await judgeHere('sshd', asked, { instead })).toEqual([
      'value is yes, not no',
      'pass',
      'pass',
      'value is not set, not x',
    ]);
  });
  test('when sshd fails, its reason is why nothing is known', async () => {
    const instead = `sshd() { echo 'Unable to load host key' >&2; echo 'sshd: no hostkeys available -- exiting.' >&2; return 1; }`;
    expect(await judgeHere('sshd', asked.slice(0, 1), { instead })).toEqual([
      'unknown: sshd -T failed: sshd: no hostkeys available -- exiting.',
    ]);
  });
  test('where there is no sshd, nothing is known', async () => {
    expect(await judgeHere('sshd', asked.slice(0, 1), { instead: 'command() { return 1; }' })).toEqual([
      'unknown: sshd is not installed',
    ]);
  });
});
