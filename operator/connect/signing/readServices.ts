/** The file that names the services for signing. Whatever is wrong with it ends the start with a sentence. */
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
} from '../configuration.ts';
import { kindsOfService, serviceLimits, type Service, type ServiceKind } from './services.ts';

const common = ['url', 'caFile', 'timeoutSeconds'];

const examples: Record<ServiceKind, string> = {
  fulcio: 'https://fulcio.sigstore.svc',
  timestampAuthority: 'https://tsa.sigstore.svc/api/v1/timestamp',
  rekor: 'https://rekor.sigstore.svc',
};

/** YAML or JSON: a map of name to one of `fulcio`, `timestampAuthority` and `rekor`. A certificate that cannot be read is noticed now. */
export function readServices(path: string): readonly Service[] {
  try {
    const entries = Object.entries(mapIn(parsed(readFileSync(path, 'utf8')), 'the file'));
    return entries.map(([name, value]) => serviceIn(nameIn(name), value));
  } catch (error) {
    throw new Error(`--signing-services ${path}: ${messageOf(error)}.`, { cause: error });
  }
}

function serviceIn(name: string, value: unknown): Service {
  const given = mapIn(value, name);
  assertKnown(name, given, kindsOfService);
  const [kind, ...others] = kindsOfService.filter((one) => one in given);
  if (kind === undefined || others.length > 0)
    throw new Error(`${name} must have one of ${kindsOfService.map((one) => `\`${one}\``).join(', ')}`);
  const place = `${name}: \`${kind}\``;
  const fields = mapIn(given[kind], place);
  assertKnown(place, fields, kind === 'fulcio' ? [...common, 'tokenFile'] : common);
  const service = {
    name,
    kind,
    url: urlIn(place, kind, fields['url']),
    ...optional('caFile', fileIn(place, 'caFile', fields)),
    ...optional('tokenFile', fileIn(place, 'tokenFile', fields)),
    timeoutSeconds: integerIn(place, 'timeoutSeconds', fields, serviceLimits.timeoutSeconds),
  };
  if (kind === 'fulcio' && service.tokenFile === undefined)
    throw new Error(`${place} must have \`tokenFile\`, the path of a token whose audience is that of Fulcio`);
  if (kind !== 'timestampAuthority' && /\/api\/v[12](\/|$)/.test(service.url))
    throw new Error(`${place}: \`url\` must end before /api/v2`);
  assertPrivate(place, service);
  assertCertificates(place, service.caFile);
  return service;
}

function urlIn(place: string, kind: ServiceKind, value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (typeof value !== 'string' || !url || !/^https?:$/.test(url.protocol) || !url.hostname)
    throw new Error(`${place}: \`url\` must be the address of a server, such as ${examples[kind]}`);
  if (url.username || url.password || value.includes('@'))
    throw new Error(`${place}: \`url\` must not contain credentials`);
  if (/[?#]/.test(value)) throw new Error(`${place}: \`url\` must not have a query or a fragment`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** A token is sent in the clear within this machine only. */
function assertPrivate(place: string, { url, tokenFile, caFile }: Pick<Service, 'url' | 'tokenFile' | 'caFile'>): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return;
  if (caFile !== undefined) throw new Error(`${place}: \`caFile\` has no effect without https in \`url\``);
  if (tokenFile !== undefined && !isLoopback(hostname))
    throw new Error(`${place}: a token is sent over https only; set \`url\` to https`);
}
