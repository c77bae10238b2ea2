/** A signer with a key of our own: P-256, from PEM. */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { hintOf } from '../../lib/dsse.ts';
import { SigningError, type EvidenceSigner } from './types.ts';

/** Of a private key of P-256, many times over. */
const MOST_BYTES = 16 << 10;

export interface OwnKey extends EvidenceSigner {
  /** SPKI in PEM: the file `keys/<hex>.pub`. */
  readonly publicKey: string;
}

/** Throws `InvalidKey` with a fragment that says what is wrong; no part of the key is in it. PKCS#8 and SEC1. */
export function ownKey(pem: string | Uint8Array): OwnKey {
  const key = privateKeyIn(typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1'));
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const hint = hintOf(publicKey);
  return {
    publicKey,
    hint,
    sign: (data) =>
      Promise.resolve({ signature: sign('sha256', data, key), key: { $case: 'publicKey', publicKey, hint } }),
  };
}

function privateKeyIn(pem: string): KeyObject {
  if (pem.trim() === '') throw invalid('is empty; store a P-256 private key in PEM');
  if (pem.length > MOST_BYTES) throw invalid('is longer than a key; store one P-256 private key in PEM alone');
  // EC PARAMETERS is what `openssl ecparam -genkey` writes before the key, and says nothing that the key does not.
  const rest = pem.replace(/-----BEGIN EC PARAMETERS-----[A-Za-z0-9+/=\s]*-----END EC PARAMETERS-----/, '').trim();
  const [, label = '', , end = '', after = ''] =
    /^-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END ([A-Z0-9 ]+)-----(.*)$/s.exec(rest) ?? [];
  if (label === '') throw invalid('is not PEM; store a private key that begins with `-----BEGIN PRIVATE KEY-----`');
  if (label === 'ENCRYPTED PRIVATE KEY' || label.startsWith('ENCRYPTED ') || /Proc-Type: 4,ENCRYPTED/.test(rest))
    throw invalid('is encrypted; decrypt it with `openssl pkey`, the Secret is what protects it');
  if (/PUBLIC KEY|CERTIFICATE/.test(label)) throw invalid('is the public part; store the private key');
  if (label !== 'PRIVATE KEY' && label !== 'EC PRIVATE KEY')
    throw invalid(
      'is not an EC private key; create one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`',
    );
  if (end !== label || after !== '') throw invalid('has something after the key; store one private key in PEM alone');
  return p256(parsed(rest));
}

function parsed(pem: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // What OpenSSL says may quote the key.
    throw invalid('cannot be read as a private key; it may be cut or altered, store it again');
  }
}

function p256(key: KeyObject): KeyObject {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return key;
  const found = type === 'ec' ? `on the curve ${details?.namedCurve ?? 'of its own'}` : `of type ${type ?? 'unknown'}`;
  throw invalid(`is ${found}; create one on P-256, which all verifiers support`);
}

function invalid(what: string): SigningError {
  return new SigningError('InvalidKey', `the key ${what}`);
}
