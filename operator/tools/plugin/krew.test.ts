/** What the manifest of krew says, and what it does not accept. */
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { krewManifest } from './krew.ts';
import { platforms } from './platforms.ts';

const archives = platforms.map((platform) => ({ platform, file: `${platform.name}.tar.gz`, sha256: 'a'.repeat(64) }));
const release = { version: '1.2.3', base: 'https://example.com/releases', archives };

test('each platform has its archive, under the version of the release', () => {
  expect(load(krewManifest(release))).toMatchObject({
    metadata: { name: 'holdfast' },
    spec: {
      version: 'v1.2.3',
      platforms: [
        {
          selector: { matchLabels: { os: 'linux', arch: 'amd64' } },
          uri: 'https://example.com/releases/v1.2.3/linux-x64.tar.gz',
          sha256: 'a'.repeat(64),
          bin: 'kubectl-holdfast',
        },
        { selector: { matchLabels: { os: 'linux', arch: 'arm64' } } },
      ],
    },
  });
});

test('what a list of plugins shows fits a line', () => {
  const { spec } = load(krewManifest(release)) as { spec: { shortDescription: string; description: string } };
  // Krew's own guide: no more than 50 characters or so, no period, no name of the plugin.
  expect(spec.shortDescription.length).toBeLessThanOrEqual(60);
  expect(spec.shortDescription).not.toMatch(/\.$|kubectl|plugin/i);
  expect(spec.description.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

describe('is refused', () => {
  test.each([
    ['1.2', 'https://example.com'],
    ['v1.2.3', 'https://example.com'],
    ['1.2.3', 'http://example.com'],
    ['1.2.3', 'https://example.com/'],
    ['1.2.3', 'https://example.com\n  - x'],
  ])('version %j at %j', (version, base) => {
    expect(() => krewManifest({ version, base, archives })).toThrow(/krew requires three numbers|set it to an address/);
  });
});
