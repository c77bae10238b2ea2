/**
 * Which pack in the store is the last of ours. Whoever can write to the store can write a bundle there: one that was not remembered as stored counts only if it
 * is signed by our key and follows the one before.
 */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { bundleIn } from '../verify/bundle.ts';
import { isSignedBy, publicKeyIn } from '../verify/signature.ts';
import type { Head } from './head.ts';
import type { PackSigning } from './kit.ts';
import { newestNumber, readHead, type ReadHead } from './readHead.ts';

export interface ReadChain {
  readonly head: Head | undefined;
  /** The number of a pack that is not ours. */
  readonly foreign?: number;
}

export async function readChain(
  store: ObjectStore,
  { metadata: { name }, status }: Pick<EvidencePack, 'metadata' | 'status'>,
  signing: PackSigning,
  signal: AbortSignal,
): Promise<ReadChain> {
  const stored = status?.last;
  const newest = (await newestNumber(store, name, 0, signal)) ?? 0;
  const start = Math.min(stored?.sequence ?? 0, newest);
  let head = start > 0 ? (await readHead(store, name, { exactly: start }, signal).catch(none))?.head : undefined;
  if (start > 0 && !head) return { head: undefined, foreign: start };
  for (let sequence = start + 1; sequence <= newest; sequence += 1) {
    const next = await readHead(store, name, { exactly: sequence }, signal).catch(none);
    if (!next || !follows(next, head) || !isOurs(next, signing)) return { head, foreign: sequence };
    head = next.head;
  }
  return { head };
}

/** What cannot be read as a pack is none of ours; that the store failed is another matter. */
function none(error: unknown): undefined {
  if (error instanceof Error && error.constructor === Error) return undefined;
  throw error;
}

function follows({ statement }: ReadHead, head: Head | undefined): boolean {
  const { previous } = statement.predicate;
  return head ? `sha256:${previous?.digest.sha256 ?? ''}` === head.pack.digest : previous === undefined;
}

/** A keyless signature is verified by those who know the authorities; here it is only known that it follows. */
export function isOurs({ bundle }: ReadHead, signing: PackSigning): boolean {
  const keys = [signing.publicKey, signing.previous?.publicKey].filter((key) => key !== undefined);
  try {
    const read = bundleIn(bundle);
    if (signing.publicKey === undefined) return read.certificate !== undefined;
    return keys.some((key) => isSignedBy(publicKeyIn(key), read));
  } catch {
    return false;
  }
}
