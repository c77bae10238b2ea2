import { describe, expect, test } from '@jest/globals';
import { isSecretName } from './secretForms.ts';
import { withoutSecrets } from './secretText.ts';

/** Put together, so that no scanner takes the tests for a leak. */
const begin = `-----BEGIN ${'OPENSSH PRIVATE'} KEY-----`;
const end = begin.replace('BEGIN', 'END');
const body = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAA';
const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhbGljZSJ9', 'c2lnbmF0dXJlLXNpZw'].join('.');

describe('what is a secret by its form', () => {
  test.each([
    ['a private key', `key:\n${begin}\n${body}\n${end}\nafter`, ['b3Blb', 'BEGIN'], 'after'],
    ['one with escaped line ends', `{"k":"${begin}\\n${body}\\n${end}\\n","b":1}`, ['b3Blb'], '"b":1'],
    ['one that is cut at the end', `before ${begin}\n${body}`, ['b3Blb'], 'before'],
    ['one that is cut at the start', `before:\n${body}\n${body}\n${end}\nafter`, ['b3Blb', 'END'], 'after'],
    ['a JSON web token', `login with ${jwt} failed`, ['eyJ'], 'failed'],
    ['a token of OpenShift', `as sha256~${'a1B2'.repeat(11)} now`, ['a1B2'], 'now'],
    ['a token of GitHub', `clone with ghp_${'Ab12'.repeat(9)}.`, ['Ab12'], 'clone'],
    ['the hash of a password', 'root:$6$saltsalt$abcdefghijklmnop:19000:0', ['abcdefgh'], '19000'],
    ['user and password of a URL', 'see https://bob:p@ss@git.example.com/x?y=1', ['bob', 'p@ss'], 'git.example.com/x'],
    ['the token alone of a URL', 'see https://abcdef0123@git.example.com/x', ['abcdef'], 'git.example.com'],
    ['a header', 'Authorization: Bearer abc.def', ['abc'], 'Authorization: REDACTED'],
    ['a header of another scheme', 'authorization: Basic Ym9iOnB3', ['Ym9i'], 'REDACTED'],
    ['a header in JSON in JSON', String.raw`{"h":"{\"Authorization\":\"Bearer abc\"}"}`, ['abc'], 'Authorization'],
    ['a scheme without a header', 'sent bearer abcdefghijklmnop twice', ['abcdef'], 'twice'],
  ])('%s', (_, text, gone, kept) => {
    const left = withoutSecrets(text);
    for (const part of gone) expect(left).not.toContain(part);
    expect(left).toContain('REDACTED');
    expect(left).toContain(kept);
  });
});

describe('what is a secret by its name', () => {
  test.each([
    ['password=hunter2 user=bob', 'password=REDACTED user=bob'],
    ['DB_PASSWORD: hunter2', 'DB_PASSWORD: REDACTED'],
    ['{"apiKey":"hunter2","n":1}', '{"apiKey":REDACTED,"n":1}'],
    [
      String.raw`{"msg":"{\"password\":\"hunter two\",\"n\":1}"}`,
      String.raw`{"msg":"{\"password\":REDACTED,\"n\":1}"}`,
    ],
    [`secret = 'hunter two' # x`, 'secret = REDACTED # x'],
    ['secret = "a\\"hunter" x', 'secret = REDACTED x'],
    ['run --token hunter2 --to here', 'run --token REDACTED --to here'],
    ['curl -u bob:hunter2 https://x.example', 'curl -u REDACTED https://x.example'],
    ['machine x login bob password hunter2', 'machine x login bob password REDACTED'],
    ['chpasswd:\n  list: |\n    root:hunter2\nruncmd: []', 'chpasswd: REDACTED\nruncmd: []'],
    ['a:\n  hashed_passwd: hunter2\n  b: 1', 'a:\n  hashed_passwd: REDACTED\n  b: 1'],
    ['plain_text_passwd: >-\n  hunter2\n  more\nb: 1', 'plain_text_passwd: REDACTED\nb: 1'],
    ['  - password: |\n      hunter2\n\n      more\n  - b: 1', '  - password: REDACTED\n  - b: 1'],
  ])('%j', (text, left) => {
    expect(withoutSecrets(text)).toBe(left);
  });
});

test.each([
  'Secret fleet-ssh does not exist in this namespace',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPublicKeyOfAHostThatIsNoSecretAtAll01 root@web-01',
  '10.0.0.1:6443 responded at 12:34:56',
  'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'Holdfast may not read Secret fleet-ssh in this namespace',
  'image registry.example.com:5000/holdfast-operator:0.1.0@sha256:abcdef',
  'PasswordAuthentication no',
])('what is not a secret stays: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test.each([
  ['secretName', false],
  ['credentialsRef', false],
  ['publicKey', false],
  ['tokenReview', false],
  ['clientSecret', true],
  ['ssh-privatekey', true],
  ['PASSWORDS', true],
])('the name %s', (name, isSecret) => {
  expect(isSecretName(name)).toBe(isSecret);
});

test('takes no longer for a long line than it should', () => {
  // Each would be quadratic or worse if patterns could backtrack over it.
  for (const part of ['a', 'A1b2', ' ', '"', '\\', 'token', '-', 'a:', '://a'])
    expect(withoutSecrets(part.repeat(200_000 / part.length)).length).toBeGreaterThan(0);
});
