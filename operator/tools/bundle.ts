/**
 * The operator as an image has it: JavaScript in one file for it and one for each of its threads, what they read, where it is in the
 * repository, and Node for this machine's processor. Usage: node operator/tools/bundle.ts FOLDER
 */
import { cpSync, globSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
/** Read at run time: programs for hosts and Jobs, and policies. */
const readFiles = [
  'operator/start.sh',
  'operator/{cel,connect,drift,findings,governance,response,runtime}/**/*.{py,sh}',
  'policies/*.yaml',
];

/** A package of npm of which something is in the bundle. */
export interface Bundled {
  /** Where it is, as package-lock.json names it. */
  readonly place: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** Writes it into the folder, which is emptied first. Returns the packages that are in it, in the order of their places. */
export async function bundle(folder: string): Promise<Bundled[]> {
  rmSync(folder, { recursive: true, force: true });
  const places = await bundleProgram('operator/main.ts', folder);
  const packages = [...places].sort().map(bundled);
  const node = realpathSync(join(root, 'node_modules/.bin/node'));
  cpSync(node, join(folder, 'bin/node'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), licenses(packages));
  const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, type })}\n`);
  return [...packages, bundled(relative(realpathSync(root), dirname(dirname(node))))];
}

/**
 * Writes a program of the repository, its threads and what they read into the folder, each where it is in the repository. Returns the places
 * of the packages that are in it.
 */
export async function bundleProgram(program: string, folder: string): Promise<Set<string>> {
  mkdirSync(folder, { recursive: true });
  const places = new Set<string>();
  const waiting = [program];
  for (const entry of waiting) {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outdir: join(folder, dirname(entry)),
      chunkNames: 'part-[hash]',
      bundle: true,
      // What is only loaded when it is needed stays apart.
      splitting: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      // Packages in the older form of modules call it.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      keepNames: true,
      metafile: true,
      logLevel: 'warning',
      plugins: [placed(entry, (thread) => waiting.push(thread))],
    });
    assertDefaults(metafile);
    nameOnce(join(folder, dirname(entry)));
    for (const place of placesOf(metafile)) places.add(place);
  }
  for (const file of [...globSync(readFiles, { cwd: root }), ...filesNamedIn(folder)])
    cpSync(join(root, file), join(folder, file));
  return places;
}

/** As the bundler writes it: each function that is made gets the name that it has in its source. */
const naming = 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';

/**
 * Classes keep their names, of which packages make decisions. Functions that are made again and again, for each pass some, are spared: to
 * define a name costs more than to make one. Throws when there is nothing of that to change.
 */
function nameOnce(folder: string): void {
  const outputs = globSync('*.js', { cwd: folder }).map((name) => join(folder, name));
  const named = outputs.filter((output) => readFileSync(output, 'utf8').includes(naming));
  if (named.length === 0) throw new Error('esbuild names functions in another way: compare `naming` with its output');
  for (const output of named) {
    const text = readFileSync(output, 'utf8');
    writeFileSync(
      output,
      text.replace(naming, naming.replace('__defProp', 'target.prototype === void 0 ? target : __defProp')),
    );
  }
}

/** Files that lie beside their sources, which name them by URLs. */
function filesNamedIn(folder: string): string[] {
  return globSync('{operator,test}/**/*.js', { cwd: folder }).flatMap((output) => {
    const text = readFileSync(join(folder, output), 'utf8');
    const names = [...text.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)].map(([, name = '']) => name);
    return names.filter((name) => !name.endsWith('.js')).map((name) => join(dirname(output), name));
  });
}

/**
 * Throws where a source takes more than the default of a package that it loads later and that has the older form of modules: Node
 * finds its exports by their names, and a bundle has none but the default.
 */
function assertDefaults({ inputs }: Metafile): void {
  for (const [file, { imports }] of Object.entries(inputs)) {
    if (file.includes('node_modules/')) continue;
    const later = imports.filter(({ kind, path }) => kind === 'dynamic-import' && inputs[path]?.format === 'cjs');
    const names = new Set(later.flatMap(({ original }) => original ?? []));
    if (names.size === 0) continue;
    const text = readFileSync(join(root, file), 'utf8');
    const defaults = [...text.matchAll(/\{ default: \w+ \} = await import\('([^']+)'\)/g)].map(([, name]) => name);
    for (const name of names)
      if (defaults.filter((one) => one === name).length !== text.split(`import('${name}')`).length - 1)
        throw new Error(
          `${file}: write \`const { default: … } = await import('${name}')\`: a bundle has no other export of it`,
        );
  }
}

/** Lets each source find what lies beside it from the place of the bundle, and notes the threads that it starts. */
export function placed(entry: string, foundThread: (entry: string) => void): Plugin {
  const from = join(root, dirname(entry));
  return {
    name: 'placed',
    setup: (building) =>
      building.onLoad({ filter: /\/operator\/.*\.ts$/ }, ({ path }) => {
        const at = relative(from, path);
        const contents = readFileSync(path, 'utf8')
          .replace(/new URL\('(\.[^']*)\.ts', import\.meta\.url\)/g, (_, thread: string) => {
            foundThread(relative(root, join(dirname(path), `${thread}.ts`)));
            return `new URL('${join(dirname(at), thread)}.js', import.meta.url)`;
          })
          .replace(/new URL\('(\.[^']*)', import\.meta\.url\)/g, (all: string, name: string) =>
            name.endsWith('.js') ? all : `new URL('${join(dirname(at), name)}', import.meta.url)`,
          )
          .replaceAll('import.meta.dirname', `(import.meta.dirname + '/${dirname(at)}')`);
        return { contents, loader: 'ts' };
      }),
  };
}

/** The packages of which something is in a bundle. */
export function placesOf({ inputs }: Metafile): string[] {
  return Object.keys(inputs).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
}

export function bundled(place: string): Bundled {
  const text = readFileSync(join(root, place, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text) as Record<'name' | 'version' | 'license', string>;
  return { place, name, version, license };
}

/** The text of each license, once for each version of a package. */
export function licenses(packages: readonly Bundled[]): string {
  const texts = packages.map(({ place, name, version, license }): [string, string] => {
    const [file] = globSync('{LICENSE,LICENCE,license,License}*', { cwd: join(root, place) });
    return [`${name} ${version} (${license})`, file ? readFileSync(join(root, place, file), 'utf8') : ''];
  });
  return [...new Map(texts)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${name}\n\n${text.trim()}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('usage: node operator/tools/bundle.ts FOLDER');
  await bundle(resolve(folder));
}
