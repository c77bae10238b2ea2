/** Reads what the store has of a chain: the statement of a number, as strictly as whoever verifies it. */
import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { sha256 } from '../../lib/digest.ts';
import { bundleName } from '../statement/names.ts';
import { MOST_BUNDLE_BYTES, type PackStatement } from '../statement/types.ts';
import { bundleIn, type ReadBundle } from '../verify/bundle.ts';
import { packIn } from '../verify/statement.ts';
import { Refusal } from '../verify/verdict.ts';
import { headOf, type Head } from './head.ts';

export interface ReadHead {
  readonly head: Head;
  readonly statement: PackStatement;
  readonly bundle: ReadBundle;
}

/** Undefined when there is none. Throws a `Refusal` when what is there is no bundle of that pack. */
export async function readHead(
  store: ObjectStore,
  pack: string,
  sequence: number,
  signal: AbortSignal,
): Promise<ReadHead | undefined> {
  const key = `packs/${pack}/${bundleName(sequence)}`;
  const { versionId } = (await store.head(key, {}, signal)) ?? {};
  const version = versionId === undefined ? {} : { versionId };
  const bytes = await store.get(key, { maxBytes: MOST_BUNDLE_BYTES, ...version }, signal);
  if (!bytes) return undefined;
  try {
    const bundle = bundleIn(bytes);
    const statement = packIn(bundle.payload);
    const { predicate } = statement;
    if (predicate.sequence !== sequence) throw new Refusal(`it is pack ${predicate.sequence}`);
    const where = { digest: `sha256:${sha256(bundle.payload)}`, uri: key, ...version };
    return { bundle, statement, head: headOf(predicate, where) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(`${key} is not a bundle of pack ${sequence}: ${error.message}; find out who wrote it`, {
      cause: error,
    });
  }
}

/** Of the bundles that there are, whoever stored them, in order. */
export async function numbersIn(store: ObjectStore, pack: string, signal: AbortSignal): Promise<number[]> {
  const prefix = `packs/${pack}/`;
  const numbers: number[] = [];
  for await (const { key } of store.list(prefix, {}, signal)) {
    const [, number] = /^(\d{8})\.sigstore\.json$/.exec(key.slice(prefix.length)) ?? [];
    if (number !== undefined) numbers.push(Number(number));
  }
  return numbers;
}

/** Whoever stores more keeps nobody from reading the rest of the store. */
const mostDigestedBytes = 64 << 20;

/** SHA-256 of a bundle as it is in the store, whatever it is. Undefined when there is none, or it is too long. */
export async function digestIn(
  store: ObjectStore,
  pack: string,
  sequence: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const key = `packs/${pack}/${bundleName(sequence)}`;
  const { size = 0 } = (await store.head(key, {}, signal)) ?? {};
  const stream = size > mostDigestedBytes ? undefined : await store.stream(key, {}, signal);
  if (!stream) return undefined;
  const digest = createHash('sha256');
  for await (const chunk of stream) digest.update(chunk as Uint8Array);
  return `sha256:${digest.digest('hex')}`;
}
