/**
 * What is in an image beside its base, as SPDX 2.3 in JSON, the same bytes for the same content: its time is that of the commit, and its namespace
 * a digest of the packages. Pure.
 */
import { createHash } from 'node:crypto';

/** Something that others made. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Where scanners look it up, as in `pkg:npm/pino@10.4.0`. */
  readonly purl: string;
  /** The same for scanners that go by CPE. */
  readonly cpe?: string;
  /** What its package says; not known where it is absent. */
  readonly license?: unknown;
  /** As npm has it, `sha512-` and base64. */
  readonly integrity?: string;
  readonly comment?: string;
}

export interface Inventory {
  /** Of the image, which is described. */
  readonly name: string;
  readonly version: string;
  /** In seconds since 1970. */
  readonly time: number;
  readonly license: string;
  readonly comment: string;
  readonly components: readonly Component[];
}

/** The document as JSON. */
export function spdx({ name, version, time, license, comment, components }: Inventory): string {
  const sorted = [...components].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const digest = createHash('sha256')
    .update(JSON.stringify([name, version, sorted]))
    .digest('hex');
  const root = { ...packageOf({ name, version, license, purl: `pkg:generic/${name}@${version}` }, 'root') };
  const packages = sorted.map((one, index) => packageOf(one, `${index + 1}`));
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${name}-${version}`,
    documentNamespace: `https://holdfast.dev/spdx/${name}-${version}-${digest}`,
    comment,
    creationInfo: {
      // To the second: readers refuse fractions of it.
      created: new Date(time * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
      creators: ['Organization: Holdfast', `Tool: holdfast-release-${version}`],
    },
    packages: [root, ...packages],
    relationships: [
      relationship('SPDXRef-DOCUMENT', 'DESCRIBES', root.SPDXID),
      ...packages.map(({ SPDXID }) => relationship(root.SPDXID, 'CONTAINS', SPDXID)),
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function relationship(from: string, relationshipType: string, to: string): object {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}

/** `unique` keeps ids apart, which may have no more than letters, digits, dots and hyphens: `@a/b` and `a-b` would be one. */
function packageOf(component: Component, unique: string): { SPDXID: string } {
  const { name, version, purl, cpe, license, integrity, comment } = component;
  const references = [
    { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
    ...(cpe ? [{ referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: cpe }] : []),
  ];
  return {
    SPDXID: `SPDXRef-Package-${unique}-${name.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^-|-$/g, '')}`,
    name,
    versionInfo: version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    ...(integrity && { checksums: [checksum(integrity)] }),
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: declared(license),
    copyrightText: 'NOASSERTION',
    ...(comment && { comment }),
    externalRefs: references,
  } as { SPDXID: string };
}

function checksum(integrity: string): object {
  const [algorithm = '', base64 = ''] = integrity.split('-', 2);
  const checksumValue = Buffer.from(base64, 'base64').toString('hex');
  return { algorithm: algorithm.toUpperCase(), checksumValue };
}

/** Of the licenses of packages, those that the list of SPDX has under this name; others make a document invalid. */
const known = new Set(
  '0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MPL-2.0 PSF-2.0 Python-2.0 Unlicense'.split(
    ' ',
  ),
);

/** Packages of old have an object here, or any text. */
function declared(license: unknown): string {
  if (typeof license !== 'string') return 'NOASSERTION';
  const words = license.split(/\s+(?:AND|OR)\s+|[()]+/).filter((word) => word !== '');
  return words.length > 0 && words.every((word) => known.has(word)) ? license : 'NOASSERTION';
}
