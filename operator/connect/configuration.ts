/** What the files that name servers for the operator have in common: a map of names to fields, of which each mistake is a sentence. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { load } from 'js-yaml';
import { listed } from '../lib/text.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Reads YAML or JSON. What `one` throws is a fragment, and becomes a sentence that names the flag and the file. */
export function readNamed<T>(flag: string, path: string, one: (name: string, fields: Fields) => T): T[] {
  return explained(`--${flag} ${path}`, () =>
    Object.entries(mapIn(parsed(readFileSync(path, 'utf8')), 'the file')).map(([name, value]) => {
      assertName(name);
      return one(name, mapIn(value, name));
    }),
  );
}

/** What `work` throws, after `what`, as a sentence. */
export function explained<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}.`, { cause: error });
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

function assertName(name: string): void {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
    throw new Error(`the name ${JSON.stringify(name)} must be of lower case letters, digits and hyphens, at most 63`);
}

export function mapIn(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Error(`${what} must be a map`);
}

export function assertKnown(what: string, fields: Fields, names: readonly string[]): void {
  const unknown = Object.keys(fields).filter((field) => !names.includes(field));
  if (unknown.length > 0)
    throw new Error(
      `${what} has no field ${listed(unknown.map((one) => `\`${one}\``))}; known are ${names.join(', ')}`,
    );
}

export function fileIn(name: string, field: string, fields: Fields): string | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isAbsolute(value)) return value;
  throw new Error(`${name}: \`${field}\` must be the path of a file, from the root`);
}

export interface Limit {
  readonly from: number;
  readonly to: number;
  readonly default: number;
}

export function numberIn(name: string, field: string, fields: Fields, { from, to, default: usual }: Limit): number {
  const value = field in fields ? fields[field] : usual;
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw new Error(`${name}: \`${field}\` must be an integer from ${from} to ${to}`);
}

/** Without credentials, query and fragment, and without a slash at the end. */
export function urlIn(name: string, value: unknown, hints: { example: string; credentials: string }): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (typeof value !== 'string' || !url || !/^https?:$/.test(url.protocol) || !url.hostname)
    throw new Error(`${name}: \`url\` must be the address of a server, such as ${hints.example}`);
  if (url.username || url.password || value.includes('@'))
    throw new Error(`${name}: \`url\` must not contain credentials${hints.credentials}`);
  if (/[?#]/.test(value)) throw new Error(`${name}: \`url\` must not have a query or a fragment`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** A token, and what it gives access to, is sent in the clear within this machine only. */
export function assertPrivate(
  name: string,
  { url, tokenFile, caFile }: { readonly url: string; readonly tokenFile?: string; readonly caFile?: string },
): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return;
  if (caFile !== undefined) throw new Error(`${name}: \`caFile\` has no effect without https in \`url\``);
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
  if (tokenFile !== undefined && !isLoopback)
    throw new Error(`${name}: a token is sent over https only; set \`url\` to https, or remove \`tokenFile\``);
}

export function assertCertificates(name: string, caFile: string | undefined): void {
  try {
    if (caFile !== undefined) void new X509Certificate(readFileSync(caFile));
  } catch (error) {
    throw new Error(`${name}: \`caFile\` ${caFile} cannot be read as certificates in PEM: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [k in K]?: V });
}

export function messageOf(error: unknown): string {
  return (error as Error).message;
}
