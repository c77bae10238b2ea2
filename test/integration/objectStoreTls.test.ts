/** The object store on S3 over TLS, with a private certificate authority: what is trusted, and what is said of what is not. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openS3 } from '../../operator/connect/objectStore/s3.ts';
import type { StoreServer } from '../../operator/connect/objectStore/server.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { createAuthority, issueCertificate, type Authority } from '../cluster/certificates.ts';
import { contractOf } from '../objectStore/contract.ts';
import { gatewayCredentials, serverAt, startGateway, type Gateway } from '../objectStore/gateway.ts';

const { signal } = new AbortController();
const contentType = 'application/json';
let gateway: Gateway;
let folder = '';
let own: Authority;
let other: Authority;
let url = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-tls-'));
  gateway = await startGateway();
  await gateway.createBucket('locked', 'locked');
  [own, other] = await Promise.all(
    ['own', 'other'].map(async (name) => createAuthority(await folderOf(name))) as [
      Promise<Authority>,
      Promise<Authority>,
    ],
  );
  url = await gateway.serveTls(await issueCertificate(own, { file: 's3', commonName: 's3', usage: 'server' }));
}, 900_000);

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true });
});

function open(more: Partial<StoreServer>): ObjectStore {
  const server = serverAt(url, more);
  return openS3({ server, bucket: 'locked', root: 'x/main', credentials: gatewayCredentials, backOffMilliseconds: 1 });
}

describe('over TLS', () => {
  contractOf(() => ({ store: open({ caFile: own.certificate }), folder }));
});

test('a file with several certificates trusts each of them, and one that was renewed is read again', async () => {
  const file = join(folder, 'bundle.crt');
  writeFileSync(file, readFileSync(other.certificate));
  await expect(open({ caFile: file }).head('none', {}, signal)).rejects.toMatchObject({ reason: 'Unavailable' });
  writeFileSync(file, Buffer.concat([readFileSync(other.certificate), readFileSync(own.certificate)]));
  expect(await open({ caFile: file }).head('none', {}, signal)).toBeUndefined();
});

describe('nothing is sent to', () => {
  test.each<[string, () => Promise<Partial<StoreServer>>]>([
    ['a server that the authorities of Node do not know', () => Promise.resolve({})],
    ['one of another authority', () => Promise.resolve({ caFile: other.certificate })],
    [
      'one that is called otherwise',
      async () => {
        const named = await createAuthority(await folderOf('named'), '192.0.2.1');
        const text = readFileSync(join(folder, 'named/openssl.cnf'), 'utf8');
        writeFileSync(join(folder, 'named/openssl.cnf'), text.replaceAll('IP:127.0.0.1', 'IP:192.0.2.2'));
        const pair = await issueCertificate(named, { file: 's3', commonName: 's3', usage: 'server' });
        return { url: await gateway.serveTls(pair), caFile: named.certificate };
      },
    ],
    [
      'one with the certificate of a client',
      async () => {
        const pair = await issueCertificate(own, { file: 'client', commonName: 's3', usage: 'client' });
        return { url: await gateway.serveTls(pair), caFile: own.certificate };
      },
    ],
    [
      'one that does not speak TLS',
      () => Promise.resolve({ url: gateway.url.replace('http:', 'https:'), caFile: own.certificate }),
    ],
  ])('%s', async (_, more) => {
    const given = await more();
    const put = open(given).put('never', Buffer.from('{}'), { contentType, ifAbsent: true }, signal);
    // Which words are said of it: s3Errors.test, and of the operator itself, evidenceProcess.test.
    await expect(put).rejects.toMatchObject({ reason: 'Unavailable' });
    expect(await open({ caFile: own.certificate }).head('never', {}, signal)).toBeUndefined();
  });
});

test('a file that is gone is said', () => {
  const file = join(folder, 'gone.crt');
  copyFileSync(own.certificate, file);
  rmSync(file);
  expect(() => open({ caFile: file })).toThrow(
    '`caFile` of object store main cannot be read; ask whoever installs the operator to correct it',
  );
});

async function folderOf(name: string): Promise<string> {
  await mkdir(join(folder, name));
  return join(folder, name);
}
