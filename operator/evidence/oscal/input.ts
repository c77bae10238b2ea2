/** What OSCAL documents are made of: the sections of one pack, and its files. Pure. */
import { uuidOf } from '../../lib/uuid.ts';
import type { ContentCheck, ContentWaiver, PolicyContent } from '../sections/contents.ts';

export const oscalVersion = '1.2.1';

export interface OscalInput {
  /** Those that the document is about, such as `NIST-800-53`. */
  readonly frameworks: readonly string[];
  readonly policy: PolicyContent;
  /** `waivers` of the section Evidence of the same pack. */
  readonly waivers: readonly ContentWaiver[];
  readonly pack: { readonly name: string; readonly sequence: number };
  /** Those of the pack, at least the sections Evidence and Policy. `href` is where they are, from the document. */
  readonly files: readonly OscalFile[];
  readonly version: string;
}

export interface OscalFile {
  readonly name: string;
  readonly href: string;
  readonly mediaType: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** That of all UUIDs that Holdfast makes for OSCAL: of `holdfast.dev` in the namespace of DNS names. */
const root = uuidOf('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'holdfast.dev');

/** The same thing has the same UUID in each pack of a cluster, so that documents can be compared. */
export function idOf({ policy }: Pick<OscalInput, 'policy'>, ...parts: readonly (string | number)[]): string {
  return uuidOf(root, JSON.stringify([policy.cluster.id, policy.namespace, ...parts]));
}

export function checkId(input: OscalInput, { source, check }: Pick<ContentCheck, 'source' | 'check'>): string {
  return idOf(input, 'observation', source.kind, source.name, check);
}

export function waiverId(input: OscalInput, waiver: Pick<ContentWaiver, 'name' | 'uid'>): string {
  return idOf(input, 'risk', waiver.uid ?? waiver.name);
}

export function fileId(input: OscalInput, { name }: OscalFile): string {
  return idOf(input, 'file', name);
}

export function partyId(input: OscalInput, name: string): string {
  return idOf(input, 'party', name);
}

/** On one line, without blanks at its ends, as strings of OSCAL are. */
export function line(text: string): string {
  return text.replace(/[\s\x00-\x1f\x7f-\x9f]+/g, ' ').trim() || '-';
}

/** What people wrote, as text: descriptions are Markdown, and may be shown as HTML. */
export function plain(text: string): string {
  return line(text).replace(/[\\`*_[\]<>&]/g, '\\$&');
}

/** Without the members that are undefined, and without empty lists, which OSCAL does not allow. */
export function compact(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

/** `ac-6.2` for `AC-6(2)`; in other frameworks a token that begins with the name of it. */
export function controlToken(framework: string, control: string): string {
  const token = control.toLowerCase().replace(/\(([0-9a-z]+)\)/g, '.$1');
  const plainToken = token.replace(/[^a-z0-9._-]+/g, '-');
  return /^[a-z]/.test(plainToken)
    ? plainToken
    : `${framework.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}-${plainToken}`;
}

export function statementId(framework: string, control: string): string {
  return `${controlToken(framework, control)}_smt`;
}

/** Of findings and observations that a waiver covers, as compliance-trestle and complyctl have it. */
export const waivedProperty = {
  name: 'waived',
  ns: 'https://oscal-compass.github.io/compliance-trestle/schemas/oscal',
  value: 'true',
} as const;

export function property(name: string, value: string): object {
  return { name, ns: 'https://holdfast.dev/ns/oscal', value: line(value) };
}
