/**
 * A signer without a key that is kept: a new one for each statement, with a certificate of Fulcio for the account of the pod. The signer of
 * the library follows redirects with the token, trusts no CA of its own, and has the token in the message of an error.
 */
import { generateKeyPairSync, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hintOf } from '../../lib/dsse.ts';
import { call, malformed, named } from './call.ts';
import type { Service } from './services.ts';
import { SigningError, type EvidenceSigner } from './types.ts';

const MOST_TOKEN_BYTES = 16 << 10;

/** For one statement. */
export function keylessSigner(service: Service, signal: AbortSignal): EvidenceSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    hint: hintOf(publicKey),
    needsTimestamp: true,
    async sign(data) {
      const certificate = await certificateFor({ privateKey, publicKey }, service, signal);
      return { signature: sign('sha256', data, privateKey), key: { $case: 'x509Certificate', certificate } };
    },
  };
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

async function certificateFor({ privateKey, publicKey }: Pair, service: Service, signal: AbortSignal): Promise<string> {
  const token = await tokenOf(service);
  const request = {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: publicKey.export({ type: 'spki', format: 'pem' }) },
      proofOfPossession: sign('sha256', Buffer.from(claimIn(token, service)), privateKey).toString('base64'),
    },
  };
  const answer = await call(
    service,
    {
      path: '/api/v2/signingCert',
      body: JSON.stringify(request),
      contentType: 'application/json',
      accept: 'application/json',
    },
    signal,
  );
  return certificateIn(answer, publicKey, service);
}

/** It is replaced before it expires, so it is read for each statement. */
async function tokenOf(service: Service): Promise<string> {
  const invalid = (what: string) =>
    new SigningError(
      'InvalidToken',
      `the token for ${named(service)} ${what}; check \`tokenFile\` and the mount of the operator`,
    );
  const { tokenFile } = service;
  if (tokenFile === undefined) throw invalid('is not configured');
  const text = await readFile(tokenFile, 'utf8').catch(() => {
    throw invalid('cannot be read');
  });
  const token = text.trim();
  if (token.length > MOST_TOKEN_BYTES || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token))
    throw invalid('is not a token of OIDC');
  return token;
}

/** What Fulcio has signed as proof of the key: the address of a verified email, or the subject. */
function claimIn(token: string, service: Service): string {
  const { email, email_verified: isVerified, sub } = claimsIn(token);
  if (typeof email === 'string' && isVerified === true) return email;
  if (typeof sub === 'string' && sub !== '') return sub;
  throw new SigningError('InvalidToken', `the token for ${named(service)} has no subject; check \`tokenFile\``);
}

function claimsIn(token: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function certificateIn(answer: Buffer, publicKey: KeyObject, service: Service): string {
  const pem = leafIn(answer);
  if (pem === undefined) throw malformed(service, 'has no certificate');
  const certificate = parsed(pem);
  if (!certificate?.publicKey.equals(publicKey)) throw malformed(service, 'is a certificate of another key');
  return certificate.toString();
}

interface Issued {
  readonly chain?: { readonly certificates?: readonly unknown[] };
}

function leafIn(answer: Buffer): string | undefined {
  try {
    const { signedCertificateEmbeddedSct: embedded, signedCertificateDetachedSct: detached } = JSON.parse(
      answer.toString('utf8'),
    ) as { signedCertificateEmbeddedSct?: Issued; signedCertificateDetachedSct?: Issued };
    const leaf = (embedded ?? detached)?.chain?.certificates?.[0];
    return typeof leaf === 'string' ? leaf : undefined;
  } catch {
    return undefined;
  }
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
