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

/** Writes it into the folder, which is emptied first. */
export async function bundle(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packages = new Map<string, string>();
  const waiting = ['operator/main.ts'];
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
    for (const [name, text] of licensesOf(metafile)) packages.set(name, text);
  }
  for (const file of globSync(readFiles, { cwd: root })) cpSync(join(root, file), join(folder, file));
  cpSync(realpathSync(join(root, 'node_modules/.bin/node')), join(folder, 'bin/node'));
  const texts = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => `${name}\n\n${text.trim()}\n`);
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), texts.join(`\n${'-'.repeat(80)}\n\n`));
  const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, type })}\n`);
}

/** Lets each source find what lies beside it from the place of the bundle, and notes the threads that it starts. */
function placed(entry: string, foundThread: (entry: string) => void): Plugin {
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

/** `NAME VERSION` of each package that is in the bundle → its license. */
function licensesOf({ inputs }: Metafile): [string, string][] {
  const folders = new Set(
    Object.keys(inputs).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const [file] = globSync('{LICENSE,LICENCE,license,License}*', { cwd: join(root, folder) });
    return [`${name} ${version} (${license})`, file ? readFileSync(join(root, folder, file), 'utf8') : ''];
  });
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('usage: node operator/tools/bundle.ts FOLDER');
  await bundle(resolve(folder));
}
