import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, getCACertificates, type Server } from 'node:tls';
import { trusting } from './trust.ts';

let folder: string;
let server: Server;
const file = (name: string) => join(folder, name);
const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

/** A root, an authority below it, and a server of that authority. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-trust-'));
  const make = (name: string, ...more: readonly string[]) =>
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`, ...more],
    );
  make('root');
  make('authority', '-CA', 'root.crt', '-CAkey', 'root.key', '-addext', 'basicConstraints=critical,CA:true');
  make('server', '-CA', 'authority.crt', '-CAkey', 'authority.key', '-addext', 'subjectAltName=IP:127.0.0.1');
  make('other');
  const [key, own, authority] = await Promise.all(
    ['server.key', 'server.crt', 'authority.crt'].map((name) => readFile(file(name))),
  );
  server = createServer({ key, cert: Buffer.concat([own!, authority!]) }, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function seen(ca: Buffer | undefined): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ...trusting(ca) });
  const answer = await once(socket, 'secureConnect').then(
    () => 'believed',
    (error: NodeJS.ErrnoException) => String(error.code),
  );
  socket.destroy();
  return answer;
}

// kubernetes-client/javascript#430
test.each([
  ['root.crt', 'believed'],
  ['authority.crt', 'believed'],
  ['server.crt', 'believed'],
  ['other.crt', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
])('of what is trusted only %s is given: %s', async (name, becomes) => {
  expect(await seen(await readFile(file(name)))).toBe(becomes);
});

test('where nothing is given, whom this machine trusts is, and nobody else', async () => {
  expect(await seen(undefined)).toBe('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
  expect(getCACertificates('default')).toEqual(expect.arrayContaining(getCACertificates('system')));
});
