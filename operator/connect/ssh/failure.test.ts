import { describe, expect, test } from '@jest/globals';
import type { ClientEnd } from './shell.ts';
import { failureOf } from './failure.ts';
import type { SshTarget } from './types.ts';

const key = 'ssh-ed25519 AAAA';
const target: SshTarget = {
  id: 'default/web-01',
  host: 'web-01',
  port: 22,
  user: 'holdfast',
  become: 'sudo',
  hostKeys: [key, 'ssh-rsa BBBB'],
  hostCertificateAuthorities: [],
  privateKey: 'secret',
};
const request = { script: '', input: '', timeoutSeconds: 60, maxBytes: 1000 };

function explain(errors: string, changes: Partial<ClientEnd> = {}, other: Partial<SshTarget> = {}) {
  const end = { exitCode: 255, output: Buffer.alloc(0), errors, ...changes };
  return failureOf(end, { ...target, ...other }, request);
}

describe('what the client says is explained', () => {
  const cases: [errors: string, reason: string, words: string][] = [
    ['ssh: connect to host web-01 port 22: No route to host\n', 'NoRoute', '(No route to host)'],
    ['ssh: connect to host web-01 port 22: Connection timed out\n', 'ConnectionTimedOut', 'NetworkPolicies'],
    [
      'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\n',
      'AuthenticationFailed',
      'fleet',
    ],
    [
      'holdfast@web-01: Permission denied (publickey,gssapi-keyex).\n',
      'AuthenticationFailed',
      'authorized_keys of holdfast',
    ],
    [
      'Unable to negotiate with 10.0.0.1 port 22: no matching cipher found. Their offer: 3des-cbc\n',
      'Failed',
      'no cipher in common',
    ],
    ['Timeout, server web-01 not responding.\n', 'ConnectionLost', 'closed the connection'],
    ['No user exists for uid 1000650000\n', 'ClientUnusable', '/etc/passwd'],
    ['command-line: line 0: Bad configuration option: pkcs11provider\n', 'ClientUnusable', 'pkcs11provider'],
    ['something new\nthat nobody knew\n', 'Failed', 'ssh to web-01 failed: that nobody knew'],
    ['', 'ConnectionLost', 'lack of memory'],
  ];
  test.each(cases)('%j', (errors, reason, words) => {
    const message = expect.stringContaining(words === 'fleet' ? 'does not accept this key for holdfast' : words);
    expect(explain(errors)).toEqual({ is: 'failed', reason, message });
  });

  test('a banner does not hide the reason', () => {
    const banner = 'Unauthorized use: Permission denied! Connection refused! Host key verification failed?\n';
    expect(explain(`${banner}holdfast@web-01: Permission denied (publickey).\n`)).toMatchObject({
      reason: 'AuthenticationFailed',
    });
  });

  test('with several pinned keys their number is told', () => {
    expect(explain('Host key verification failed.\n')?.message).toContain('expected one of the 2 pinned keys');
  });
});

describe('what sudo says', () => {
  test.each([
    'sudo: a password is required\n',
    'sudo: unable to resolve host web-01\nsudo: a password is required\n',
    'holdfast is not in the sudoers file.  This incident will be reported.\n',
    'Sorry, user holdfast may not run sudo on web-01.\n',
    "Sorry, user holdfast is not allowed to execute '/bin/sh -c x' as root on web-01.\n",
  ])('%j is a refusal', (errors) => {
    expect(explain(errors, { exitCode: 1 })).toMatchObject({
      reason: 'BecomeDenied',
      message: expect.stringContaining('NOPASSWD'),
    });
  });

  test.each([
    ['sudo: sorry, you must have a tty to run sudo\n', 'Defaults:holdfast !requiretty'],
    ["sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the 'nosuid' option set?\n", 'be setuid'],
    ['/etc/sudoers.d/x:1:4: syntax error\nsudo: no valid sudoers sources found, quitting\n', 'visudo -c'],
    // https://github.com/cloudfoundry/bosh/issues/1112
    ['sudo: /var/log/sudo-io/00/00/01: No space left on device\n', 'iolog_dir'],
    ['sudo: PAM account management error: Permission denied\n', 'chage -l holdfast'],
  ])('%j is told with what mends it, and not with a rule that is there', (errors, advice) => {
    const message = explain(errors, { exitCode: 1 })?.message;
    expect(message).toContain(advice);
    expect(message).not.toContain('NOPASSWD');
  });

  test.each([
    ['/bin/sh: line 1: /usr/bin/head: Permission denied\n', 97],
    ['/bin/sh: 1: timeout: Permission denied\n', 126],
  ])('noexec is no lost connection: %j', (errors, exitCode) => {
    expect(explain(errors, { exitCode })).toMatchObject({
      reason: 'BecomeDenied',
      message: expect.stringMatching(/noexec.*NOPASSWD: EXEC: ALL/),
    });
  });

  test('a script of which not all arrived is tried again, unless the tool to read it is missing', () => {
    expect(explain('', { exitCode: 97 })).toMatchObject({ reason: 'ConnectionLost' });
    expect(explain('/bin/sh: line 1: head: command not found\n', { exitCode: 97 })).toMatchObject({
      reason: 'Failed',
      message: expect.stringContaining('install coreutils'),
    });
  });

  test('missing is told', () => {
    expect(explain('sh: line 1: sudo: command not found\n', { exitCode: 127 })).toMatchObject({
      reason: 'BecomeDenied',
    });
  });

  test('is no matter where nobody becomes root, nor when the script ran', () => {
    expect(explain('sudo: a password is required\n', { exitCode: 1 }, { become: 'none' })).toBeUndefined();
    expect(explain('sudo: unable to resolve host web-01\n', { exitCode: 0 })).toBeUndefined();
    expect(explain('grep: no such file\n', { exitCode: 1 })).toBeUndefined();
  });
});

test('a message is one bounded line without anything that a terminal would obey', () => {
  const errors = `Certificate invalid: \x1b[2J\x07\u202e\u200b\u200f\u061c\ufeff\u2028\u{e0041}${'x'.repeat(5000)}\n`;
  const message = explain(errors)?.message ?? '';
  expect(message).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
  expect(message.length).toBeLessThanOrEqual(500);
});
