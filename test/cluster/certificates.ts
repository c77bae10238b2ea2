/**
 * The certificate authority of one test cluster and the certificates that it issues. Keys are P-256, files are readable
 * by their owner only, everything expires after a month: a cluster lives for one test run.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
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
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, IP:10.0.0.1, DNS:localhost, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local
`;

export async function createAuthority(folder: string): Promise<Authority> {
  await writeFile(join(folder, 'openssl.cnf'), extensions);
  const authority = { folder, certificate: join(folder, 'ca.crt'), key: await createKey(folder, 'ca') };
  await openssl(authority, 'authority', '/CN=holdfast-test', authority, []);
  return authority;
}

export async function issueCertificate(authority: Authority, request: CertificateRequest): Promise<KeyPair> {
  const { folder } = authority;
  const pair = { certificate: join(folder, `${request.file}.crt`), key: await createKey(folder, request.file) };
  const groups = (request.organizations ?? []).map((name) => `/O=${escapeName(name)}`).join('');
  const subject = `${groups}/CN=${escapeName(request.commonName)}`;
  await openssl(authority, request.usage, subject, pair, ['-CA', authority.certificate, '-CAkey', authority.key]);
  return pair;
}

/** Makes the private key FOLDER/NAME.key (PEM, SEC 1: the form that kube-apiserver also takes for the public half). */
export async function createKey(folder: string, name: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const path = join(folder, `${name}.key`);
  await writeFile(path, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  return path;
}

async function openssl(
  { folder }: { folder: string },
  section: string,
  subject: string,
  pair: KeyPair,
  signer: string[],
): Promise<void> {
  const from = ['-config', join(folder, 'openssl.cnf'), '-extensions', section, '-key', pair.key, ...signer];
  await run('openssl', ['req', '-x509', '-utf8', '-days', '30', '-subj', subject, ...from, '-out', pair.certificate]);
}

/** In a subject as openssl takes it, these characters would begin the next part of the name. */
function escapeName(name: string): string {
  return name.replace(/[\\/+]/g, '\\$&');
}
