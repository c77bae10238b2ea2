/** The file that names the Prometheus servers. Whatever is wrong with it ends the start with a sentence. */
import { readFileSync } from 'node:fs';
import { listed } from '../../lib/text.ts';
import {
  assertCertificates,
  assertKnown,
  assertPrivate,
  explained,
  fileIn,
  mapIn,
  messageOf,
  numberIn,
  optional,
  readNamed,
  urlIn,
  type Fields,
} from '../configuration.ts';
import { limits, type Server } from './server.ts';
import { tokenIn } from './token.ts';

const known = ['url', 'caFile', 'tokenFile', 'tenant', 'default', ...Object.keys(limits)];

/** YAML or JSON: a map of name to server. Reads the files that it names as well, so that a wrong path is noticed now. */
export function readServers(path: string): readonly Server[] {
  const servers = readNamed('prometheus-servers', path, serverIn);
  const defaults = servers.filter(({ isDefault }) => isDefault);
  explained(`--prometheus-servers ${path}`, () => {
    if (defaults.length > 1)
      throw new Error(`${listed(defaults.map(({ name }) => name))} are both \`default: true\`; keep one`);
  });
  return servers.length === 1 ? servers.map((only) => ({ ...only, isDefault: true })) : servers;
}

function serverIn(name: string, fields: Fields): Server {
  assertKnown(name, fields, known);
  const number = (field: keyof typeof limits) => numberIn(name, field, fields, limits[field]);
  const server = {
    name,
    url: addressIn(name, fields['url']),
    ...optional('caFile', fileIn(name, 'caFile', fields)),
    ...optional('tokenFile', fileIn(name, 'tokenFile', fields)),
    ...optional('tenant', tenantIn(name, fields['tenant'])),
    isDefault: flagIn(name, fields['default']),
    maxConcurrent: number('maxConcurrent'),
    maxQueriesPerMinute: number('maxQueriesPerMinute'),
    timeoutSeconds: number('timeoutSeconds'),
    maxSamples: number('maxSamples'),
    maxBytes: number('maxBytes'),
  };
  assertPrivate(name, server);
  assertToken(server);
  assertCertificates(name, server.caFile);
  return server;
}

function addressIn(name: string, value: unknown): string {
  const url = urlIn(name, value, {
    example: 'https://prometheus.monitoring.svc:9090',
    credentials: '; put a bearer token into a file, and name that in `tokenFile`',
  });
  if (/\/api\/v1(\/|$)/.test(url)) throw new Error(`${name}: \`url\` must end before /api/v1`);
  return url;
}

function assertToken({ name, tokenFile }: Pick<Server, 'name' | 'tokenFile'>): void {
  try {
    if (tokenFile !== undefined) tokenIn(readFileSync(tokenFile, 'utf8'));
  } catch (error) {
    throw new Error(`${name}: \`tokenFile\` ${tokenFile}: ${messageOf(error)}`, { cause: error });
  }
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
