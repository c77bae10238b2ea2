/** `store.json`, which says whose a store is. What cannot be read in full is that of another. Pure. */
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { canonicalJson } from '../../lib/digest.ts';

export const identityKey = 'store.json';
export const identityBytes = 4096;

/** It is the same for the same store, so that it can be written again. */
export function identityOf({ metadata }: EvidenceStore, cluster: string, created: string): Buffer {
  const { name, namespace = '' } = metadata;
  return Buffer.from(`${canonicalJson({ cluster: { id: cluster }, namespace, name, created })}\n`);
}

/** A sentence when it is not the store of this object, in this cluster. */
export function strangerIn(bytes: Uint8Array, { metadata }: EvidenceStore, cluster: string): string | undefined {
  const advice = 'choose another prefix';
  const said = parsed(bytes);
  if (!said) return `${identityKey} there does not say whose it is; ${advice}`;
  if (said.cluster !== cluster) return `the place belongs to a store of another cluster; ${advice}`;
  if (said.namespace === metadata.namespace && said.name === metadata.name) return undefined;
  return `the place belongs to another EvidenceStore; ${advice}`;
}

function parsed(bytes: Uint8Array) {
  try {
    const { cluster, namespace, name } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>;
    const { id } = cluster as Record<string, unknown>;
    const isSound = [id, namespace, name].every((one) => typeof one === 'string');
    return isSound ? { cluster: id as string, namespace: namespace as string, name: name as string } : undefined;
  } catch {
    return undefined;
  }
}
