/** A real S3 server on a folder, with versions and object lock: versitygw. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdirSync } from 'node:fs';
import { get } from 'node:http';
import { get as getTls } from 'node:https';
import { join } from 'node:path';
import type { StoreServer } from '../../operator/connect/objectStore/server.ts';
import type { StoreCredentials } from '../../operator/connect/objectStore/types.ts';
import type { KeyPair } from '../cluster/certificates.ts';
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
  /** The same buckets, served over TLS as well; at its address. */
  serveTls(pair: KeyPair): Promise<string>;
  stop(): Promise<void>;
}

export async function startGateway(): Promise<Gateway> {
  const temporary = await createTemporaryFolder('holdfast-gateway-');
  const folder = temporary.path;
  for (const name of ['data', 'versions']) mkdirSync(join(folder, name));
  const components: Component[] = [];
  const path = join(await setUp('versitygw'), 'versitygw');
  const { accessKeyId, secretAccessKey } = gatewayCredentials;
  async function serve(name: string, tls: readonly string[]): Promise<string> {
    const port = await freePort();
    const program = {
      ...{ name, path },
      arguments: [
        ...['--port', `127.0.0.1:${port}`, '--access', accessKeyId, '--secret', secretAccessKey],
        ...['--quiet', '--health', '/healthz', ...tls],
        ...['posix', '--versioning-dir', join(folder, 'versions'), join(folder, 'data')],
      ],
    };
    const component = new Component(program, folder);
    components.push(component);
    await component.ready(() => isHealthy(port, tls.length > 0));
    return `${tls.length > 0 ? 'https' : 'http'}://127.0.0.1:${port}`;
  }
  const url = await serve('versitygw', []);
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
    serveTls: ({ certificate, key }) =>
      serve(`versitygw-tls-${components.length}`, ['--cert', certificate, '--key', key]),
    stop: async () => {
      admin.destroy();
      await Promise.all(components.map((component) => component.kill()));
      await temporary.delete();
    },
  };
}

/** Whoever its certificate is of. */
function isHealthy(port: number, isTls: boolean): Promise<boolean> {
  const options = { host: '127.0.0.1', port, path: '/healthz', agent: false, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const asked = (isTls ? getTls : get)(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
  });
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
