import { describe, expect, test } from '@jest/globals';
import { expiryOf, fingerprintOf, parseAuthorizedKey } from './authorizedKey.ts';

const base64 = 'AAAAC3NzaC1lZDI1NTE5AAAAILaA7CAY1bUxHx8s2w5JSf4rf35rOWFmvb3n2d1CgGHZ';
const key = `ssh-ed25519 ${base64}`;

describe('a line of authorized_keys', () => {
  test.each([
    ['a key alone', key, ''],
    ['a key with a comment of several words', `${key} alice on her laptop`, ''],
    ['a key between blanks', `  ${key}\t`, ''],
    [
      'options, with blanks and escaped quotes in them',
      `no-pty,command="say \\"a b\\"" ${key}`,
      'command="say \\"a b\\"",no-pty',
    ],
    [
      'options in another order, but for those of one name',
      `pty,no-pty,from="a,b",environment="A=2",environment="A=1" ${key}`,
      'environment="A=2",environment="A=1",from="a,b",pty,no-pty',
    ],
    [
      'networks',
      `from="10.0.0.0/8,!10.1.2.0/24,fe80::/64,::1/128,::ffff:10.0.0.0/104,*.a/b" ${key}`,
      'from="10.0.0.0/8,!10.1.2.0/24,fe80::/64,::1/128,::ffff:10.0.0.0/104,*.a/b"',
    ],
    ['what is no network', `from="a/24,10.0.0.5/x" ${key}`, 'from="a/24,10.0.0.5/x"'],
    ['options that give back what restrict took away', `restrict,pty,from="a" ${key}`, 'restrict,pty,from="a"'],
  ])('may be %s', (_, line, options) => {
    expect(parseAuthorizedKey(line)).toEqual({ options, type: 'ssh-ed25519', base64 });
  });
  test.each([
    ['a comment', `# ${key}`],
    ['nothing', ''],
    ['a URL', 'https://example.com/keys'],
    ['a line of /etc/shadow', 'root:$6$salt$hash:19000:0:99999:7:::'],
    ['a key of another type than it says', `ssh-rsa ${base64}`],
    ['a key that is cut off', 'ssh-ed25519 AAAA'],
    ['a type without a key', 'ssh-ed25519'],
    ['options that do not end', `command="x ${key}`],
    ['a network with bits behind its mask', `from="10.1.2.3,10.0.0.5/8" ${key}`],
    ['one that is refused', `from="!192.168.1.1/24,*" ${key}`],
    ['one of IPv6', `from="fe80::1/64" ${key}`],
    ['one with IPv4 in it', `from="::ffff:10.0.0.1/120" ${key}`],
    ['a mask that is longer than its address', `from="10.0.0.0/33" ${key}`],
  ])('is no key when it is %s', (_, line) => {
    expect(parseAuthorizedKey(line)).toBeUndefined();
  });
  test('has the fingerprint that ssh-keygen prints', () => {
    expect(fingerprintOf({ options: '', type: 'ssh-ed25519', base64 })).toBe(
      'SHA256:4hHC2PM8h1VbibfKlsLZlNJj6ClHIsknsLMzWZpSeGg',
    );
  });
});

test('a key expires at the earliest of its times, exactly so in UTC', () => {
  const utc = Date.UTC(2020, 0, 2, 3, 4) / 1000;
  const cases: [options: string, expected: readonly number[] | undefined][] = [
    ['', undefined],
    ['command="expiry-time=1"', undefined],
    ['expiry-time="202001020304Z"', [utc, utc]],
    ['expiry-time="202001020304"', [utc - 50_400, utc + 43_200]],
    ['expiry-time="20300101Z",expiry-time="202001020304Z",no-pty', [utc, utc]],
  ];
  for (const [options, expected] of cases) expect(expiryOf({ options, type: 'ssh-ed25519', base64 })).toEqual(expected);
});
