/** Files in which the operator is configured with servers: maps of a name to fields, of which none may be unknown or of another type. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { load } from 'js-yaml';
import { listed } from '../lib/text.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Names that occur twice are an error of the library. */
export function parsed(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    throw new Error(`is not YAML: ${messageOf(error).split('\n', 1)[0]}`, { cause: error });
  }
}

export function fileIn(name: string, field: string, fields: Fields): string | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isAbsolute(value)) return value;
  throw new Error(`${name}: \`${field}\` must be the path of a file, from the root`);
}

export function flagIn(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new Error(`${name}: \`default\` must be true or false`);
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

export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [k in K]?: V });
}

export function messageOf(error: unknown): string {
  return (error as Error).message;
}

export function nameIn(name: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw new Error(`the name ${JSON.stringify(name)} must be of lower case letters, digits and hyphens, at most 63`);
}

/** An integer within the limits of the field. */
export function integerIn(
  name: string,
  field: string,
  fields: Fields,
  { from, to, default: usual }: { readonly from: number; readonly to: number; readonly default: number },
): number {
  const value = field in fields ? fields[field] : usual;
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw new Error(`${name}: \`${field}\` must be an integer from ${from} to ${to}`);
}

/** Throws when the file has no certificates. */
export function assertCertificates(name: string, caFile: string | undefined): void {
  try {
    if (caFile !== undefined) void new X509Certificate(readFileSync(caFile));
  } catch (error) {
    throw new Error(`${name}: \`caFile\` ${caFile} cannot be read as certificates in PEM: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}
