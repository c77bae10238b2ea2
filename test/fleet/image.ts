/**
 * The root directory that all test hosts share, made once a machine and kept in the cache under a name made from its
 * recipe (`image/`): a changed recipe makes a new one. Two processes that want it at once make it once; a build that
 * is cut off leaves nothing that is taken for an image.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

const recipe = path.join(import.meta.dirname, 'image');

/** Where everything that is built once for the tests lives. */
export function cacheFolder(): string {
  return (
    process.env.HOLDFAST_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'holdfast')
  );
}

/** Resolves with the path of the host image, building it first when the cache has none: some two minutes. */
export async function hostImage(): Promise<string> {
  const folder = path.join(cacheFolder(), 'fleet');
  const image = path.join(folder, `root-${await digestOfRecipe()}`);
  if (!existsSync(image)) {
    await mkdir(folder, { recursive: true });
    await build(image, folder);
  }
  return image;
}

async function digestOfRecipe(): Promise<string> {
  const hash = createHash('sha256');
  const files = (await readdir(recipe, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(path.relative(recipe, file)).update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}

/** The temporary directory is on the same file system, so that the last step is one rename. */
const buildOnce = `
  image=$1 folder=$2 recipe=$3
  if [ -d "$image" ]; then exit 0; fi
  rm -rf --one-file-system "$folder"/*.unfinished
  sh "$recipe/build.sh" "$image.unfinished"
  mv "$image.unfinished" "$image"`;

async function build(image: string, folder: string): Promise<void> {
  const lastTime = path.join(folder, 'last-build-seconds');
  const previously = existsSync(lastTime) ? `last time ${await readFile(lastTime, 'utf8')} s` : 'about 2 min';
  const started = Date.now();
  const elapsed = (): number => Math.round((Date.now() - started) / 1000);
  console.error(`[fleet] making the host image (${previously})`);

  const script = ['sh', '-euc', buildOnce, 'sh', image, folder, recipe];
  const isolated = ['unshare', '--mount', '--propagation', 'private', ...script];
  const output = await watchBuild(['flock', path.join(folder, 'lock'), ...isolated], elapsed);
  if (!existsSync(image)) {
    throw new Error(`The host image could not be made. The end of what its build said:\n${output}`);
  }
  await writeFile(lastTime, String(elapsed()));
  console.error(`[fleet] the host image is ready after ${elapsed()} s`);
}

/** Runs the build with a line of progress every ten seconds; resolves with the last lines it wrote. */
function watchBuild(command: readonly string[], elapsed: () => number): Promise<string> {
  const [program = '', ...rest] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-2000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const heartbeat = setInterval(() => {
      console.error(`[fleet] ${elapsed()} s: ${output.trimEnd().split('\n').at(-1) ?? ''}`);
    }, 10_000);
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(heartbeat);
      resolve(output.trim());
    });
  });
}
