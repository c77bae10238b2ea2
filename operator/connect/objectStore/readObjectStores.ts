/** The file that names the object stores of EvidenceStores. Whatever is wrong with it ends the start with a sentence. */
import { readFileSync } from 'node:fs';
import {
  assertCertificates,
  assertKnown,
  fileIn,
  integerIn,
  isLoopback,
  mapIn,
  messageOf,
  nameIn,
  optional,
  parsed,
  type Fields,
} from '../configuration.ts';
import { limits, type StoreServer } from './server.ts';

const known = ['endpoint', 'publicEndpoint', 'region', 'pathStyle', 'caFile', 'checksums', ...Object.keys(limits)];

/** YAML or JSON: a map of name to `{s3: {…}}`. Reads the files that it names as well, so that a wrong path is noticed now. */
export function readObjectStores(path: string): readonly StoreServer[] {
  try {
    const entries = Object.entries(mapIn(parsed(readFileSync(path, 'utf8')), 'the file'));
    return entries.map(([name, value]) => storeIn(nameIn(name), value));
  } catch (error) {
    throw new Error(`--object-stores ${path}: ${messageOf(error)}.`, { cause: error });
  }
}

function storeIn(name: string, value: unknown): StoreServer {
  const kinds = mapIn(value, name);
  assertKnown(name, kinds, ['s3']);
  const fields = mapIn(kinds['s3'], `${name}: \`s3\``);
  assertKnown(name, fields, known);
  const url = urlIn(name, 'endpoint', fields['endpoint']);
  const outside = fields['publicEndpoint'];
  const caFile = fileIn(name, 'caFile', fields);
  if (caFile !== undefined && url.startsWith('http:'))
    throw new Error(`${name}: \`caFile\` has no effect without https in \`endpoint\``);
  assertCertificates(name, caFile);
  return {
    name,
    url,
    ...(outside !== undefined && { publicUrl: urlIn(name, 'publicEndpoint', outside) }),
    region: regionIn(name, fields['region']),
    pathStyle: flagOr(name, 'pathStyle', fields, true),
    ...optional('caFile', caFile),
    checksums: checksumsIn(name, fields['checksums']),
    maxConnections: integerIn(name, 'maxConnections', fields, limits.maxConnections),
    connectSeconds: integerIn(name, 'connectSeconds', fields, limits.connectSeconds),
    silenceSeconds: integerIn(name, 'silenceSeconds', fields, limits.silenceSeconds),
    requestSeconds: integerIn(name, 'requestSeconds', fields, limits.requestSeconds),
  };
}

/** Evidence, and keys that can be used again within minutes, are sent in the clear within this machine only. */
function urlIn(name: string, field: string, value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (typeof value !== 'string' || !url || !/^https?:$/.test(url.protocol) || !url.hostname)
    throw new Error(`${name}: \`${field}\` must be the address of S3, such as https://s3.eu-central-1.amazonaws.com`);
  if (url.username || url.password || value.includes('@'))
    throw new Error(`${name}: \`${field}\` must not contain credentials; they are in the Secret of an EvidenceStore`);
  if (/[?#]/.test(value) || !/^\/?$/.test(url.pathname))
    throw new Error(`${name}: \`${field}\` must not have a path; an EvidenceStore names its bucket`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new Error(`${name}: \`${field}\` must be https, so that nothing is read or changed on its way`);
  return url.origin;
}

function regionIn(name: string, value: unknown): string {
  if (typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,62}$/.test(value)) return value;
  throw new Error(`${name}: \`region\` must be the name of a region, such as eu-central-1`);
}

function checksumsIn(name: string, value: unknown): StoreServer['checksums'] {
  if (value === undefined || value === 'Sha256') return 'Sha256';
  if (value === 'Md5') return 'Md5';
  throw new Error(`${name}: \`checksums\` must be Sha256, or Md5 for a store that does not know x-amz-checksum-sha256`);
}

function flagOr(name: string, field: string, fields: Fields, usual: boolean): boolean {
  const value = fields[field];
  if (value === undefined || typeof value === 'boolean') return value ?? usual;
  throw new Error(`${name}: \`${field}\` must be true or false`);
}
