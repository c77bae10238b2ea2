/**
 * What timestamps and logs say of a signature. Without roots that are trusted, only that they are of this signature, which is no proof of a
 * time. With them, the library of sigstore verifies them, and the certificate of a keyless signature; what it leaves out is checked here.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { RFC3161Timestamp } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { preAuthEncoding } from '../../lib/dsse.ts';
import { PAYLOAD_TYPE } from '../statement/types.ts';
import type { ReadBundle } from './bundle.ts';
import type { RingKey } from './keyRing.ts';
import { Refusal, shown } from './verdict.ts';

export type Roots = ReturnType<typeof TrustedRoot.fromJSON>;

export interface Identity {
  /** The name in the certificate: of a service account, `https://kubernetes.io/namespaces/<namespace>/serviceaccounts/<name>`. */
  readonly identity: string;
  readonly issuer: string;
}

/** Throws a `Refusal`. */
export function rootsIn(text: string): Roots {
  try {
    const roots = TrustedRoot.fromJSON(JSON.parse(text));
    // The library reads no window as one without a beginning; a log then counts for entries of before it was there.
    const instances = [...roots.tlogs, ...roots.ctlogs].filter(({ publicKey }) => !publicKey?.validFor?.start);
    if (instances.length > 0) throw new Refusal('a log of it has no `validFor.start`');
    toTrustMaterial(roots);
    return roots;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('it is not a trusted root of sigstore', { cause: error });
  }
}

/** The times of the timestamps, which nobody vouches for yet. Throws a `Refusal` where a timestamp or an entry is of something else. */
export function witnessedTimes({ payload, signature, timestamps, entries }: ReadBundle): Date[] {
  for (const entry of entries) {
    const { data, signature: logged } = entryBody(entry);
    const digest = createHash('sha256').update(preAuthEncoding(PAYLOAD_TYPE, payload)).digest('base64');
    if (data?.digest !== digest || logged?.content !== signature.toString('base64'))
      throw new Refusal('it has an entry of a log for another signature');
  }
  const imprint = createHash('sha256').update(signature).digest();
  return timestamps.map((der) => {
    const { found, time } = timestampIn(der);
    if (!found.equals(imprint)) throw new Refusal('it has a timestamp of another signature');
    return time;
  });
}

function timestampIn(der: Buffer): { found: Buffer; time: Date } {
  try {
    const { tstInfo } = RFC3161Timestamp.parse(Buffer.from(der));
    if (tstInfo.messageImprintHashAlgorithm !== 'sha256') throw new Error('not SHA-256');
    const time = tstInfo.genTime;
    void time.toISOString();
    return { found: Buffer.from(tstInfo.messageImprintHashedMessage), time };
  } catch (error) {
    throw new Refusal('it has a timestamp that cannot be read', { cause: error });
  }
}

interface EntryBody {
  readonly data?: { readonly digest?: unknown };
  readonly signature?: { readonly content?: unknown };
}

function entryBody({ canonicalizedBody }: ReadBundle['entries'][number]): EntryBody {
  try {
    const body = JSON.parse(Buffer.from(String(canonicalizedBody), 'base64').toString('utf8')) as {
      spec?: { hashedRekordV002?: EntryBody };
    };
    if (body.spec?.hashedRekordV002) return body.spec.hashedRekordV002;
  } catch {
    // Nor is it an entry then.
  }
  throw new Refusal('it has an entry of a log that is not of type hashedrekord 0.0.2');
}

/** Throws a `Refusal` where a witness is not one of the roots', or the signature is not valid. */
export function verifyWithRoots(bundle: ReadBundle, key: RingKey, roots: Roots): void {
  const material = toTrustMaterial(roots, () => ({ publicKey: key.key, validFor: () => true }));
  verified(bundle, () =>
    new Verifier(material, {
      tlogThreshold: bundle.entries.length,
      ctlogThreshold: 0,
      timestampThreshold: bundle.timestamps.length,
    }).verify(entityOf(bundle)),
  );
}

/** The certificate is of the identity that was given, exactly. Throws a `Refusal`. */
export function verifyIdentity(bundle: ReadBundle, wanted: Identity, roots: Roots): void {
  if (bundle.timestamps.length === 0)
    throw new Refusal('it has a certificate and no timestamp, so it cannot be verified');
  const options = {
    tlogThreshold: bundle.entries.length,
    ctlogThreshold: roots.ctlogs.length > 0 ? 1 : 0,
    timestampThreshold: bundle.timestamps.length,
  };
  const { identity } = verified(bundle, () => new Verifier(toTrustMaterial(roots), options).verify(entityOf(bundle)));
  const name = identity?.subjectAlternativeName;
  if (name !== wanted.identity) throw new Refusal(`it was signed by ${shown(name)}, not by ${wanted.identity}`);
  const issuer = identity?.extensions?.issuer;
  if (issuer !== wanted.issuer)
    throw new Refusal(`the identity of its certificate was issued by ${shown(issuer)}, not by ${wanted.issuer}`);
}

/** Whom a certificate says that it is of: for a message, not for a decision. */
export function nameIn(certificate: Buffer): string {
  try {
    return new X509Certificate(certificate).subjectAltName?.replace(/^\w+:/, '') ?? 'no name';
  } catch {
    return 'no name';
  }
}

function entityOf({ json }: ReadBundle) {
  return toSignedEntity(bundleFromJSON(json));
}

function verified<T>({ timestamps, entries }: ReadBundle, verify: () => T): T {
  try {
    return verify();
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const what =
      code === 'TIMESTAMP_ERROR'
        ? `its ${timestamps.length === 1 ? 'timestamp is' : 'timestamps are'} not of an authority in --trusted-root`
        : code?.startsWith('TLOG')
          ? `its ${entries.length === 1 ? 'entry is' : 'entries are'} not in a log of --trusted-root`
          : code === 'CERTIFICATE_ERROR'
            ? 'its certificate is not of an authority in --trusted-root, or was not valid then'
            : 'its signature is not valid';
    throw new Refusal(`${what} (${shown(message)})`, { cause: error });
  }
}
