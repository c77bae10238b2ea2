import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { AuthorizedKeysCheck } from '../../api/v1alpha1/accountChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { authorizedKeys, type AuthorizedKeysObserved } from './authorizedKeys.ts';

const keyOf = (name: string) => {
  const type = 'ssh-ed25519';
  const bytes = Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), Buffer.from(name.padEnd(36))]);
  return `${type} ${bytes.toString('base64')}`;
};
const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(keyOf) as [string, string, string];
const print = (key: string) =>
  `SHA256:${Buffer.from(sha256(Buffer.from(key.split(' ')[1] ?? '', 'base64')), 'hex')
    .toString('base64')
    .replace(/=+$/, '')}`;
const only = 'from="10.0.0.0/8",command="echo \\"hi there\\""';

describe('comparing', () => {
  const cases: [
    name: string,
    declared: Omit<AuthorizedKeysCheck, 'user'>,
    observed: AuthorizedKeysObserved,
    expected: string,
  ][] = [
    [
      'the declared keys pass, whatever their comments',
      { keys: [`${alice} alice@x`] },
      { lines: [`${alice} old laptop`] },
      'pass',
    ],
    [
      'a missing key is told by fingerprint',
      { keys: [alice, bob] },
      { lines: [alice] },
      `keys is absent, not ${print(bob)}`,
    ],
    [
      'any other key is drift',
      { keys: [alice] },
      { lines: [alice, bob, carol] },
      `keys is 2 other keys: ${print(bob)}, ${print(carol)}, not no other key`,
    ],
    ['unless others are allowed', { keys: [alice], exclusive: false }, { lines: [alice, bob] }, 'pass'],
    [
      'a key with other options is another',
      { keys: [`${only} ${alice}`] },
      { lines: [alice] },
      `keys is absent, not ${print(alice)} with options ${conceal(sha256(only))}; keys is 1 other key: ${print(alice)}, not no other key`,
    ],
    ['no keys at all are no keys', { keys: [] }, { lines: [] }, 'pass'],
    ['a user that is not there is absent', { keys: [alice] }, {}, 'user is absent, not present'],
    ['and cannot log in, as it must', { keys: [] }, {}, 'pass'],
    [
      'what is no key cannot be judged',
      { keys: [alice, 'https://example.com/keys/of/somebody.keys'] },
      { lines: [alice] },
      'unknown: keys[1] is no line of authorized_keys: give it as `type base64`',
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(authorizedKeys.compare({ user: 'app', ...declared }, observed, conceal))).toBe(expected);
  });
});

test('what is no key is never given to the module, which would fetch from it', () => {
  expect(authorizedKeys.correct({ user: 'app', keys: ['https://example.com/keys/of/somebody.keys'] })).toEqual([]);
});

test('what was found can be put back when it can be declared', () => {
  expect(authorizedKeys.asFound({ user: 'app', keys: [] }, { lines: [bob] })).toEqual({
    user: 'app',
    keys: [bob],
    exclusive: true,
  });
  expect(
    authorizedKeys.asFound({ user: 'app', keys: [] }, { lines: Array.from({ length: 65 }, (_, at) => keyOf(`${at}`)) }),
  ).toBeUndefined();
});

test('options that were not declared may be secret, so they do not stand in what was found', () => {
  expect(authorizedKeys.asFound({ user: 'app', keys: [] }, { lines: [`${only} ${bob}`] })).toBeUndefined();
  expect(
    authorizedKeys.asFound({ user: 'app', keys: [`${only} ${alice}`] }, { lines: [`${only} ${bob}`] }),
  ).toBeDefined();
});

describe('asking', () => {
  let home = '';
  const instead = (files: string) => `sshd() { printf '%s\\n' 'port 22' 'authorizedkeysfile ${files}' 'usedns no'; }
    getent() { printf 'app:x:1001:1001:%s:%s:/bin/sh\\n' 'A, User' '${home}'; return 2; }`;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'holdfast-keys-'));
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh/authorized_keys'), `# mine\n\n${alice} alice\n${only} ${bob}\nroot:$6$secret:1\n`);
    writeFileSync(join(home, 'app.keys'), `${carol}\n`);
    writeFileSync(join(home, 'large'), `${'#'.repeat(70_000)}\n`);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('keys are read from where sshd reads them, and what is no key is not told', async () => {
    const asked = { user: 'app', keys: [alice, `${only} ${bob}`] };
    expect(
      await judgeHere('authorizedKeys', [asked], { instead: instead('.ssh/authorized_keys .ssh/authorized_keys2') }),
    ).toEqual(['pass']);
    expect(
      await judgeHere('authorizedKeys', [{ user: 'app', keys: [carol] }], {
        instead: instead(`${home}/%u.keys none %h/none`),
      }),
    ).toEqual(['pass']);
  });
  test('a user that is not there has no home to look into', async () => {
    const answers = await judgeHere('authorizedKeys', [{ user: 'nobody-else', keys: [alice] }], {
      instead: instead('.ssh/authorized_keys'),
    });
    expect(answers).toEqual(['user is absent, not present']);
  });
  test('a file that cannot be read whole is why nothing is known', async () => {
    const judged = (files: string) =>
      judgeHere('authorizedKeys', [{ user: 'app', keys: [] }], { instead: instead(files) });
    expect(await judged('large')).toContain(`unknown: ${home}/large is larger than 64 KiB`);
    expect(await judged('.ssh')).toContain(`unknown: ${home}/.ssh cannot be read`);
  });
  test('when sshd cannot say where keys lie, nothing is known', async () => {
    const failing = `sshd() { echo 'no hostkeys available' >&2; return 1; }`;
    expect(await judgeHere('authorizedKeys', [{ user: 'root', keys: [] }], { instead: failing })).toEqual([
      'unknown: sshd -T failed: no hostkeys available',
    ]);
  });
});
