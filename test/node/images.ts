/**
 * The images of the test bed as archives that containerd loads: what the Containerfiles of `images/` make, on a Debian root in the place of UBI. The base and
 * the layer of Ansible are made once a machine and kept in the cache under names made from their recipes; the operator's own layer is made each time.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { bundle } from '../../operator/tools/bundle.ts';
import { setUp } from '../cluster/setUp.ts';
import { mustRun } from '../fleet/command.ts';
import { cacheFolder } from '../fleet/image.ts';
import { pauseImage } from './files.ts';

const root = resolve(import.meta.dirname, '../..');
const recipes = join(import.meta.dirname, 'image');
const ansible = '/opt/ansible/bin:/usr/local/bin:/usr/bin:/bin';
const node = '/opt/holdfast/bin:/usr/local/bin:/usr/bin:/bin';
/** The cache is filled at another path. */
const portable = 'NODE_COMPILE_CACHE_PORTABLE=1';

export const operatorImage = 'holdfast.invalid/holdfast-operator:test';
export const runnerImage = 'holdfast.invalid/holdfast-runner:test';

/** Of an image's configuration, what the Containerfiles set. */
interface Settings {
  readonly User?: string;
  readonly Entrypoint?: readonly string[];
  readonly Env?: readonly string[];
}

/** The archives of all images, in `folder`: minutes for the first time on a machine, then seconds. */
export async function makeImages(folder: string): Promise<string[]> {
  const { base, runner } = await cachedLayers();
  const operator = join(folder, 'operator.tar');
  await operatorLayer(folder, operator);
  return Promise.all([
    archive(folder, { name: pauseImage, layers: [base], settings: { Entrypoint: ['/bin/sleep', 'infinity'] } }),
    archive(folder, {
      name: operatorImage,
      layers: [base, operator],
      settings: {
        User: '1001',
        Entrypoint: ['/opt/holdfast/operator/start.sh'],
        Env: [`PATH=${node}`, 'NODE_COMPILE_CACHE=/opt/holdfast/compile-cache', portable],
      },
    }),
    archive(folder, {
      name: runnerImage,
      layers: [base, runner],
      settings: { User: '1001', Env: [`PATH=${ansible}`, 'LANG=C.UTF-8'] },
    }),
  ]);
}

/** Paths of layers as tar files. */
async function cachedLayers(): Promise<{ base: string; runner: string }> {
  const cache = join(cacheFolder(), 'images');
  await mkdir(cache, { recursive: true });
  const base = join(cache, `base-${digestOf([join(recipes, 'base.sh')])}.tar`);
  const runnerSources = globSync(join(root, 'images/runner/*')).concat(
    join(recipes, 'base.sh'),
    join(recipes, 'runner.sh'),
  );
  const runner = join(cache, `runner-${digestOf(runnerSources)}.tar`);
  if (existsSync(base) && existsSync(runner)) return { base, runner };
  const pip = join(await setUp('ansible'), 'bin/pip');
  console.error('[images] making the base of the images and Ansible for runs (about 2 min)…');
  const work = await mkdtemp(join(cache, 'making-'));
  try {
    // In a mount namespace of its own, which takes with it what the scripts mount.
    const script = '"$1" "$3" && "$2" "$3" "$4" "$5"';
    const [baseFolder, runnerFolder] = [join(work, 'base'), join(work, 'runner')];
    const made = [join(recipes, 'base.sh'), join(recipes, 'runner.sh'), baseFolder, runnerFolder, pip];
    await mustRun(['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', script, 'sh', ...made], {
      timeoutSeconds: 900,
    });
    for (const [from, to] of [
      [baseFolder, base],
      [runnerFolder, runner],
    ] as const) {
      const unfinished = join(work, basename(to));
      await pack(from, unfinished);
      await rename(unfinished, to);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { base, runner };
}

/** What `make dist` makes, at /opt/holdfast, with the cache that the Containerfile fills. */
async function operatorLayer(folder: string, layer: string): Promise<void> {
  const place = join(folder, 'layer/opt/holdfast');
  await bundle(place);
  const environment = {
    PATH: `${place}/bin:/usr/bin:/bin`,
    NODE_COMPILE_CACHE: join(place, 'compile-cache'),
    NODE_COMPILE_CACHE_PORTABLE: '1',
  };
  await mustRun([join(place, 'operator/start.sh'), '--help'], { environment });
  await pack(join(folder, 'layer'), layer);
  await rm(join(folder, 'layer'), { recursive: true });
}

function pack(folder: string, file: string, ...flags: readonly string[]): Promise<string> {
  const always = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', ...flags];
  return mustRun(['tar', '--create', '--file', file, ...always, '--directory', folder, '.'], { timeoutSeconds: 300 });
}

interface Image {
  readonly name: string;
  /** Paths of tar files. */
  readonly layers: readonly string[];
  readonly settings: Settings;
}

/** An archive as `docker save` makes it; returns its path. */
async function archive(folder: string, { name, layers, settings }: Image): Promise<string> {
  const place = await mkdtemp(join(folder, 'archive-'));
  const digests = await Promise.all(layers.map(digestOfFile));
  await Promise.all(layers.map((layer, index) => symlink(layer, join(place, `${digests[index]}.tar`))));
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: settings,
    rootfs: { type: 'layers', diff_ids: digests.map((digest) => `sha256:${digest}`) },
  };
  await writeFile(join(place, 'config.json'), JSON.stringify(config));
  const manifest = { Config: 'config.json', RepoTags: [name], Layers: digests.map((digest) => `${digest}.tar`) };
  await writeFile(join(place, 'manifest.json'), JSON.stringify([manifest]));
  const file = `${place}.tar`;
  // The layers lie in the cache.
  await pack(place, file, '--dereference');
  await rm(place, { recursive: true });
  return file;
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(basename(file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
