/** The manifest by which krew installs the plugin. Pure. */
import type { Platform } from './platforms.ts';

export interface Archive {
  readonly platform: Platform;
  readonly file: string;
  readonly sha256: string;
}

interface Release {
  readonly version: string;
  /** Where the archives are published. */
  readonly base: string;
  readonly archives: readonly Archive[];
}

/** krew looks for the plugin `holdfast` in a file of that name. */
export const krewFile = 'holdfast.yaml';

/** Throws for what krew would refuse. */
export function krewManifest({ version, base, archives }: Release): string {
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    throw new Error(`\`version\` is ${version}, but krew requires three numbers, as in 1.2.3.`);
  if (!/^https:\/\/[^\s"'\\]+[^\s"'\\/]$/.test(base))
    throw new Error(
      `PLUGIN_URL is \`${base}\`; set it to an address that begins with https:// and does not end with a slash.`,
    );
  const platforms = archives.flatMap(({ platform: { os, arch }, file, sha256 }) => [
    '    - selector:',
    '        matchLabels:',
    `          os: ${os}`,
    `          arch: ${arch}`,
    `      uri: ${base}/v${version}/${file}`,
    `      sha256: ${sha256}`,
    '      bin: kubectl-holdfast',
  ]);
  return [
    'apiVersion: krew.googlecontainertools.github.com/v1alpha2',
    'kind: Plugin',
    'metadata:',
    '  name: holdfast',
    'spec:',
    `  version: v${version}`,
    '  homepage: https://holdfast.dev',
    '  shortDescription: Find, explain and correct drift of hosts and clusters',
    '  description: |',
    '    What is wrong, why, what would be changed, and who may do what: for fleets of',
    '    RHEL hosts and for OpenShift clusters that Holdfast keeps as declared.',
    '    `kubectl holdfast check --local` needs no cluster.',
    '  platforms:',
    ...platforms,
    '',
  ].join('\n');
}
