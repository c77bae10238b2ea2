/** Real services for signing, each a process of its own: a timestamp authority, a log of Rekor v2, and Fulcio; and the roots that trust them. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Service } from '../../operator/connect/signing/services.ts';
import { setUp } from '../cluster/setUp.ts';
import { freePort } from '../freePort.ts';
import { startIssuer, type Issuer } from './issuer.ts';

export const account = { namespace: 'holdfast', name: 'holdfast-operator' };
export const identity = `https://kubernetes.io/namespaces/${account.namespace}/serviceaccounts/${account.name}`;
const audience = 'sigstore';
const SECONDS_TO_START = 60;

export interface SigningBed {
  readonly folder: string;
  readonly issuer: Issuer;
  readonly tsa: Service;
  readonly log: Service;
  readonly ca: Service;
  /** Where the token for Fulcio is. */
  readonly tokenFile: string;
  /** `trusted_root.json`, as cosign makes it. */
  readonly trustedRoot: string;
  stop(): Promise<void>;
}

/** What has to be stopped in the end. */
interface Started {
  readonly processes: ChildProcess[];
  readonly servers: Server[];
}

export async function startSigning(): Promise<SigningBed> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-signing-'));
  const processes: ChildProcess[] = [];
  const servers: Server[] = [];
  const issuer = await startIssuer();
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, issuer.token(account, audience));
  const stop = async () => {
    for (const child of processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const server of servers) server.close();
    await issuer.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    const tsa = await startTimestamps(folder, { processes, servers });
    const log = await startLog(folder, processes);
    const ca = await startFulcio(folder, issuer.url, processes);
    const service = (kind: Service['kind'], name: string, url: string): Service => ({
      name,
      kind,
      url,
      timeoutSeconds: 60,
    });
    return {
      folder,
      issuer,
      tsa: service('timestampAuthority', 'tsa', `${tsa}/api/v1/timestamp`),
      log: service('rekor', 'log', log),
      ca: { ...service('fulcio', 'ca', ca), tokenFile },
      tokenFile,
      trustedRoot: await rootOf(folder, { tsa, log, ca }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Besides its own port, it opens 2112 for metrics and ends if that is taken. In a network of its own it always has it,
 * however many of these beds there are; it is reached by a socket, which a server here makes a port of.
 */
async function startTimestamps(folder: string, { processes, servers }: Started): Promise<string> {
  const path = join(folder, 'tsa.socket');
  const server = createServer((client) => {
    const upstream = connect(path);
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = join(await setUp('timestamp-server'), 'timestamp-server');
  const how = ['--scheme=unix', `--socket-path=${path}`, '--timestamp-signer=memory', '--disable-ntp-monitoring'];
  return started(['unshare', '--net', '--', program, 'serve', ...how], { processes, url, ready: '/ping' });
}

async function startLog(folder: string, processes: ChildProcess[]): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, 'log.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'log.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  const port = await freePort();
  const args = [
    'serve',
    // The library finds the key of a checkpoint by its origin, which must be a part of the address.
    '--hostname=127.0.0.1',
    `--storage-dir=${join(folder, 'log')}`,
    `--signer-filepath=${join(folder, 'log.pem')}`,
    `--http-port=${port}`,
    `--grpc-port=${await freePort()}`,
    `--http-metrics-port=${await freePort()}`,
    '--checkpoint-interval=1s',
  ];
  return started([join(await setUp('posix'), 'posix'), ...args], {
    processes,
    url: `http://127.0.0.1:${port}`,
    ready: '/healthz',
  });
}

async function startFulcio(folder: string, issuer: string, processes: ChildProcess[]): Promise<string> {
  const config = { OIDCIssuers: { [issuer]: { IssuerURL: issuer, ClientID: audience, Type: 'kubernetes' } } };
  writeFileSync(join(folder, 'fulcio.json'), JSON.stringify(config));
  const port = await freePort();
  const args = [
    'serve',
    '--ca=ephemeralca',
    '--ct-log-url=',
    `--config-path=${join(folder, 'fulcio.json')}`,
    '--host=127.0.0.1',
    `--port=${port}`,
    '--grpc-host=127.0.0.1',
    `--grpc-port=${await freePort()}`,
    `--metrics-port=${await freePort()}`,
    `--legacy-unix-domain-socket=${join(folder, 'fulcio.socket')}`,
  ];
  return started([join(await setUp('fulcio'), 'fulcio'), ...args], {
    processes,
    url: `http://127.0.0.1:${port}`,
    ready: '/api/v2/trustBundle',
  });
}

/** Resolves to the address once it answers. */
async function started(
  [program, ...args]: readonly [string, ...string[]],
  { processes, url, ready }: { processes: ChildProcess[]; url: string; ready: string },
): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  processes.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const limit = AbortSignal.timeout(SECONDS_TO_START * 1000);
  while (!limit.aborted && child.exitCode === null) {
    const response = await fetch(`${url}${ready}`, { signal: limit }).catch(() => undefined);
    if (response?.ok) return url;
    await response?.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${[program, ...args].join(' ')} did not start: ${said.slice(-2000)}`);
}

async function rootOf(folder: string, { tsa, log, ca }: { tsa: string; log: string; ca: string }): Promise<string> {
  const at = (name: string) => join(folder, name);
  writeFileSync(at('tsa.pem'), await (await fetch(`${tsa}/api/v1/timestamp/certchain`)).text());
  const bundle = (await (await fetch(`${ca}/api/v2/trustBundle`)).json()) as { chains: { certificates: string[] }[] };
  writeFileSync(at('ca.pem'), bundle.chains.flatMap(({ certificates }) => certificates).join('\n'));
  const out = at('trusted_root.json');
  const since = 'start-time=2026-01-01T00:00:00Z';
  await promisify(execFile)(join(await setUp('cosign'), 'cosign'), [
    'trusted-root',
    'create',
    `--tsa=url=${tsa}/api/v1/timestamp,certificate-chain=${at('tsa.pem')}`,
    `--rekor=url=${log},public-key=${at('log.pub')},${since},origin=127.0.0.1`,
    `--fulcio=url=${ca},certificate-chain=${at('ca.pem')},${since}`,
    `--out=${out}`,
  ]);
  return out;
}
