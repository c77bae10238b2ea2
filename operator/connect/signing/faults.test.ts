/** Services that answer wrongly, too much, or not at all; and what is sent to them. */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newKey } from '../../../test/evidence/packs.ts';
import { openSigning } from './openSigning.ts';
import type { Service, ServiceKind } from './services.ts';
import { queryOf } from './timestamp.ts';
import type { SigningError } from './types.ts';

let folder = '';
const servers: { close(): void }[] = [];
const { signal } = new AbortController();
const key = newKey();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-faults-'));
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  writeFileSync(
    join(folder, 'token'),
    `${part({ alg: 'none' })}.${part({ sub: 'a-subject-of-a-token' })}.c2lnbmF0dXJl`,
  );
});

afterEach(() => servers.splice(0).forEach((server) => server.close()));

afterAll(() => rmSync(folder, { recursive: true }));

type Answer = (response: ServerResponse, body: Buffer, request: IncomingMessage) => void;

async function serve(kind: ServiceKind, answer: Answer, fields: Partial<Service> = {}): Promise<Service> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    response.on('error', () => undefined);
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => answer(response, Buffer.concat(parts), request));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  servers.push({ close: () => (server.closeAllConnections(), server.close()) });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    name: 'it',
    kind,
    url,
    timeoutSeconds: 30,
    ...(kind === 'fulcio' && { tokenFile: join(folder, 'token') }),
    ...fields,
  };
}

const envelope = {
  $case: 'dsseEnvelope' as const,
  dsseEnvelope: { payloadType: 'a', payload: Buffer.from('b'), signatures: [{ sig: Buffer.from('c'), keyid: '' }] },
};

async function problem(service: Service): Promise<string> {
  const signing = openSigning([service]);
  const asked =
    service.kind === 'fulcio'
      ? signing.keyless('it', signal).sign(Buffer.from('a'))
      : signing.witness('it', signal).testify(envelope, key.publicKey);
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason as SigningError,
  );
  expect(error?.message).not.toMatch(/127\.0\.0\.1|a-subject|eyJ/);
  return `${error?.reason}: ${error?.message}`;
}

const status =
  (code: number, body = ''): Answer =>
  (response) =>
    void response.writeHead(code, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/' }).end(body);

const nouns = {
  fulcio: 'certificate authority it',
  timestampAuthority: 'timestamp authority it',
  rekor: 'transparency log it',
};

test.each(['fulcio', 'timestampAuthority', 'rekor'] as const)('%s: each failure in words', async (kind) => {
  const who = nouns[kind];
  const of = async (answer: Answer, fields?: Partial<Service>) => problem(await serve(kind, answer, fields));
  expect(await of(status(307))).toBe(
    `Malformed: ${who} redirects, which is not followed; set its \`url\` to where it leads`,
  );
  expect(await of(status(401, '{"message":"no\\u001b[2J such user"}'))).toMatch(
    /^InvalidToken: .* refuses the operator \(401: no.*such user\); check its token$/,
  );
  expect(await of(status(400, '{"message":"token eyJhbGciOiJub25lIn0.eyJhbGciOiJub25lIn0.c2ln is bad"}'))).toContain(
    '(400: token … is bad)',
  );
  expect(await of(status(503))).toBe(`Unavailable: ${who} fails (503); see its log`);
  expect(await of(status(200, 'x'.repeat(2 << 20)))).toMatch(/^Malformed: the answer of .* has more than \d+ bytes/);
  expect(await of(status(200, '<html>'))).toContain(`Malformed: the answer of ${who}`);
  expect(await of(status(200, '{}'))).toContain(`Malformed: the answer of ${who}`);
  expect(await of(() => undefined, { timeoutSeconds: 1 })).toBe(
    `Slow: ${who} did not respond within 1 s; check whether it runs`,
  );
  expect(await of((response) => void response.socket?.destroy())).toBe(
    `Unavailable: ${who} does not respond (ECONNRESET); check that it runs and can be reached from the operator`,
  );
  expect(await of((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('a'))).toContain(
    'is compressed, although that was not asked for',
  );
  expect(await of(status(200), { url: 'https://127.0.0.1:1', caFile: '/no/such/file' })).toBe(
    `Unavailable: \`caFile\` of ${who} cannot be read (ENOENT); check the mount of the operator`,
  );
});

/** sigstore/timestamp-authority#1405, NuGet/Home#9536: a nonce that is missing, and one that is written in another way. */
test('a query is DER, whose nonce is never written in another way', async () => {
  const bodies: Buffer[] = [];
  const service = await serve('timestampAuthority', (response, body) => {
    bodies.push(body);
    response.writeHead(500).end();
  });
  for (let count = 0; count < 50; count += 1) await problem(service);
  for (const body of bodies) {
    const nonce = body.subarray(-11, -3);
    expect(nonce[0]! >= 0x40 && nonce[0]! < 0x80).toBe(true);
    expect(body.equals(queryOf(body.subarray(-45, -13), nonce))).toBe(true);
  }
  expect(new Set(bodies.map((body) => body.toString('hex'))).size).toBe(50);
});

test('the entry of another signature is refused', async () => {
  const body = { spec: { hashedRekordV002: { data: { digest: 'AA==' }, signature: { content: 'AA==' } } } };
  const entry = {
    logId: { keyId: 'AA==' },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    inclusionProof: { logIndex: '0', rootHash: 'AA==', treeSize: '1', hashes: [], checkpoint: { envelope: 'a' } },
    canonicalizedBody: Buffer.from(JSON.stringify(body)).toString('base64'),
  };
  const of = async (value: object) => problem(await serve('rekor', status(200, JSON.stringify(value))));
  expect(await of(entry)).toContain('is the entry of another signature');
  expect(await of({ ...entry, inclusionProof: undefined })).toContain('is not an entry of a log with its proof');
  expect(await of({ ...entry, canonicalizedBody: 'AA==' })).toContain('is the entry of another signature');
});

test('what is sent to a log is a digest and a signature, with the key as a key', async () => {
  let sent = {};
  const service = await serve('rekor', (response, body) => {
    sent = JSON.parse(body.toString()) as object;
    response.writeHead(500).end();
  });
  await problem(service);
  expect(sent).toEqual({
    hashedRekordRequestV002: {
      digest: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      signature: {
        content: Buffer.from('c').toString('base64'),
        verifier: {
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
          publicKey: { rawBytes: key.publicKey.replaceAll(/-----.*-----|\n/g, '') },
        },
      },
    },
  });
});

test('a certificate of another key is refused', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const of = async (certificate: string) =>
    problem(
      await serve(
        'fulcio',
        status(200, JSON.stringify({ signedCertificateDetachedSct: { chain: { certificates: [certificate] } } })),
      ),
    );
  expect(await of(publicKey.export({ type: 'spki', format: 'pem' }).toString())).toContain(
    'is a certificate of another key',
  );
  expect(await of('')).toContain('is a certificate of another key');
});

test('a service that is not configured, and one of another kind', async () => {
  const signing = openSigning([await serve('rekor', status(200))]);
  expect(() => signing.witness('none', signal)).toThrow(
    'there is no timestamp authority or transparency log none; correct the name',
  );
  expect(() => signing.keyless('it', signal)).toThrow('there is no certificate authority it; correct the name');
});

test('who stops waiting is not told of a failure of the service', async () => {
  const controller = new AbortController();
  const service = await serve('rekor', () => controller.abort(new Error('stopping')));
  await expect(
    openSigning([service]).witness('it', controller.signal).testify(envelope, key.publicKey),
  ).rejects.toThrow('stopping');
});
