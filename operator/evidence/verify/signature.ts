/** Signatures of ECDSA on P-256 over the pre-authentication encoding of DSSE. */
import { createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { preAuthEncoding } from '../../lib/dsse.ts';
import { PAYLOAD_TYPE } from '../statement/types.ts';
import { Refusal } from './verdict.ts';

export function isSignedBy(key: KeyObject, { payload, signature }: { payload: Buffer; signature: Buffer }): boolean {
  try {
    return verify('sha256', preAuthEncoding(PAYLOAD_TYPE, payload), key, signature);
  } catch {
    return false;
  }
}

/** A public key of P-256 in PEM, alone. Throws a `Refusal`. */
export function publicKeyIn(pem: string): KeyObject {
  if (!/^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/.test(pem))
    throw new Refusal(
      pem.includes('PRIVATE KEY')
        ? 'it is a private key; give the public one, and keep this one where nobody reads it'
        : 'it is not one public key in PEM',
    );
  const key = keyIn(() => createPublicKey(pem));
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw new Refusal('it is not a key of P-256, with which alone evidence is signed');
}

/** Throws a `Refusal`. */
export function keyOfCertificate(der: Buffer): KeyObject {
  return keyIn(() => new X509Certificate(der).publicKey);
}

function keyIn(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (error) {
    throw new Refusal('it cannot be read as a key', { cause: error });
  }
}
