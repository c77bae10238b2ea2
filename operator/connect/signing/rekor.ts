/**
 * A witness that enters the signature into a log of Rekor v2: an entry of type hashedrekord over the bytes that were signed. The witness of
 * the library sends an entry of type dsse, which the servers dropped, and the public key in the place of a certificate (ADR 36).
 */
import { createHash, X509Certificate } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import { preAuthEncoding } from '../../lib/dsse.ts';
import { call, malformed } from './call.ts';
import type { Service } from './services.ts';
import { envelopeIn, signatureIn } from './signature.ts';
import type { EvidenceWitness } from './types.ts';

export function rekorWitness(service: Service, signal: AbortSignal): EvidenceWitness {
  return {
    name: service.name,
    adds: 'entry',
    async testify(content, publicKey) {
      const { payloadType, payload } = envelopeIn(content);
      const digest = createHash('sha256').update(preAuthEncoding(payloadType, payload)).digest('base64');
      const signature = signatureIn(content).toString('base64');
      const request = {
        hashedRekordRequestV002: { digest, signature: { content: signature, verifier: verifierOf(publicKey) } },
      };
      const answer = await call(
        service,
        {
          path: '/api/v2/log/entries',
          body: JSON.stringify(request),
          contentType: 'application/json',
          accept: 'application/json',
        },
        signal,
      );
      return { tlogEntries: [await entryIn(answer, { digest, signature, service })] };
    },
  };
}

function verifierOf(pem: string) {
  const keyDetails = 'PKIX_ECDSA_P256_SHA_256';
  if (pem.includes('BEGIN CERTIFICATE'))
    return { keyDetails, x509Certificate: { rawBytes: new X509Certificate(pem).raw.toString('base64') } };
  return { keyDetails, publicKey: { rawBytes: pem.replaceAll(/-----[^-]+-----|\s/g, '') } };
}

interface Sent {
  readonly digest: string;
  readonly signature: string;
  readonly service: Service;
}

/** Whether the log may be trusted is for those who verify; here, that it is an entry, with its proof, of what was sent. */
async function entryIn(answer: Buffer, { digest, signature, service }: Sent): Promise<TransparencyLogEntry> {
  const { default: sigstore } = await import('@sigstore/protobuf-specs');
  const entry = parsed(() => sigstore.TransparencyLogEntry.fromJSON(JSON.parse(answer.toString('utf8'))));
  const { logId, kindVersion } = entry ?? {};
  if (!entry?.inclusionProof?.checkpoint?.envelope || !logId || !kindVersion)
    throw malformed(service, 'is not an entry of a log with its proof');
  const body = parsed(
    () =>
      JSON.parse(entry.canonicalizedBody.toString('utf8')) as {
        spec?: { hashedRekordV002?: { data?: { digest?: string }; signature?: { content?: string } } };
      },
  )?.spec?.hashedRekordV002;
  if (body?.data?.digest !== digest || body.signature?.content !== signature)
    throw malformed(service, 'is the entry of another signature');
  return { ...entry, logId, kindVersion };
}

function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
