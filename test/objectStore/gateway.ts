/** A real S3 server on a folder, with versions and object lock: versitygw. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreServer } from '../../operator/connect/objectStore/server.ts';
import type { StoreCredentials } from '../../operator/connect/objectStore/types.ts';
import { Component } from '../cluster/component.ts';
import { setUp } from '../cluster/setUp.ts';
import { createTemporaryFolder } from '../cluster/temporaryFolder.ts';
import { freePort } from '../freePort.ts';

export const gatewayCredentials: StoreCredentials = {
  accessKeyId: 'HOLDFASTTESTKEY',
  secretAccessKey: 'holdfast-test-secret',
};

export interface Gateway {
  readonly url: string;
  readonly folder: string;
  /** `locked` has object lock, and so versions; `plain` has neither. */
  createBucket(name: string, kind: 'locked' | 'plain'): Promise<void>;
  stop(): Promise<void>;
}

export async function startGateway(): Promise<Gateway> {
  const temporary = await createTemporaryFolder('holdfast-gateway-');
  const folder = temporary.path;
  for (const name of ['data', 'versions']) mkdirSync(join(folder, name));
  const address = `127.0.0.1:${await freePort()}`;
  const { accessKeyId, secretAccessKey } = gatewayCredentials;
  const program = {
    name: 'versitygw',
    path: join(await setUp('versitygw'), 'versitygw'),
    arguments: [
      ...['--port', address, '--access', accessKeyId, '--secret', secretAccessKey, '--quiet', '--health', '/healthz'],
      ...['posix', '--versioning-dir', join(folder, 'versions'), join(folder, 'data')],
    ],
  };
  const component = new Component(program, folder);
  const url = `http://${address}`;
  await component.ready(() =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const admin = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    // The library adds to what it is given.
    credentials: { ...gatewayCredentials },
  });
  return {
    url,
    folder,
    createBucket: async (name, kind) =>
      void (await admin.send(new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: kind === 'locked' }))),
    stop: async () => {
      admin.destroy();
      await component.kill();
      await temporary.delete();
    },
  };
}

/** The gateway, or a proxy before it, as the operator is configured with it. */
export function serverAt(url: string, more: Partial<StoreServer> = {}): StoreServer {
  return {
    name: 'main',
    url,
    region: 'us-east-1',
    pathStyle: true,
    checksums: 'Sha256',
    maxConnections: 4,
    connectSeconds: 5,
    silenceSeconds: 30,
    requestSeconds: 60,
    ...more,
  };
}
