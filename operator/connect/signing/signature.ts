/** The parts of a bundle that witnesses testify to. Pure. */
import type { SignatureBundle } from '@sigstore/sign';

export function envelopeIn(content: SignatureBundle) {
  if (content.$case === 'dsseEnvelope') return content.dsseEnvelope;
  throw new TypeError('The bundle has no envelope.');
}

export function signatureIn(content: SignatureBundle): Buffer {
  const [first] = envelopeIn(content).signatures;
  if (first) return first.sig;
  throw new TypeError('The envelope has no signature.');
}
