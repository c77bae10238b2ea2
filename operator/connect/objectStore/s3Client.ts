/** The client of S3, which takes nothing from its surroundings: no variables, no profiles, no service of the machine. */
import { S3Client } from '@aws-sdk/client-s3';
import { readFileSync } from 'node:fs';
import { S3Handler } from './s3Handler.ts';
import type { StoreServer } from './server.ts';
import { StoreError, type StoreCredentials } from './types.ts';

export function s3Client(server: StoreServer, credentials: StoreCredentials): S3Client {
  const { maxConnections, connectSeconds, silenceSeconds, requestSeconds } = server;
  const ca = certificates(server);
  const handler = new S3Handler({
    maxConnections,
    connectSeconds,
    silenceSeconds,
    requestSeconds,
    ...(ca && { ca }),
  });
  const client = new S3Client({
    endpoint: server.url,
    region: server.region,
    forcePathStyle: server.pathStyle,
    credentials: { ...credentials },
    requestHandler: handler as never,
    // What is tried again, and how it is told whether the first attempt succeeded, is decided by the store.
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    // A checksum is given where one is wanted: the default of the library is one that many stores refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    useAccelerateEndpoint: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    followRegionRedirects: false,
    expectContinueHeader: false,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    userAgentAppId: () => Promise.resolve(undefined),
    customUserAgent: 'holdfast',
    logger: silent,
  });
  return client;
}

const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // What the library would say may contain what is secret.
}

/** Read each time, so that it may be renewed. */
function certificates({ name, caFile }: StoreServer): Buffer | undefined {
  if (caFile === undefined) return undefined;
  try {
    return readFileSync(caFile);
  } catch (error) {
    const message = `\`caFile\` of object store ${name} cannot be read; ask whoever installs the operator to correct it`;
    throw new StoreError('Unavailable', message, { cause: error });
  }
}
