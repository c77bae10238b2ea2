/** The plugin as a package of npm: bundles, since Node strips no types below node_modules; what they read; and a start that says which Node it needs. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundled, licenses, placesOf, type Bundled } from '../bundle.ts';
import { bundleForNpm } from './bundles.ts';
import { shippedFiles } from './shippedFiles.ts';

interface Made {
  readonly file: string;
  readonly unpackedBytes: number;
  /** Of which something is in it. */
  readonly packages: readonly Bundled[];
}

/** For Node of any version: what an old one cannot parse is only loaded by a new one. */
const start = `#!/usr/bin/env node
const version = process.versions.node;
if (Number(version.split('.')[0]) < 24) {
  console.error(\`error: kubectl holdfast needs Node 24 or later, but this is \${version}; install it, or download the executable, which needs no Node.\`);
  process.exit(1);
}
import('../operator/cli/main.js');
`;

const readme = `# kubectl holdfast

The kubectl plugin of Holdfast, which keeps declared intent true on OpenShift clusters and RHEL hosts.

    npm install --global kubectl-holdfast
    kubectl holdfast --help
    kubectl holdfast check -f baseline.yaml --local

It needs Node 24 or later, and kubectl only to be called as \`kubectl holdfast\`: \`kubectl-holdfast\` is the same.
`;

/** Writes the package into \`stage\`, which is emptied first, and packs it into \`target\`. */
export async function makePackage(root: string, stage: string, target: string): Promise<Made> {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, 'bin'), { recursive: true });
  const packages = [...new Set(placesOf(await bundleForNpm(stage)))].sort().map(bundled);
  for (const file of shippedFiles(root)) cpSync(join(root, file), join(stage, file));
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  writeFileSync(join(stage, 'THIRD-PARTY-LICENSES'), licenses(packages));
  writeFileSync(join(stage, 'README.md'), readme);
  writeFileSync(join(stage, 'bin/kubectl-holdfast.js'), start);
  chmodSync(join(stage, 'bin/kubectl-holdfast.js'), 0o755);
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(packageOf(root), undefined, 2)}\n`);
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target], {
    ...{ cwd: stage, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const packed = Object.values(JSON.parse(said) as Record<string, { filename: string; unpackedSize: number }>)[0]!;
  return { file: packed.filename, unpackedBytes: packed.unpackedSize, packages };
}

function packageOf(root: string): object {
  const { version, description, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly [field in 'version' | 'description' | 'license' | 'engines']: unknown;
  };
  return {
    name: 'kubectl-holdfast',
    version,
    description: `${String(description)}: the kubectl plugin`,
    keywords: ['kubectl-plugin', 'kubernetes', 'drift', 'compliance'],
    license,
    type: 'module',
    engines,
    bin: { 'kubectl-holdfast': 'bin/kubectl-holdfast.js' },
  };
}
