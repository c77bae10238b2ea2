/**
 * Everything that a release consists of, in dist/release/, the same bytes for the same commit. `make release VERSION=x` calls it.
 * Variables: VERSION; REGISTRY, OPERATOR_DIGEST and RUNNER_DIGEST (images by digest); PLUGIN_URL, where the plugin is published; COSIGN_KEY, TLOG=no, SIGN=no;
 * SOURCE_DATE_EPOCH, which is that of the commit by default.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle, type Bundled } from '../bundle.ts';
import { fromAccess, fromTypes, write, type Outputs } from '../generate.ts';
import { makePlugin, usualPlace } from '../plugin/main.ts';
import { platforms } from '../plugin/platforms.ts';
import { archive } from './archive.ts';
import { packageChart } from './chart.ts';
import { operatorComponents, runnerComponents } from './components.ts';
import { spdx } from './sbom.ts';
import { settingsOf } from './settings.ts';
import { sign, writeChecksums } from './sign.ts';
import { disagreements, versionOf } from './version.ts';

const root = resolve(import.meta.dirname, '../../..');
const dist = join(root, 'dist');
const target = join(dist, 'release');
const nodeComment = 'Node is part of the executables, and not of the package of npm.';
const base = 'Packages of the base image and of its package manager are not part of this document.';

/** In seconds since 1970: of the commit, which must be all that the release is made of. */
function timeOfSource(): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given) {
    if (!/^\d+$/.test(given)) throw new Error(`SOURCE_DATE_EPOCH must be a number of seconds, but it is \`${given}\`.`);
    return Number(given);
  }
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain');
  if (changed)
    throw new Error(
      `A release is made of a commit, but these files are not committed; commit or remove them:\n${changed}`,
    );
  return Number(git('log', '-1', '--format=%ct'));
}

async function release(): Promise<void> {
  const version = versionOf(root);
  const { images, signing } = settingsOf(process.env, version);
  const others = disagreements(root);
  if (others.length > 0) throw new Error(`The version is not the same everywhere; change these:\n${others.join('\n')}`);
  const time = timeOfSource();
  const types = fromTypes(root);
  if (types.problems.length > 0) throw new Error(types.problems.join('\n'));
  const generated = new Map([...types.outputs, ...(await fromAccess(root, types, images))]);

  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const bundled = await bundle(join(dist, 'operator'));
  archive(join(target, `holdfast-operator-${version}-linux-${process.arch}.tar.gz`), dist, ['operator'], time);
  packageChart({ helm: program('helm'), root, target, images, time });
  manifests(generated, version, time);
  const ofPlugin = await plugin(time);
  // The last one of the operator's bundle is Node, in the version that executables have.
  const node = bundled.at(-1)!;
  const described = { version, time, license: 'Apache-2.0' };
  const sboms = [
    { name: 'holdfast-operator', comment: base, components: operatorComponents(root, bundled) },
    { name: 'holdfast-runner', comment: base, components: runnerComponents(root) },
    { name: 'kubectl-holdfast', comment: nodeComment, components: operatorComponents(root, [...ofPlugin, node]) },
  ];
  for (const one of sboms)
    writeFileSync(join(target, `${one.name}-${version}.spdx.json`), spdx({ ...described, ...one }));
  writeChecksums(target);
  const signed = sign(target, signing, signing.by === 'no one' ? '' : program('cosign'));
  for (const name of readdirSync(target).sort())
    console.log(`${String(statSync(join(target, name)).size).padStart(10)}  dist/release/${name}`);
  if (!images.runner)
    console.log(
      'Images are not named: set REGISTRY, OPERATOR_DIGEST and RUNNER_DIGEST after they are pushed, and run this again.',
    );
  console.log(signed);
}

/** The package of npm, the archives with executables, and the manifest of krew. Returns the packages of which something is in them. */
async function plugin(time: number): Promise<readonly Bundled[]> {
  const made = join(dist, 'plugin');
  const url = process.env['PLUGIN_URL'] || usualPlace;
  const packages = await makePlugin({ target: made, wanted: platforms, time, base: url, say: console.log });
  for (const name of readdirSync(made).filter((file) => /\.(tgz|tar\.gz|yaml)$/.test(file)))
    cpSync(join(made, name), join(target, name));
  return packages;
}

/** What does not need Helm: the CRDs, their schemas, all manifests as one file, and the bundle of OLM. */
function manifests(generated: Outputs, version: string, time: number): void {
  const stage = mkdtempSync(join(target, '.manifests-'));
  try {
    write(stage, generated);
    cpSync(join(root, 'policies'), join(stage, 'policies'), { recursive: true });
    const built = (folder: string): string =>
      execFileSync(program('cluster', 'kubectl'), ['kustomize', join(stage, folder)], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
    writeFileSync(join(target, 'crds.yaml'), built('crds'));
    writeFileSync(join(target, 'install.yaml'), built('manifests'));
    archive(
      join(target, `holdfast-olm-${version}.tar.gz`),
      join(stage, 'manifests/olm'),
      ['manifests', 'metadata'],
      time,
    );
    archive(join(target, `holdfast-schemas-${version}.tar.gz`), join(stage, 'crds'), ['schemas'], time);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** A program of tools/setup, which builds it if need be. */
function program(step: string, name = step): string {
  const setup = join(root, 'tools/setup/setup.sh');
  const place = execFileSync('sh', [setup, 'where', step], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return join(place.trim(), name);
}

try {
  await release();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
