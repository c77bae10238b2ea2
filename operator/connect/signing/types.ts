/** What signs evidence, and what testifies when it was signed, as sigstore has them. */
import type { Signer, Witness } from '@sigstore/sign';

/** A signer for one statement. A key of our own signs any number of them; a keyless one has a key for one. */
export interface EvidenceSigner extends Signer {
  /** base64 of SHA-256 of the public key, SPKI in DER: as cosign has it. It is known before anything is signed. */
  readonly hint: string;
  /** Its certificate lasts for minutes: without a timestamp, the signature can never be verified. */
  readonly needsTimestamp?: boolean;
}

/** Its failure does not fail the signing: what it adds can be added later. */
export interface EvidenceWitness extends Witness {
  /** As it is configured, such as `tsa`: part of the name of a file. */
  readonly name: string;
  /** What it adds to a bundle: a timestamp, or an entry of a log. Absent where no such service is configured. */
  readonly adds?: 'timestamp' | 'entry';
}

/** Why something could not be signed or witnessed. The message is a fragment that says what to do, and names no address and no token. */
export class SigningError extends Error {
  readonly reason: SigningReason;

  constructor(reason: SigningReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export type SigningReason =
  /** The key cannot be used: not P-256, encrypted, not a private key. */
  | 'InvalidKey'
  /** The token is missing or was refused. */
  | 'InvalidToken'
  /** There is no such service in the configuration. */
  | 'UnknownService'
  | 'Unavailable'
  | 'Slow'
  /** The service refused, and will again. */
  | 'Refused'
  /** What it sent is not what was asked for. */
  | 'Malformed';
