import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { acceptedIn } from './accepted.ts';
import { decideKeys, type Scanned } from './hostKeys.ts';
import { fingerprint, KnownHosts, type PublicKey } from './knownHosts.ts';

/** A key of ed25519 whose bytes are all the same. */
function ed25519(byte: number): PublicKey {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const base64 = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(Buffer.alloc(32, byte))]).toString('base64');
  return { type: 'ssh-ed25519', base64 };
}
const [old, now, authority] = [ed25519(1), ed25519(2), ed25519(3)];
const text = ({ type, base64 }: PublicKey) => `${type} ${base64}`;
const rsa = `ssh-rsa ${Buffer.concat([
  Buffer.from([0, 0, 0, 7]),
  Buffer.from('ssh-rsa'),
  Buffer.from([0, 0, 0, 1, 3, 0, 0, 0, 1, 9]),
]).toString('base64')}`;

function hashed(name: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

describe('known_hosts', () => {
  const keysOf = (line: string, host: string, port = 22) => new KnownHosts(line).of(host, port).keys.map(text);

  test.each([
    { line: `web ${text(old)}`, host: 'web' },
    { line: `WEB,192.0.2.1 ${text(old)} a comment`, host: 'Web' },
    { line: `a,192.0.2.1 ${text(old)}`, host: '192.0.2.1' },
    { line: `[web]:2222 ${text(old)}`, host: 'web', port: 2222 },
    { line: `[2001:db8::1]:2222 ${text(old)}`, host: '2001:db8::1', port: 2222 },
    { line: `${hashed('web')} ${text(old)}`, host: 'web' },
    { line: `${hashed('[web]:2222')} ${text(old)}`, host: 'web', port: 2222 },
    { line: `*.example.com,!db.example.com ${text(old)}`, host: 'web.example.com' },
    { line: `web-?? ${text(old)}`, host: 'web-01' },
    { line: `  web\t${text(old)}\r`, host: 'web' },
  ])('knows $host by $line', ({ line, host, port }) => expect(keysOf(line, host, port)).toEqual([text(old)]));

  test.each([
    { line: `web ${text(old)}`, host: 'web', port: 2222 },
    { line: `[web]:2222 ${text(old)}`, host: 'web' },
    // What ssh-keyscan -H of old versions writes for a port: salt #40152, ansible #29343.
    { line: `${hashed('web')} ${text(old)}`, host: 'web', port: 2222 },
    { line: `[${hashed('web')}]:2222 ${text(old)}`, host: 'web', port: 2222 },
    { line: `*.example.com,!db.example.com ${text(old)}`, host: 'db.example.com' },
    { line: `# web ${text(old)}`, host: 'web' },
    { line: 'web ssh-ed25519 AAAA', host: 'web' },
    { line: `@other web ${text(old)}`, host: 'web' },
    { line: `web,other`, host: 'web' },
    { line: `webx ${text(old)}`, host: 'web' },
  ])('does not know $host $port by $line', ({ line, host, port }) => expect(keysOf(line, host, port)).toEqual([]));

  test('authorities and revoked keys are told apart', () => {
    const known = new KnownHosts(
      `@cert-authority *.example.com ${text(authority)}\nweb.example.com ${text(old)}\n@revoked * ${text(old)}\n`,
    ).of('web.example.com', 22);
    expect(known).toMatchObject({
      keys: [],
      authorities: [{ base64: authority.base64 }],
      revoked: [{ base64: old.base64 }],
    });
  });

  test('a pattern of many stars takes no time', () => {
    expect(keysOf(`${'*a'.repeat(2000)}b ${text(old)}`, 'a'.repeat(250))).toEqual([]);
  });

  test('each key once, the best type first', () => {
    expect(keysOf(`web ${rsa}\nweb ${text(old)}\nweb,other ${rsa}\n`, 'web')).toEqual([text(old), rsa]);
  });
});

describe('the keys of a Device are', () => {
  const at = { name: 'Web', host: 'web.example.com', port: 22 };
  const known = (lines: string) => new KnownHosts(lines).of('web.example.com', 22);
  const decide = (lines: string, scanned?: Scanned, accepted = '') =>
    decideKeys(at, known(lines), scanned, acceptedIn(accepted, 'accepted'));
  const keys = (...all: PublicKey[]): Scanned => ({ keys: all });
  const line = `web.example.com ${text(old)}`;

  test.each([
    { name: 'those that are known', is: 'known', decision: decide(line) },
    { name: 'those that are known and were scanned', is: 'known', decision: decide(line, keys(old)) },
    {
      name: 'those that are known, where the host does not answer',
      is: 'known',
      decision: decide(line, { why: 'no answer' }),
    },
    { name: 'of an authority', is: 'authority', decision: decide(`@cert-authority * ${text(authority)}`, keys(now)) },
    { name: 'for a person to confirm', is: 'unconfirmed', decision: decide('', keys(now)) },
    { name: 'accepted by name', is: 'known', decision: decide('', keys(now), `web ${fingerprint(now)}`) },
    {
      name: 'accepted by address',
      is: 'known',
      decision: decide('', keys(now), `web.example.com ${fingerprint(now)}`),
    },
    {
      name: 'accepted as ssh-keygen lists them',
      is: 'known',
      decision: decide('', keys(now), `256 ${fingerprint(now)} [web.example.com]:22,x (ED25519)`),
    },
    {
      name: 'not accepted for another host',
      is: 'unconfirmed',
      decision: decide('', keys(now), `db ${fingerprint(now)}`),
    },
    { name: 'none without a scan', is: 'refused', decision: decide('') },
    { name: 'none without an answer', is: 'refused', decision: decide('', { why: 'no answer' }) },
  ])('$name', ({ is, decision }) => expect(decision).toMatchObject({ is, ...(is === 'refused' && { isLoud: false }) }));

  test.each([
    { name: 'a key that has changed', decision: decide(line, keys(now)), why: 'another than the one in known_hosts' },
    {
      name: 'a new key beside the known one',
      decision: decide(line, keys(old, now)),
      why: 'another than the one in known_hosts',
    },
    {
      name: 'a key of another type instead of the known one',
      decision: decide(line, { keys: [{ type: 'ssh-rsa', base64: rsa.slice(8) }] }),
      why: 'another than',
    },
    {
      name: 'a key that has changed and is accepted',
      decision: decide(line, keys(now), `web ${fingerprint(now)}`),
      why: 'another than',
    },
    {
      name: 'a revoked key',
      decision: decide(`@revoked * ${text(now)}`, keys(now), `web ${fingerprint(now)}`),
      why: 'revokes',
    },
    {
      name: 'a key that is not the accepted one',
      decision: decide('', keys(now), `web ${fingerprint(old)}`),
      why: 'none of its host keys is accepted',
    },
  ])('never $name', ({ decision, why }) =>
    expect(decision).toMatchObject({ is: 'refused', isLoud: true, why: expect.stringContaining(why) }),
  );

  test('only those that are accepted', () => {
    const second = { type: 'ssh-rsa', base64: rsa.slice(8) };
    expect(decide('', keys(now, second), `web ${fingerprint(second)}`)).toMatchObject({ is: 'known', keys: [second] });
  });
});

test.each(['SHA256:short web', fingerprint(old), `256 ${fingerprint(old)} no comment (ED25519)`, 'web MD5:00:11'])(
  'accepted fingerprints name a host each: %j is refused',
  (line) =>
    expect(() => acceptedIn(`# list\n\n${line}\n`, 'accepted')).toThrow(
      'accepted, line 3: write the host and its fingerprint',
    ),
);
