/** For which platforms an executable is made, and Node for each of them, as package-lock.json pins it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Platform {
  /** As Node says it: `linux-x64`. */
  readonly name: string;
  /** As Go says it, for krew. */
  readonly os: string;
  readonly arch: string;
}

export const platforms: readonly Platform[] = [
  { name: 'linux-x64', os: 'linux', arch: 'amd64' },
  { name: 'linux-arm64', os: 'linux', arch: 'arm64' },
];

export const thisPlatform = `${process.platform}-${process.arch}`;

/** Calls `use` with the path of Node for that platform: the package that is installed, or else downloaded, and compared with what is pinned. */
export async function withNode(root: string, { name }: Platform, use: (node: string) => Promise<void>): Promise<void> {
  const installed = join(root, 'node_modules', `node-${name}`, 'bin/node');
  if (existsSync(installed)) return use(installed);
  const { version, integrity } = pinned(root, `node-${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-node-'));
  try {
    const pack = ['pack', `node-${name}@${version}`, '--ignore-scripts', '--silent', '--pack-destination', folder];
    const file = join(folder, execFileSync('npm', pack, { cwd: folder, encoding: 'utf8' }).trim());
    const digest = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    if (digest !== integrity)
      throw new Error(`node-${name} ${version} is ${digest}, but package-lock.json has ${integrity}; do not use it.`);
    execFileSync('tar', ['--extract', '--gzip', `--file=${file}`, `--directory=${folder}`, 'package/bin/node']);
    return await use(join(folder, 'package/bin/node'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pinned(root: string, name: string): { readonly version: string; readonly integrity: string } {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (!version || !integrity) throw new Error(`package-lock.json does not pin ${name}; run \`npm install\`.`);
  return { version, integrity };
}
