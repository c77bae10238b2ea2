/**
 * What a status decides later must be Holdfast's own word: whoever may write a status, as long as no policy prevents it, could approve
 * with it. So it has a seal, a keyed digest of it for its object; what has none, or one that does not fit, was never said. Pure.
 */
import { canonicalJson } from '../lib/digest.ts';
import type { Resource, ResourceStatus } from './v1alpha1/shared.ts';

/** A keyed digest of a string, in hexadecimal. Only the operator has the key. */
export type Seal = (text: string) => string;

type Identified = Pick<Resource, 'kind' | 'metadata'>;

/** What the runtime itself writes is not sealed: nothing is decided from it. */
function sealOf({ kind, metadata }: Identified, status: object, seal: Seal): string {
  const said = { ...status, conditions: undefined, observedGeneration: undefined, seal: undefined };
  return seal(canonicalJson([kind, metadata.namespace ?? '', metadata.name, metadata.uid ?? '', said]));
}

/** The status with its seal. */
export function sealed<S extends object>(object: Identified, status: S, seal: Seal): S & { seal: string } {
  return { ...status, seal: sealOf(object, status, seal) };
}

/** Of an object as it is believed, the fields of its status that are not. */
export function forgedFields(object: object): readonly string[] {
  return forged.get(object) ?? [];
}

const forged = new WeakMap<object, readonly string[]>();

/** The object as it is believed: of a status whose seal does not fit, only what people read is left. */
export function believed<R extends Identified & { status?: ResourceStatus & { seal?: string } }>(
  object: R,
  seal: Seal,
): R {
  const { status } = object;
  if (!status || status.seal === sealOf(object, status, seal)) return object;
  const { conditions, observedGeneration, ...rest } = status;
  const kept = {
    ...object,
    status: { ...(conditions && { conditions }), ...(observedGeneration !== undefined && { observedGeneration }) },
  };
  forged.set(kept, Object.keys(rest));
  return kept;
}

function sealOfPart({ kind, metadata }: Identified, part: object, seal: Seal): string {
  const said = { ...part, seal: undefined };
  return seal(canonicalJson(['part', kind, metadata.namespace ?? '', metadata.name, metadata.uid ?? '', said]));
}

/** A part of a status with a seal of its own, where the rest has none. */
export function sealedPart<P extends object>(object: Identified, part: P, seal: Seal): P & { seal: string } {
  return { ...part, seal: sealOfPart(object, part, seal) };
}

export function isSealedPart(object: Identified, part: { seal?: string }, seal: Seal): boolean {
  return part.seal === sealOfPart(object, part, seal);
}
