/** The file that names the Prometheus servers. Whatever is wrong with it ends the start with a sentence. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { load } from 'js-yaml';
import { listed } from '../../lib/text.ts';
import { limits, type Server } from './server.ts';
import { tokenIn } from './token.ts';

type Fields = Readonly<Record<string, unknown>>;

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

/** Names that occur twice are an error of the library. */
function parsed(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    throw new Error(`is not YAML: ${messageOf(error).split('\n', 1)[0]}`, { cause: error });
  }
}

function serverIn(name: string, value: unknown): Server {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
    throw new Error(`the name ${JSON.stringify(name)} must be of lower case letters, digits and hyphens, at most 63`);
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
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
  if (tokenFile !== undefined && !isLoopback)
    throw new Error(`${name}: a token is sent over https only; set \`url\` to https, or remove \`tokenFile\``);
}

function assertReadable({ name, caFile, tokenFile }: Pick<Server, 'name' | 'tokenFile' | 'caFile'>): void {
  try {
    if (tokenFile !== undefined) tokenIn(readFileSync(tokenFile, 'utf8'));
  } catch (error) {
    throw new Error(`${name}: \`tokenFile\` ${tokenFile}: ${messageOf(error)}`, { cause: error });
  }
  try {
    if (caFile !== undefined) void new X509Certificate(readFileSync(caFile));
  } catch (error) {
    throw new Error(`${name}: \`caFile\` ${caFile} cannot be read as certificates in PEM: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function fileIn(name: string, field: string, fields: Fields): string | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isAbsolute(value)) return value;
  throw new Error(`${name}: \`${field}\` must be the path of a file, from the root`);
}

function tenantIn(name: string, value: unknown): Server['tenant'] {
  if (value === undefined) return undefined;
  const fields = mapIn(value, `${name}: \`tenant\``);
  assertKnown(`${name}: \`tenant\``, fields, ['label']);
  const { label } = fields;
  if (typeof label === 'string' && /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) && label !== '__name__') return { label };
  throw new Error(`${name}: \`tenant.label\` must be the name of a label, such as namespace`);
}

function flagIn(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new Error(`${name}: \`default\` must be true or false`);
}

function numberIn(name: string, field: keyof typeof limits, fields: Fields): number {
  const { from, to, default: usual } = limits[field];
  const value = field in fields ? fields[field] : usual;
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw new Error(`${name}: \`${field}\` must be an integer from ${from} to ${to}`);
}

function mapIn(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Error(`${what} must be a map`);
}

function assertKnown(what: string, fields: Fields, names: readonly string[]): void {
  const unknown = Object.keys(fields).filter((field) => !names.includes(field));
  if (unknown.length > 0)
    throw new Error(
      `${what} has no field ${listed(unknown.map((one) => `\`${one}\``))}; known are ${names.join(', ')}`,
    );
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [k in K]?: V });
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}
