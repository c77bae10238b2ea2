/** Who the host and the account are, against a real sshd: pinned keys, certificates, credentials. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openTestConnector, type TestConnector } from '../../../test/ssh/connector.ts';
import { certify, makeKey, otherUser, startTestServer, type TestServer } from '../../../test/ssh/server.ts';
import type { AddressedTarget } from './types.ts';

// A busy machine may take a second for a connection.
jest.setTimeout(60_000);

let server: TestServer;
let connector: TestConnector;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

beforeEach(() => {
  connector = openTestConnector();
});

afterEach(() => connector.close());

describe('identity', () => {
  test('a host with another key than the pinned one is refused, with its fingerprint', async () => {
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other');
    const answer = await connector.ask(server.target({ hostKeys: [publicKey] }));
    expect(answer).toEqual({
      is: 'failed',
      reason: 'HostKeyChanged',
      message: expect.stringMatching(
        /^the host key of 127\.0\.0\.1 has changed: expected the pinned key; compare with the host's console, then update spec\.ssh\.hostKeys \(it presents SHA256:/,
      ),
    });
  });

  test('a host without a key of the pinned types is refused', async () => {
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other', 'ecdsa');
    const answer = await connector.ask(server.target({ hostKeys: [publicKey] }));
    expect(answer).toMatchObject({ reason: 'HostKeyChanged', message: expect.stringContaining('ecdsa-sha2-nistp256') });
  });

  test('an open connection is not used for a target that pins another key', async () => {
    expect(await connector.outputOf(server.target())).toBe('hello\n');
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other');
    expect(await connector.ask(server.target({ hostKeys: [publicKey] }))).toMatchObject({ reason: 'HostKeyChanged' });
  });

  test('an open connection is not used for other credentials', async () => {
    expect(await connector.outputOf(server.target())).toBe('hello\n');
    const { privateKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other');
    expect(await connector.ask(server.target({ privateKey }))).toMatchObject({ reason: 'AuthenticationFailed' });
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('an open connection is not used for another account', async () => {
    expect(await connector.outputOf(server.target(), 'id -un')).toBe('root\n');
    const answer = await connector.ask(server.target({ user: otherUser }), 'id -un');
    expect(answer).toMatchObject({ is: 'answered', exitCode: 1 });
    expect(String((answer as { output?: Buffer }).output)).toContain('not available');
  });

  test('a private key with a passphrase, or none at all, is refused with what to store', async () => {
    const locked = ['RFC4716', 'PEM', 'PKCS8'].map((format) => {
      const { file } = makeKey(mkdtempSync(join(server.folder, 'k')), 'locked', 'ecdsa');
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-m', format, '-f', file]);
      return readFileSync(file, 'utf8');
    });
    for (const privateKey of [...locked, '', 'no key at all']) {
      expect(await connector.ask(server.target({ privateKey }))).toMatchObject({
        reason: 'CredentialsUnusable',
        message: expect.stringContaining('ssh-privatekey'),
      });
    }
  });

  test.each([
    [{ host: '-oProxyCommand=touch /tmp/x' }, 'spec.ssh.host'],
    [{ user: '-x' }, 'spec.ssh.user'],
    [{ hostKeys: [] }, 'exactly one'],
    [{ hostKeys: ['ssh-ed25519 AAAA\n* ssh-ed25519 BBBB'] }, 'spec.ssh.hostKeys[0]'],
  ])('a target with %j is not tried', async (changes, said) => {
    expect(await connector.ask(server.target(changes))).toMatchObject({
      is: 'failed',
      reason: 'Failed',
      message: expect.stringContaining(said),
    });
  });
});

describe('a pinned key is never replaced by a weaker one', () => {
  afterAll(() => server.restart());

  const made = (name: string, type: string) => makeKey(mkdtempSync(join(server.folder, 'k')), name, type);
  const answers = async (hostKeys: readonly string[], ...configuration: readonly string[]) => {
    await server.restart(configuration);
    return connector.ask(server.target({ hostKeys }));
  };
  const refused = { is: 'failed', reason: 'HostKeyChanged' };

  test('a host with keys of several types is asked for the pinned one, whichever it prefers', async () => {
    const rsa = made('rsa', 'rsa');
    const configuration = [`HostKey ${rsa.file}`, 'HostKeyAlgorithms rsa-sha2-512,ssh-ed25519'];
    expect(await answers([server.hostKey.publicKey], ...configuration)).toMatchObject({ is: 'answered' });
    expect(await answers([made('other', 'ed25519').publicKey], ...configuration)).toMatchObject(refused);
  });

  test('a key that has changed is not made up for by another pinned key of another type', async () => {
    const rsa = made('rsa', 'rsa');
    const pinned = [made('old', 'ed25519').publicKey, rsa.publicKey];
    expect(await answers(pinned, `HostKey ${rsa.file}`)).toMatchObject(refused);
  });

  test('RSA is accepted where it is pinned, and never with SHA-1', async () => {
    const rsa = made('rsa', 'rsa');
    expect(await answers([rsa.publicKey], `HostKey ${rsa.file}`)).toMatchObject({ is: 'answered' });
    const old = [`HostKey ${rsa.file}`, 'HostKeyAlgorithms ssh-rsa'];
    expect(await answers([rsa.publicKey], ...old)).toMatchObject(refused);
  });

  test('a key under the name of another type is none', async () => {
    const rsa = made('rsa', 'rsa');
    const [, base64 = ''] = rsa.publicKey.split(' ');
    expect(await answers([`ssh-ed25519 ${base64}`], `HostKey ${rsa.file}`)).toMatchObject(refused);
    expect(await answers([`ssh-ed25519 ${base64}`])).toMatchObject(refused);
  });

  test('an authority that signs with SHA-1 has signed nothing', async () => {
    const authority = made('ca', 'rsa');
    const trust = { hostKeys: [], hostCertificateAuthorities: [authority.publicKey] };
    for (const [algorithm, expected] of [
      ['rsa-sha2-256', { is: 'answered' }],
      ['ssh-rsa', refused],
    ] as const) {
      certify(authority, server.hostKey, '127.0.0.1', ['-h', '-t', algorithm]);
      await server.restart([`HostCertificate ${server.hostKey.file}-cert.pub`]);
      expect(await connector.ask(server.target(trust))).toMatchObject(expected);
    }
  });
});

describe('host certificates', () => {
  const signed = async (principals: string, options: readonly string[] = []): Promise<AddressedTarget> => {
    const authority = makeKey(mkdtempSync(join(server.folder, 'ca')), 'ca');
    certify(authority, server.hostKey, principals, ['-h', ...options]);
    await server.restart([`HostCertificate ${server.hostKey.file}-cert.pub`]);
    return server.target({ hostKeys: [], hostCertificateAuthorities: [authority.publicKey] });
  };

  afterAll(() => server.restart());

  test('a host whose certificate names it is accepted, one that it does not name is not, though the authority is the same', async () => {
    const target = await signed('127.0.0.1,other');
    expect(await connector.outputOf(target)).toBe('hello\n');
    expect(await connector.ask({ ...target, host: '127.0.0.2' })).toMatchObject({
      reason: 'HostKeyChanged',
      message: expect.stringContaining('name is not a listed principal'),
    });
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'ca')), 'other');
    expect(await connector.ask({ ...target, hostCertificateAuthorities: [publicKey] })).toMatchObject({
      reason: 'HostKeyChanged',
      message: expect.stringContaining('not signed by an authority'),
    });
  });

  test('a certificate that has run out is refused', async () => {
    const target = await signed('127.0.0.1', ['-V', '20200101:20210101']);
    expect(await connector.ask(target)).toMatchObject({
      reason: 'HostKeyChanged',
      message: expect.stringContaining('expired'),
    });
  });

  test('a host without a certificate is refused, even by the key of the authority itself', async () => {
    await server.restart();
    const target = server.target({ hostKeys: [], hostCertificateAuthorities: [server.hostKey.publicKey] });
    expect(await connector.ask(target)).toMatchObject({
      reason: 'HostKeyChanged',
      message: expect.stringContaining('no host certificate'),
    });
  });
});

test('a certificate of the account is used', async () => {
  const authority = makeKey(server.folder, 'users');
  const key = makeKey(server.folder, 'certified');
  const certificate = certify(authority, key, server.target().user);
  await server.restart([`TrustedUserCAKeys ${authority.file}.pub`]);
  expect(await connector.ask(server.target({ privateKey: key.privateKey }))).toMatchObject({
    reason: 'AuthenticationFailed',
  });
  expect(await connector.outputOf(server.target({ privateKey: key.privateKey, certificate }))).toBe('hello\n');
  await server.restart();
});
