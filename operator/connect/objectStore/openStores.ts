/** Opens the object stores of EvidenceStores: in a bucket of a server that the operator is configured with, or below its own folder. */
import { openFilesystem } from './filesystem.ts';
import { Quotas, withQuota } from './quota.ts';
import type { StoreServer } from './server.ts';
import { StoreError, type OpenStore } from './types.ts';

export interface StoresOptions {
  readonly servers: readonly StoreServer[];
  /** For stores in the file system. */
  readonly folder: string;
  /** In bytes, for all stores of a namespace in the file system. */
  readonly quota: number;
}

export function openStores({ servers, folder, quota }: StoresOptions): OpenStore {
  const quotas = new Quotas(folder, quota);
  return async (location, now) => {
    const { root } = location;
    if (location.is === 'filesystem')
      return withQuota(await openFilesystem({ folder, root, now }), groupOf(root), quotas);
    const { bucket, credentials } = location;
    const server = servers.find(({ name }) => name === location.endpoint);
    if (server) {
      // Its library takes 30 MB of memory: it is loaded when there is a bucket.
      const { openS3 } = await import('./s3.ts');
      return openS3({ server, bucket, root, credentials });
    }
    // Names of others are not listed: they may say more than whoever asks is to know.
    throw new StoreError(
      'Invalid',
      `there is no object store ${location.endpoint}; correct \`endpoint\`, or ask whoever installs the operator to configure it with \`--object-stores\``,
    );
  };
}

/** The folder of a namespace: a root is `holdfast.dev/<namespace>/<name>` there. */
function groupOf(root: string): string {
  return root.split('/').slice(0, 2).join('/');
}
