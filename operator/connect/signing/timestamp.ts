/**
 * A witness that gets a timestamp of RFC 3161 for the signature. It posts a query in DER, which every timestamp authority takes, that of
 * sigstore included; and it compares what it gets with what it asked for, so that no timestamp of another signature is stored.
 */
import { createHash, randomBytes } from 'node:crypto';
import { call, malformed, named } from './call.ts';
import type { Service } from './services.ts';
import { signatureIn } from './signature.ts';
import { SigningError, type EvidenceWitness } from './types.ts';

const NONCE_BYTES = 8;
const INTEGER = 0x02;

export function timestampWitness(service: Service, signal: AbortSignal): EvidenceWitness {
  return {
    name: service.name,
    adds: 'timestamp',
    async testify(content) {
      const imprint = createHash('sha256').update(signatureIn(content)).digest();
      const nonce = randomBytes(NONCE_BYTES);
      // A first byte of 0 would be left out in DER, and one from 0x80 be negative.
      nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40;
      const signedTimestamp = await call(
        service,
        {
          body: queryOf(imprint, nonce),
          contentType: 'application/timestamp-query',
          accept: 'application/timestamp-reply',
        },
        signal,
      );
      await assertAnswers(signedTimestamp, { imprint, nonce, service });
      return { rfc3161Timestamps: [{ signedTimestamp }] };
    },
  };
}

/** `TimeStampReq`: version 1, the digest, a nonce, and that the certificate comes with the answer. */
export function queryOf(imprint: Uint8Array, nonce: Uint8Array): Buffer {
  const sha256 = Buffer.from('300d06096086480165030402010500', 'hex');
  const messageImprint = der(0x30, Buffer.concat([sha256, der(0x04, imprint)]));
  return der(
    0x30,
    Buffer.concat([der(INTEGER, Buffer.of(1)), messageImprint, der(INTEGER, nonce), der(0x01, Buffer.of(0xff))]),
  );
}

/** No part of a query is longer than 127 bytes. */
function der(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

interface Asked {
  readonly imprint: Buffer;
  readonly nonce: Buffer;
  readonly service: Service;
}

/** Whether the signature over it is valid, and whose, is for those who verify: they say whom they trust. */
async function assertAnswers(answer: Buffer, { imprint, nonce, service }: Asked): Promise<void> {
  const found = await parsed(answer, service);
  if (found.status !== 0 && found.status !== 1)
    throw new SigningError('Refused', `${named(service)} refuses the timestamp (status ${found.status}); see its log`);
  if (!found.imprint?.equals(imprint)) throw malformed(service, 'is a timestamp of something else');
  if (!found.nonce?.equals(nonce)) throw malformed(service, 'is a timestamp for another query');
}

async function parsed(answer: Buffer, service: Service) {
  const { default: sigstore } = await import('@sigstore/core');
  try {
    const timestamp = sigstore.RFC3161Timestamp.parse(Buffer.from(answer));
    const status = Number(timestamp.status);
    if (status !== 0 && status !== 1) return { status };
    const { tstInfo } = timestamp;
    void timestamp.signingTime.toISOString();
    // After the time come accuracy, ordering and the nonce, each of a type of its own.
    const nonce = tstInfo.root.subs.slice(5).find(({ tag }) => tag.isUniversal() && tag.number === INTEGER)?.value;
    return { status, imprint: Buffer.from(tstInfo.messageImprintHashedMessage), nonce };
  } catch (error) {
    throw malformed(service, `is not a timestamp (${(error as Error).name})`);
  }
}
