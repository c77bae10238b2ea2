/** A bucket as what is verified: read with the credentials of the variables that every client of S3 reads. */
import { resolve } from 'node:path';
import { openS3 } from '../../connect/objectStore/s3.ts';
import { limits } from '../../connect/objectStore/server.ts';
import { StoreError } from '../../connect/objectStore/types.ts';
import { storeTree } from '../../evidence/verify/storeTree.ts';
import { TreeError, type Tree } from '../../evidence/verify/tree.ts';
import { Failure, UsageError } from '../command.ts';
import type { S3Flags } from './flags.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export function s3Tree(flags: S3Flags, variables: Variables): Tree {
  const [, bucket = '', root = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/+(.*?)\/*$/.exec(flags.place) ?? [];
  if (bucket === '' || root === '')
    throw new UsageError('an address of S3 is s3://BUCKET/PREFIX, such as s3://audit/holdfast.dev/platform/vault');
  const store = openS3({ server: serverOf(flags, variables), bucket, root, credentials: credentialsIn(variables) });
  const tree = storeTree(store, new AbortController().signal);
  return {
    list: () => explained(tree.list()),
    read: (...asked) => explained(tree.read(...asked)),
    digest: (path) => explained(tree.digest(path)),
    async *stream(path) {
      try {
        yield* tree.stream(path);
      } catch (error) {
        throw asTreeError(error);
      }
    },
  };
}

function serverOf(flags: S3Flags, variables: Variables) {
  const region = flags['s3-region'] ?? variables['AWS_REGION'] ?? variables['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const url = flags['s3-endpoint'] ?? `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError('--s3-endpoint must be the address of S3, such as https://s3.eu-central-1.amazonaws.com');
  const ca = flags['s3-ca'];
  return {
    name: new URL(url).host,
    url,
    region,
    pathStyle: true,
    ...(ca !== undefined && { caFile: resolve(ca) }),
    checksums: 'Sha256' as const,
    maxConnections: limits.maxConnections.default,
    connectSeconds: limits.connectSeconds.default,
    silenceSeconds: limits.silenceSeconds.default,
    requestSeconds: limits.requestSeconds.default,
  };
}

function credentialsIn(variables: Variables) {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: token,
  } = variables;
  if (!accessKeyId || !secretAccessKey)
    throw new Failure(
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to read from S3, or copy the objects to a directory.',
    );
  return { accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) };
}

/** What the store says is a fragment or a sentence for people already. */
async function explained<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw asTreeError(error);
  }
}

function asTreeError(error: unknown): unknown {
  return error instanceof StoreError ? new TreeError(error.message, { cause: error }) : error;
}
