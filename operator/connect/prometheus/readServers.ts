/** The file that names the Prometheus servers. Whatever is wrong with it ends the start with a sentence. */
import { readFileSync } from 'node:fs';
import { listed } from '../../lib/text.ts';
import {
  assertCertificates,
  assertKnown,
  fileIn,
  flagIn,
  integerIn,
  isLoopback,
  mapIn,
  messageOf,
  nameIn,
  optional,
  parsed,
  type Fields,
} from '../configuration.ts';
import { limits, type Server } from './server.ts';
import { tokenIn } from './token.ts';

const known = ['url', 'caFile', 'tokenFile', 'tenant', 'default', ...Object.keys(limits)];

/** YAML or JSON: a map of name to server. Reads the files that it names as well, so that a wrong path is noticed now. */
export function readServers(path: string): readonly Server[] {
  try {
    const text = readFileSync(path, 'utf8');
    const servers = Object.entries(mapIn(parsed(text), 'the file')).map(([name, value]) => serverIn(name, value));
    const defaults = servers.filter(({ isDefault }) => isDefault);
    if (defaults.length > 1)
      throw new Error(`${listed(defaults.map(({ name }) => name))} are both \`default: true\`; keep one`);
    return servers.length === 1 ? servers.map((only) => ({ ...only, isDefault: true })) : servers;
  } catch (error) {
    throw new Error(`--prometheus-servers ${path}: ${messageOf(error)}.`, { cause: error });
  }
}

function serverIn(name: string, value: unknown): Server {
  nameIn(name);
  const fields = mapIn(value, name);
  assertKnown(name, fields, known);
  const server = {
    name,
    url: urlIn(name, fields['url']),
    ...optional('caFile', fileIn(name, 'caFile', fields)),
    ...optional('tokenFile', fileIn(name, 'tokenFile', fields)),
    ...optional('tenant', tenantIn(name, fields['tenant'])),
    isDefault: flagIn(name, fields['default']),
    maxConcurrent: numberIn(name, 'maxConcurrent', fields),
    maxQueriesPerMinute: numberIn(name, 'maxQueriesPerMinute', fields),
    timeoutSeconds: numberIn(name, 'timeoutSeconds', fields),
    maxSamples: numberIn(name, 'maxSamples', fields),
    maxBytes: numberIn(name, 'maxBytes', fields),
  };
  assertPrivate(server);
  assertReadable(server);
  return server;
}

function urlIn(name: string, value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (typeof value !== 'string' || !url || !/^https?:$/.test(url.protocol) || !url.hostname)
    throw new Error(`${name}: \`url\` must be the address of a server, such as https://prometheus.monitoring.svc:9090`);
  if (url.username || url.password || value.includes('@'))
    throw new Error(
      `${name}: \`url\` must not contain credentials; put a bearer token into a file, and name that in \`tokenFile\``,
    );
  if (/[?#]/.test(value)) throw new Error(`${name}: \`url\` must not have a query or a fragment`);
  if (/\/api\/v1(\/|$)/.test(url.pathname)) throw new Error(`${name}: \`url\` must end before /api/v1`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** A token, and what it gives access to, is sent in the clear within this machine only. */
function assertPrivate({ name, url, tokenFile, caFile }: Pick<Server, 'name' | 'url' | 'tokenFile' | 'caFile'>): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return;
  if (caFile !== undefined) throw new Error(`${name}: \`caFile\` has no effect without https in \`url\``);
  if (tokenFile !== undefined && !isLoopback(hostname))
    throw new Error(`${name}: a token is sent over https only; set \`url\` to https, or remove \`tokenFile\``);
}

function assertReadable({ name, caFile, tokenFile }: Pick<Server, 'name' | 'tokenFile' | 'caFile'>): void {
  try {
    if (tokenFile !== undefined) tokenIn(readFileSync(tokenFile, 'utf8'));
  } catch (error) {
    throw new Error(`${name}: \`tokenFile\` ${tokenFile}: ${messageOf(error)}`, { cause: error });
  }
  assertCertificates(name, caFile);
}

function tenantIn(name: string, value: unknown): Server['tenant'] {
  if (value === undefined) return undefined;
  const fields = mapIn(value, `${name}: \`tenant\``);
  assertKnown(`${name}: \`tenant\``, fields, ['label']);
  const { label } = fields;
  if (typeof label === 'string' && /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) && label !== '__name__') return { label };
  throw new Error(`${name}: \`tenant.label\` must be the name of a label, such as namespace`);
}

function numberIn(name: string, field: keyof typeof limits, fields: Fields): number {
  return integerIn(name, field, fields, limits[field]);
}
