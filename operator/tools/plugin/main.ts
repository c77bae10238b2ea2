/**
 * The plugin in all forms in which people get it, in dist/plugin/, the same bytes for the same commit: the package of npm, an executable and an archive for
 * each platform, the manifest of krew, checksums. `make plugin` calls it.
 * Variables: PLATFORMS (all by default); PLUGIN_URL, where the archives are published; SOURCE_DATE_EPOCH, which is that of the commit by default.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bundled } from '../bundle.ts';
import { archive } from '../release/archive.ts';
import { writeChecksums } from '../release/sign.ts';
import { versionOf } from '../release/version.ts';
import { bundleForExecutable } from './bundles.ts';
import { blobOf, makeExecutable } from './executable.ts';
import { krewFile, krewManifest, type Archive } from './krew.ts';
import { makePackage } from './npmPackage.ts';
import { platforms, thisPlatform, withNode, type Platform } from './platforms.ts';
import { shippedFiles } from './shippedFiles.ts';

const root = resolve(import.meta.dirname, '../../..');
export const usualPlace = 'https://holdfast.dev/releases';

export interface Wish {
  readonly target: string;
  readonly wanted: readonly Platform[];
  /** Of the files in archives, in seconds since 1970. */
  readonly time: number;
  readonly base: string;
  readonly say: (line: string) => void;
}

/** Everything is in `target` afterwards, and nothing else. Returns the packages of which something is in it; Node is in the executables too. */
export async function makePlugin({ target, wanted, time, base, say }: Wish): Promise<readonly Bundled[]> {
  const version = versionOf(root);
  const stage = `${target}.tmp`;
  for (const folder of [target, stage]) rmSync(folder, { recursive: true, force: true });
  for (const folder of [target, stage]) mkdirSync(folder, { recursive: true });
  try {
    say('npm: bundling and packing');
    const packed = await makePackage(root, join(stage, 'npm'), target);
    say(
      `npm: ${packed.file}, ${mib(join(target, packed.file))}, ${Math.ceil(packed.unpackedBytes / 2 ** 20)} MiB unpacked`,
    );
    const script = join(stage, 'main.js');
    await bundleForExecutable(script);
    const archives: Archive[] = [];
    for (const platform of wanted)
      archives.push(await executableFor(platform, { stage, target, script, version, time, say }));
    writeFileSync(join(target, krewFile), krewManifest({ version, base, archives }));
    writeChecksums(target);
    say(`krew: ${krewFile}; checksums.txt has the digests of all files`);
    return packed.packages;
  } finally {
    rmSync(stage, { recursive: true });
  }
}

interface Making extends Pick<Wish, 'target' | 'time' | 'say'> {
  readonly stage: string;
  readonly script: string;
  readonly version: string;
}

async function executableFor(
  platform: Platform,
  { stage, target, script, version, time, say }: Making,
): Promise<Archive> {
  const { name } = platform;
  say(`${name}: making the executable, which takes some 10 s`);
  const ingredients = {
    ...{ script, node: process.execPath },
    // Those of the package of npm, whose package.json has the version.
    ...{ root: join(stage, 'npm'), files: ['package.json', ...shippedFiles(root)] },
  };
  const folder = join(stage, name);
  mkdirSync(folder);
  const made = join(folder, 'kubectl-holdfast');
  const blob = blobOf(ingredients, name === thisPlatform);
  await withNode(root, platform, (node) => makeExecutable(made, node, blob));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(join(stage, 'npm/THIRD-PARTY-LICENSES'), join(folder, 'THIRD-PARTY-LICENSES'));
  const executable = join(target, `kubectl-holdfast-${name}`);
  copyFileSync(made, executable);
  chmodSync(executable, 0o755);
  const file = `kubectl-holdfast-${version}-${name}.tar.gz`;
  archive(join(target, file), folder, ['kubectl-holdfast', 'LICENSE', 'THIRD-PARTY-LICENSES'], time);
  say(`${name}: ${mib(executable)}, ${mib(join(target, file))} as an archive`);
  return {
    platform,
    file,
    sha256: createHash('sha256')
      .update(readFileSync(join(target, file)))
      .digest('hex'),
  };
}

function mib(file: string): string {
  return `${Math.ceil(statSync(file).size / 2 ** 20)} MiB`;
}

function timeOfSource(): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given) {
    if (!/^\d+$/.test(given)) throw new Error(`SOURCE_DATE_EPOCH must be a number of seconds, but it is \`${given}\`.`);
    return Number(given);
  }
  return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }));
}

function wantedPlatforms(names = process.env['PLATFORMS']): readonly Platform[] {
  if (!names) return platforms;
  return names.split(/[\s,]+/).map((name) => {
    const found = platforms.find((platform) => platform.name === name);
    if (found) return found;
    throw new Error(`PLATFORMS has ${name}; choose of ${platforms.map((platform) => platform.name).join(', ')}.`);
  });
}

if (import.meta.main) {
  try {
    await makePlugin({
      target: join(root, 'dist/plugin'),
      wanted: wantedPlatforms(),
      time: timeOfSource(),
      base: process.env['PLUGIN_URL'] || usualPlace,
      say: (line) => console.log(`[plugin] ${line}`),
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
