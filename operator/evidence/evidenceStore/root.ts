/** Where an EvidenceStore is. No two have roots of which one is below the other. Pure. */
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import type { StoreCredentials, StoreLocation } from '../../connect/objectStore/types.ts';

/** No segment of a prefix is this one: so the first that is tells where the namespace and name are, and no root can be in another. */
const marker = 'holdfast.dev';

/** Below which all objects of the store are, without a slash at its end. */
export function rootOf({ metadata, spec }: Pick<EvidenceStore, 'metadata' | 'spec'>): string {
  const own = `${marker}/${metadata.namespace ?? ''}/${metadata.name}`;
  return spec.s3?.prefix === undefined ? own : `${spec.s3.prefix}/${own}`;
}

/** Throws when the prefix is one that the apiserver refuses: something else wrote it. */
export function locationOf(store: EvidenceStore, credentials: StoreCredentials | undefined): StoreLocation {
  const { s3 } = store.spec;
  const root = rootOf(store);
  if (!s3) return { is: 'filesystem', root };
  if (s3.prefix?.split('/').includes(marker)) throw new Error(`no segment of \`prefix\` can be ${marker}; correct it`);
  if (!credentials) throw new Error('a bucket needs credentials; set `credentialsRef`');
  return { is: 's3', endpoint: s3.endpoint, bucket: s3.bucket, root, credentials };
}

/** For people. */
export function uriOf(store: EvidenceStore): string {
  const { s3 } = store.spec;
  return s3 ? `s3://${s3.bucket}/${rootOf(store)}` : `filesystem:${rootOf(store)}`;
}
