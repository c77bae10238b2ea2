/** What DSSE and cosign define about signatures: the bytes that are signed, and the name of a key. Pure. */
import { createPublicKey, hash, type KeyObject } from 'node:crypto';

/** What a signature is over: the type and the payload, each after its length, so that neither can pass for a part of the other. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** The hint of a key, as cosign has it: base64 of SHA-256 of its SPKI in DER. A string is PEM. */
export function hintOf(publicKey: string | KeyObject): string {
  const key = typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey;
  return hash('sha256', key.export({ type: 'spki', format: 'der' }), 'base64');
}
