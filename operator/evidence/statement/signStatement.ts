/** A statement becomes a bundle: its bytes, one signature, and what witnesses say of that. */
import type { Bundle } from '@sigstore/bundle';
import type { EvidenceSigner, EvidenceWitness } from '../../connect/signing/types.ts';
import { sha256 } from '../../lib/digest.ts';
import { rfc8785Bytes } from '../../lib/rfc8785.ts';
import { PAYLOAD_TYPE, type AnyStatement } from './types.ts';

export interface SignedStatement {
  /** The bundle, JSON that ends with a line feed. */
  readonly bundle: Buffer;
  /** The bytes that were signed. */
  readonly payload: Buffer;
  /** What the next statement has in `previous.digest`. */
  readonly digest: { readonly sha256: string };
  /** Witnesses that are missing: `addWitness` adds them. */
  readonly missing: readonly MissingWitness[];
}

export interface MissingWitness {
  readonly name: string;
  /** A fragment. */
  readonly reason: string;
}

/** Rejects where the signer cannot sign; a witness that cannot testify is in `missing`, unless a signature is worth nothing without it. */
export async function signStatement(
  statement: AnyStatement,
  signer: EvidenceSigner,
  witnesses: readonly EvidenceWitness[] = [],
): Promise<SignedStatement> {
  // This file of it alone: with all others comes a client of HTTP, which takes 20 MB and a tenth of a second, and is never used.
  const { default: dsse } = await import('@sigstore/sign/dist/bundler/dsse.js');
  const payload = rfc8785Bytes(statement);
  const missing: MissingWitness[] = [];
  const tolerant = witnesses.map((witness) => ({
    testify: (...given: Parameters<EvidenceWitness['testify']>) =>
      witness.testify(...given).catch((error: unknown) => {
        missing.push({ name: witness.name, reason: (error as Error).message });
        return {};
      }),
  }));
  const builder = new dsse.DSSEBundleBuilder({ signer, witnesses: tolerant });
  const bundle = await builder.create({ data: payload, type: PAYLOAD_TYPE });
  // The library copies the hint of the key here, where cosign expects a fingerprint of SSH, or nothing: it is a hint that nothing signs.
  for (const signature of bundle.content.dsseEnvelope.signatures) signature.keyid = '';
  if (signer.needsTimestamp && !bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps.length)
    throw new WithoutTimestamp(withoutTimestamp(missing));
  return { bundle: await bundleBytes(bundle), payload, digest: { sha256: sha256(payload) }, missing };
}

/** A signature without a key of one's own that nobody could ever verify. */
export class WithoutTimestamp extends Error {}

function withoutTimestamp(missing: readonly MissingWitness[]): string {
  const why = missing.map(({ reason }) => reason).join(', ') || 'none is configured';
  return `a signature without a key of one's own needs a timestamp while its certificate is valid: ${why}`;
}

/**
 * The bundle with what a witness says now, beside what others said before. The signature and the payload are the same bytes. Rejects where
 * the witness cannot testify. `publicKey` is that of the signature, in PEM, or its certificate.
 */
export async function addWitness(bundle: Uint8Array, witness: EvidenceWitness, publicKey: string): Promise<Buffer> {
  const { default: sigstore } = await import('@sigstore/bundle');
  const before = sigstore.bundleFromJSON(JSON.parse(Buffer.from(bundle).toString('utf8')));
  const { tlogEntries = [], rfc3161Timestamps = [] } = await witness.testify(before.content, publicKey);
  const { verificationMaterial: material } = before;
  material.tlogEntries.push(...tlogEntries);
  material.timestampVerificationData = {
    rfc3161Timestamps: [...(material.timestampVerificationData?.rfc3161Timestamps ?? []), ...rfc3161Timestamps],
  };
  return bundleBytes(before);
}

async function bundleBytes(bundle: Bundle): Promise<Buffer> {
  const { default: sigstore } = await import('@sigstore/bundle');
  return Buffer.from(`${JSON.stringify(sigstore.bundleToJSON(bundle))}\n`, 'utf8');
}
