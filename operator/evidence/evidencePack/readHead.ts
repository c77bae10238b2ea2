/** Reads what the store has of a chain: the newest statement, or that of one number. */
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { sha256 } from '../../lib/digest.ts';
import { bundleName } from '../statement/names.ts';
import { MOST_BUNDLE_BYTES, PACK_PREDICATE, PAYLOAD_TYPE, type PackStatement } from '../statement/types.ts';
import type { Head } from './head.ts';

export interface ReadHead {
  readonly head: Head;
  readonly statement: PackStatement;
  readonly bundle: Buffer;
}

export interface Which {
  readonly exactly: number;
}

/** Undefined when there is none. Throws an Error when what is there is no bundle of a pack. */
export async function readHead(
  store: ObjectStore,
  pack: string,
  { exactly: sequence }: Which,
  signal: AbortSignal,
): Promise<ReadHead | undefined> {
  const key = `packs/${pack}/${bundleName(sequence)}`;
  const facts = await store.head(key, {}, signal);
  const { versionId } = facts ?? {};
  const bytes = await store.get(
    key,
    { maxBytes: MOST_BUNDLE_BYTES, ...(versionId !== undefined && { versionId }) },
    signal,
  );
  try {
    return bytes && parsed(bytes, { key, sequence, versionId });
  } catch (error) {
    // Another wrote it: it may lack anything.
    if (error instanceof TypeError)
      throw new Error(`${key} is not a bundle of a pack; find out who wrote it`, { cause: error });
    throw error;
  }
}

/** Of the bundles that there are, whoever stored them. */
export async function newestNumber(
  store: ObjectStore,
  pack: string,
  after: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const prefix = `packs/${pack}/`;
  let last: number | undefined;
  const from = after > 1 ? { after: `${prefix}${bundleName(after - 1)}` } : {};
  for await (const { key } of store.list(prefix, from, signal)) {
    const [, number] = /^(\d{8})\.sigstore\.json$/.exec(key.slice(prefix.length)) ?? [];
    if (number !== undefined) last = Number(number);
  }
  return last;
}

function parsed(
  bundle: Buffer,
  { key, sequence, versionId }: { key: string; sequence: number; versionId: string | undefined },
): ReadHead {
  const { statement, payload } = statementIn(bundle, key);
  const { predicate } = statement;
  if (predicate.sequence !== sequence)
    throw new Error(`${key} has the statement of pack ${predicate.sequence}; find out who wrote it`);
  return {
    bundle,
    statement,
    head: {
      pack: {
        sequence,
        digest: `sha256:${sha256(payload)}`,
        uri: key,
        ...(versionId !== undefined && { versionId }),
        time: predicate.time,
        periodEnd: predicate.period.end,
        complete: predicate.completeness.complete,
        bytes: predicate.files.reduce((sum, { size }) => sum + size, 0),
      },
      missing: predicate.completeness.missing,
    },
  };
}

function statementIn(bundle: Buffer, key: string): { statement: PackStatement; payload: Buffer } {
  try {
    const { dsseEnvelope } = JSON.parse(bundle.toString('utf8')) as {
      dsseEnvelope: { payload: string; payloadType: string };
    };
    const payload = Buffer.from(dsseEnvelope.payload, 'base64');
    const statement = JSON.parse(payload.toString('utf8')) as PackStatement;
    if (dsseEnvelope.payloadType === PAYLOAD_TYPE && statement.predicateType === PACK_PREDICATE)
      return { statement, payload };
  } catch (error) {
    throw new Error(`${key} is not a bundle of a pack; find out who wrote it`, { cause: error });
  }
  throw new Error(`${key} is not a bundle of a pack; find out who wrote it`);
}
