/** Opens the object stores of EvidenceStores: in a bucket of a server that the operator is configured with, or below its own folder. */
import { openFilesystem } from './filesystem.ts';
import type { StoreServer } from './server.ts';
import { StoreError, type OpenStore } from './types.ts';

export interface StoresOptions {
  readonly servers: readonly StoreServer[];
  /** For stores in the file system. */
  readonly folder: string;
}

export function openStores({ servers, folder }: StoresOptions): OpenStore {
  return async (location, now) => {
    const { root } = location;
    if (location.is === 'filesystem') return openFilesystem({ folder, root, now });
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
