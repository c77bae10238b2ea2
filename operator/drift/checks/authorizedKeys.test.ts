import { describe, expect, test } from '@jest/globals';
import { a, b, print } from '../../../test/integration/cases/keyBed.ts';
import { conceal, inWords } from '../../../test/builders/observeHere.ts';
import type { AuthorizedKeysCheck } from '../../api/v1alpha1/accountChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { authorizedKeys } from './authorizedKeys.ts';

const home = '/home/app';
const path = `${home}/.ssh/authorized_keys`;
const with1 = `from="10.0.0.1" ${a}`;

/** What a host answers of an account with a file of these lines; `undefined` when there is none. */
function answer(lines: readonly string[] | undefined, more: readonly string[] = []): string {
  const text = lines?.map((line) => `${line}\n`).join('');
  return [
    'W|next||sshd.service|||/run/sshd.pid||22',
    'M|no|holdfast|holdfast',
    `S|/etc/ssh/sshd_config|f:600:0:0:${'ab'.repeat(32)}`,
    `U|app|1001|1001|${home}|d`,
    'O|strictmodes|yes',
    ...(text === undefined
      ? [`K|${path}|no|absent`]
      : [
          `K|${path}|no|f|600|1001|1001|${Buffer.byteLength(text)}`,
          `T|${path}|${Buffer.from(text).toString('base64')}`,
          `C|${path}|${home}/.ssh|d|700|1001|1001|0`,
        ]),
    `C|${path}|${home}|d|700|1001|1001|0`,
    `C|${path}|/home|d|755|0|0|0`,
    ...more,
    'E',
  ]
    .join('\n')
    .replaceAll('|', '\x1f');
}
const declare = (keys: string[], exclusive = true): AuthorizedKeysCheck => ({ user: 'app', keys, exclusive });
const compared = (declared: AuthorizedKeysCheck, text: string) =>
  inWords(authorizedKeys.compare(declared, authorizedKeys.parse(text, declared), conceal));
const remedy = (declared: AuthorizedKeysCheck, text: string) =>
  authorizedKeys.remedy(declared, authorizedKeys.parse(text, declared));

describe('comparing', () => {
  test.each<[string, AuthorizedKeysCheck, string, string]>([
    [
      'the declared keys pass, whatever their comments',
      declare([`${a} laptop`]),
      answer(['# x', `${a} other`]),
      'pass',
    ],
    ['a missing key is told by its fingerprint', declare([a, b]), answer([a]), `keys is absent, not ${print(b)}`],
    ['another key is drift', declare([a]), answer([a, b]), `keys is 1 other line: ${print(b)}, not no other key`],
    ['unless others are allowed', declare([a], false), answer([a, b, 'no key']), 'pass'],
    [
      'a line that is no key is shown as a digest',
      declare([a]),
      answer([a, 'x y']),
      `keys is 1 other line: a line that is not a key: ${conceal(sha256('x y'))}, not no other key`,
    ],
    [
      'options are shown as a digest',
      declare([a]),
      answer([a, with1]),
      `keys is 1 other line: ${print(a)} with options ${conceal(sha256('from="10.0.0.1"'))}, not no other key`,
    ],
    ['an account that is not there has no keys', declare([a]), 'absent', 'user is absent, not present'],
    ['and none that are too many', declare([]), 'absent', 'pass'],
    ['no sshd is no pass', declare([]), 'no sshd', 'not applicable: sshd is not installed on this host'],
    [
      'another source of keys is no pass',
      declare([a]),
      answer([a], ['O|authorizedkeyscommand|/bin/x']),
      'unknown: AuthorizedKeysCommand (/bin/x) may accept other keys, and Holdfast does not check it: set `exclusive: false` if that is intended',
    ],
    [
      'what is no key cannot be declared',
      declare(['https://example.com/keys/of/somebody.keys']),
      answer([]),
      'unknown: keys[0] is not a line that sshd accepts: write it as `type base64`, preceded by options of sshd(8) if needed',
    ],
  ])('%s', (_, declared, text, expected) => {
    expect(compared(declared, text)).toBe(expected);
  });
  test('a file that was read by half makes no sense', () => {
    const half = answer([a, b]).replace(/(T\x1f[^\x1f]*\x1f.{16}).*/, '$1');
    expect(() => authorizedKeys.parse(half, declare([a]))).toThrow(`${path} could not be read in full`);
  });
});

describe('correcting', () => {
  test('drops and adds single lines', () => {
    expect(remedy(declare([a]), answer(['# x', b, with1]))).toEqual({
      is: 'changes',
      changes: [
        {
          do: 'file',
          path,
          seen: `f:600:1001:1001:${sha256(`# x\n${b}\n${with1}\n`)}`,
          edits: [
            { line: 2, drop: true },
            { line: 3, drop: true },
            { line: -1, put: [a] },
          ],
        },
      ],
    });
  });
  test('makes file and folder for the account alone', () => {
    expect(remedy(declare([a]), answer(undefined))).toEqual({
      is: 'changes',
      changes: [
        { do: 'folder', path: `${home}/.ssh`, seen: 'absent', mode: '700', owner: 'app' },
        { do: 'file', path, seen: 'absent', edits: [{ line: -1, put: [a] }], owner: 'app', newMode: '600' },
      ],
    });
  });
  test('leaves the account to a person with which Holdfast logs in', () => {
    expect(remedy({ user: 'holdfast', keys: [a] }, answer([b]))).toMatchObject({ is: 'manual' });
  });
});

test('two checks that exclude each other decide the same thing differently', () => {
  const [left, right] = [declare([a]), declare([b])].map((one) => authorizedKeys.claims(one)['keys of app']);
  expect(left).not.toBe(right);
  expect(authorizedKeys.claims(declare([b, a]))).toEqual(authorizedKeys.claims(declare([a, `${b} comment`].reverse())));
});
