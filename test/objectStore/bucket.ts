/** A bucket as an administrator and an auditor see it: without the operator, its proxy and its limits. */
import { ListObjectVersionsCommand, S3Client, type ObjectVersion } from '@aws-sdk/client-s3';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openS3 } from '../../operator/connect/objectStore/s3.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { gatewayCredentials, serverAt, type Gateway } from './gateway.ts';

export interface Bucket {
  readonly store: ObjectStore;
  /** All that is below the root, copied into this new folder. */
  download(folder: string): Promise<string>;
  /** Each version of each object, by its key below the root. */
  versions(): Promise<string[]>;
  close(): void;
}

export function openBucket({ url }: Pick<Gateway, 'url'>, bucket: string, root: string): Bucket {
  const store = openS3({ server: serverAt(url), bucket, root, credentials: gatewayCredentials });
  const admin = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    // The library adds to what it is given.
    credentials: { ...gatewayCredentials },
  });

  async function allVersions(): Promise<ObjectVersion[]> {
    const found: ObjectVersion[] = [];
    let from: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await admin.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: `${root}/`, ...from }));
      found.push(...(page.Versions ?? []));
      if (!page.IsTruncated) return found;
      from = {
        ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
        ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
  }

  return {
    store,
    async download(folder) {
      const { signal } = new AbortController();
      for await (const { key } of store.list('', {}, signal)) {
        const path = join(folder, key);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, (await store.get(key, { maxBytes: 1 << 26 }, signal)) ?? '');
      }
      return folder;
    },
    versions: async () => (await allVersions()).map(({ Key = '' }) => Key.slice(root.length + 1)).sort(),
    close() {
      store.close();
      admin.destroy();
    },
  };
}
