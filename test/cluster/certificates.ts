/**
 * The certificate authority of one test cluster and the certificates that it issues. Keys are P-256, files are readable
 * by their owner only, everything is valid from yesterday and expires after a month: a cluster lives for one test run.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of two PEM files. */
export interface KeyPair {
  certificate: string;
  key: string;
}

export interface Authority extends KeyPair {
  /** Where it keeps all that it issues. */
  folder: string;
}

export interface CertificateRequest {
  /** Name of the files in the authority's folder. */
  file: string;
  /** User name of a client (at most 64 characters), or name of a server. */
  commonName: string;
  /** Groups of a client. */
  organizations?: readonly string[];
  usage: 'client' | 'server';
}

const extensions = `
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
[client]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
subjectAltName = IP:127.0.0.1, IP:10.0.0.1, IP:ADDRESS, DNS:localhost, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local
[issuer]
new_certs_dir = $ENV::ISSUED
database = $ENV::ISSUED/index
serial = $ENV::ISSUED/serial
default_md = sha256
policy = any
[any]
organizationName = optional
commonName = supplied
`;

const day = 24 * 60 * 60 * 1000;

/** Its servers are trusted at `address` too. */
export async function createAuthority(folder: string, address = '127.0.0.1'): Promise<Authority> {
  await writeFile(join(folder, 'openssl.cnf'), extensions.replace('ADDRESS', address));
  const authority = { folder, certificate: join(folder, 'ca.crt'), key: await createKey(folder, 'ca') };
  await openssl(authority, 'authority', '/CN=holdfast-test', authority, ['-selfsign', '-keyfile', authority.key]);
  return authority;
}

export async function issueCertificate(authority: Authority, request: CertificateRequest): Promise<KeyPair> {
  const { folder } = authority;
  const pair = { certificate: join(folder, `${request.file}.crt`), key: await createKey(folder, request.file) };
  const groups = (request.organizations ?? []).map((name) => `/O=${escapeName(name)}`).join('');
  const subject = `${groups}/CN=${escapeName(request.commonName)}`;
  await openssl(authority, request.usage, subject, pair, ['-cert', authority.certificate, '-keyfile', authority.key]);
  return pair;
}

/** Makes the private key FOLDER/NAME.key (PEM, SEC 1: the form that kube-apiserver also takes for the public half). */
export async function createKey(folder: string, name: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const path = join(folder, `${name}.key`);
  await writeFile(path, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  return path;
}

/** So that a process whose clock is behind takes it too, it is valid from yesterday. */
async function openssl(
  { folder }: { folder: string },
  section: string,
  subject: string,
  pair: KeyPair,
  signer: string[],
): Promise<void> {
  const config = join(folder, 'openssl.cnf');
  const issued = await mkdtemp(join(folder, 'issued-'));
  const env = { ...process.env, ISSUED: issued };
  const asked = join(issued, 'request');
  await writeFile(join(issued, 'index'), '');
  await run('openssl', ['req', '-new', '-utf8', '-config', config, '-key', pair.key, '-subj', subject, '-out', asked], {
    env,
  });
  const [from, to] = [-day, 30 * day].map((milliseconds) => dateFrom(new Date(Date.now() + milliseconds)));
  const as = ['-config', config, '-name', 'issuer', '-extensions', section, '-create_serial', '-preserveDN', '-utf8'];
  const period = ['-startdate', from!, '-enddate', to!];
  const files = ['-in', asked, '-out', pair.certificate];
  await run('openssl', ['ca', '-batch', '-notext', ...as, ...period, ...signer, ...files], { env });
  await rm(issued, { recursive: true });
}

/** `20260101000000Z` */
function dateFrom(date: Date): string {
  return date.toISOString().replace(/[-:T]|\.\d+/g, '');
}

/** In a subject as openssl takes it, these characters would begin the next part of the name. */
function escapeName(name: string): string {
  return name.replace(/[\\/+]/g, '\\$&');
}
